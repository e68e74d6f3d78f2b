"""Any medium's sound as 16 kHz mono samples, block by block, so that memory does not grow with its length.

Sample n lies at media time n / RATE, the time a player shows: a sound track that starts late or has gaps is filled with
silence, since a citation must open the second that was meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowhub_ext.backends.probing import open_media
from knowhub_ext.errors import UnreadableFile

if TYPE_CHECKING:
    import numpy as np

    Samples = np.ndarray[Any, np.dtype[np.float32]]

#: Samples a second.
RATE = 16_000
#: A jump of the clock shorter than this is rounding, one longer than `LONGEST_GAP_S` is damage: neither is filled.
SHORTEST_GAP_S = 0.08
LONGEST_GAP_S = 600.0


def read(path: Path, *, start_ms: int = 0, name: str = "") -> Samples:
    """Return all sound from `start_ms` on as one float32 array in -1..1; empty where there is none."""
    import numpy as np

    parts = list(blocks(path, start_ms=start_ms, name=name))
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


def blocks(path: Path, *, start_ms: int = 0, name: str = "", seconds: float = 60.0) -> Iterator[Samples]:
    """Yield consecutive float32 arrays of about `seconds` each, the first one starting at `start_ms`.

    What lies before `start_ms` is decoded and dropped rather than sought: seeking is inexact in half of the formats,
    and decoding runs at hundreds of times real time. A truncated file gives what can be decoded of it.

    Raises:
        UnreadableFile: it cannot be opened, or it is damaged and no sound at all can be decoded.
    """
    import numpy as np

    gathered: list[Samples] = []
    have, skip = 0, start_ms * RATE // 1000
    for piece in _pieces(path, name or path.name):
        if skip >= len(piece):
            skip -= len(piece)
            continue
        gathered.append(piece[skip:])
        have, skip = have + len(piece) - skip, 0
        if have >= seconds * RATE:
            yield np.concatenate(gathered)
            gathered, have = [], 0
    if gathered:
        yield np.concatenate(gathered)


def _pieces(path: Path, name: str) -> Iterator[Samples]:
    """Yield the whole sound track in small arrays, gaps of its clock filled with silence."""
    import numpy as np

    with open_media(path, name=name) as container:
        if not container.streams.audio:
            return
        import av

        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        origin = (container.start_time or 0) / 1_000_000
        given = 0
        for frame in _frames(container, name):
            late = _gap(frame, origin, given)
            if late:
                yield np.zeros(late, dtype=np.float32)
                given += late
            for out in _resampled(resampler, frame):
                given += len(out)
                yield out
        yield from _resampled(resampler, None)


def _frames(container: Any, name: str) -> Iterator[Any]:
    """Yield the frames of the first sound track that can be decoded, passing over damaged packets."""
    import av.error

    stream = container.streams.audio[0]
    count, wrong = 0, ""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
            for frame in packet.decode():
                if frame.sample_rate and frame.samples:
                    count += 1
                    yield frame
        except (StopIteration, av.error.EOFError):
            break
        except av.error.InvalidDataError as error:
            wrong = str(error.strerror)
        except av.error.FFmpegError as error:
            wrong = str(error.strerror)
            break
    if wrong and not count:
        raise UnreadableFile(f"'{name}' is damaged: none of its sound can be decoded ({wrong}).")


def _gap(frame: Any, origin: float, given: int) -> int:
    """Return how many samples of silence belong before `frame`, from its clock and what was `given` so far."""
    if frame.pts is None or frame.time_base is None:
        return 0
    late = float(frame.pts * frame.time_base) - origin - given / RATE
    return int(late * RATE) if SHORTEST_GAP_S < late <= LONGEST_GAP_S else 0


def _resampled(resampler: Any, frame: Any) -> Iterator[Samples]:
    import av.error

    try:
        if frame is not None:
            frame.pts = None  # the resampler would otherwise fill gaps its own way
        made = resampler.resample(frame)
    except (av.error.FFmpegError, ValueError):
        return  # a format change within the track that cannot be followed: that frame is lost, the others are not
    for out in made:
        array = out.to_ndarray().reshape(-1)
        if len(array):
            yield array
