"""What becomes of a missing vendor package, and where derived files are cached. No vendor is imported here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from knowhub_ext.errors import MissingBackend


@contextmanager
def vendor(package: str, *, install: str = "") -> Iterator[None]:
    """Wrap the import of a vendor: its `ImportError` becomes a sentence with the command that cures it.

    Raises:
        MissingBackend: the package, or something it needs, cannot be imported.
    """
    try:
        yield
    except ImportError as error:
        raise MissingBackend(
            f"The Python package {package} cannot be imported: {error}.",
            cure=f"Install it with `pip install '{install or package}'`.",
        ) from error


def cache_dir(cache: Path | str | None = None) -> Path:
    """Return the folder for files that can be made again: `cache`, `KNOWHUB_CACHE`, or the user's cache folder."""
    if cache or os.environ.get("KNOWHUB_CACHE"):
        return Path(cache or os.environ["KNOWHUB_CACHE"]).expanduser()
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or "~/AppData/Local"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "knowhub"


def usable_threads(most: int = 4) -> int:
    """Return how many threads a model may use: the processors this process may run on, at most `most`."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, min(most, len(os.sched_getaffinity(0))))
    return max(1, min(most, os.cpu_count() or 1))
