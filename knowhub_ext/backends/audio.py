"""Any medium's sound as 16 kHz mono samples, block by block, so that memory does not grow with its length.

The decoding itself happens in a cage (`cage.decoding`), as far ahead as a pipe holds; what comes here is samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowhub_ext.backends.cage import wire
from knowhub_ext.backends.cage.decoding import RATE as RATE
from knowhub_ext.backends.cage.decoding import WIDTH
from knowhub_ext.backends.cage.outside import Task, stream

if TYPE_CHECKING:
    import numpy as np

    Samples = np.ndarray[Any, np.dtype[np.float32]]


def read(path: Path, *, start_ms: int = 0, name: str = "") -> Samples:
    """Return all sound from `start_ms` on as one float32 array in -1..1; empty where there is none."""
    import numpy as np

    parts = list(blocks(path, start_ms=start_ms, name=name))
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


def blocks(path: Path, *, start_ms: int = 0, name: str = "", seconds: float = 60.0) -> Iterator[Samples]:
    """Yield consecutive float32 arrays of `seconds` each, the first one starting at `start_ms`.

    Sample n lies at media time n / RATE. A truncated file gives what can be decoded of it. The decoder waits while
    nobody takes blocks, and is killed when the iterator is closed.

    Raises:
        UnreadableFile: it cannot be opened, it is too long or takes too long, or it is damaged and no sound at all can
            be decoded.
        CageBroke: the decoder crashed.
    """
    gathered, full = bytearray(), round(seconds * RATE) * WIDTH
    task = Task(task="sound", path=Path(path), name=name or Path(path).name, options={"start_ms": start_ms})
    for piece in stream(task, wire.SOUND):
        gathered += piece
        while len(gathered) >= full:
            yield _samples(gathered[:full])
            del gathered[:full]
    if gathered:
        yield _samples(gathered)


def _samples(data: bytearray) -> Samples:
    import numpy as np

    whole = bytes(data[: len(data) // WIDTH * WIDTH])
    return np.frombuffer(whole, dtype=np.int16).astype(np.float32) / np.float32(32768)
