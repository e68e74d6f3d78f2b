"""Giving freed memory back to the system: what an engine's threads free, glibc keeps for them, each its own."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from functools import lru_cache


def give_back() -> None:
    """Return freed memory to the system where the C library can (glibc's `malloc_trim`); elsewhere do nothing.

    Costs about a millisecond and the page faults of what is needed again: for after a long step, not within one.
    """
    _trim()(0)


@lru_cache(maxsize=1)
def _trim() -> Callable[[int], object]:
    if sys.platform == "linux":
        try:
            return ctypes.CDLL(None).malloc_trim  # type: ignore[no-any-return]
        except (OSError, AttributeError):  # another C library
            pass
    return lambda _pad: 0
