"""Runs what waits in the caller's thread, at once. The plain backend of its seam."""

from __future__ import annotations

import threading
from collections.abc import Callable


class InlineRunner:
    """Option: `run_pending`, called until nothing waits any more; it returns when it found nothing."""

    def __init__(self, *, run_pending: Callable[[], object]) -> None:
        self._run_pending = run_pending
        self._lock = threading.Lock()
        self._again = False
        self._closed = False

    def wake(self) -> None:
        """Run what waits. Called again from within, or from another thread meanwhile, it is run once more after."""
        self._again = True
        while self._again and not self._closed and self._lock.acquire(blocking=False):
            try:
                self._again = False
                self._run_pending()
            finally:
                self._lock.release()

    def close(self) -> None:
        """Run nothing more."""
        self._closed = True
