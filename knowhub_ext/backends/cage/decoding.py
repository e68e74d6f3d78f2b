"""Any medium's sound as 16 kHz mono samples in small pieces. Runs inside the cage alone; `backends.audio` takes them.

Sample n lies at media time n / RATE, the time a player shows: a sound track that starts late or has gaps is filled with
silence, since a citation must open the second that was meant. Samples are 16-bit integers, so that whatever comes out
of a cage is a sound.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowhub_ext.backends.cage.lengths import LONGEST_GAP_S, SHORTEST_GAP_S
from knowhub_ext.backends.cage.limits import LONGEST_S
from knowhub_ext.backends.cage.opening import open_media, too_long
from knowhub_ext.errors import UnreadableFile

#: Samples a second, and bytes of one.
RATE = 16_000
WIDTH = 2
#: Bytes that are gathered before they are sent: two seconds.
PIECE_BYTES = 2 * RATE * WIDTH


def pieces(path: Path, name: str, *, start_ms: int = 0) -> Iterator[bytes]:
    """Yield the sound from `start_ms` on in pieces of at least `PIECE_BYTES`, native 16-bit samples.

    What lies before `start_ms` is decoded and dropped rather than sought: seeking is inexact in half of the formats,
    and decoding runs at hundreds of times real time. A truncated file gives what can be decoded of it.

    Raises:
        UnreadableFile: it cannot be opened, it is too long, or it is damaged and no sound at all can be decoded.
    """
    gathered = bytearray()
    skip, left = start_ms * RATE // 1000 * WIDTH, LONGEST_S * RATE * WIDTH
    for piece in _track(path, name):
        left -= len(piece)
        if left < 0:
            raise too_long(name)
        if skip >= len(piece):
            skip -= len(piece)
            continue
        gathered += piece[skip:] if skip else piece
        skip = 0
        if len(gathered) >= PIECE_BYTES:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)


def _track(path: Path, name: str) -> Iterator[bytes]:
    """Yield the whole sound track frame by frame, gaps of its clock filled with silence."""
    with open_media(path, name=name) as container:
        if not container.streams.audio:
            return
        import av

        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        origin = (container.start_time or 0) / 1_000_000
        given = 0
        for frame in _frames(container, name):
            late = _gap(frame, origin, given)
            if late:
                yield bytes(late * WIDTH)
                given += late
            for out in _resampled(resampler, frame):
                given += len(out) // WIDTH
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


def _resampled(resampler: Any, frame: Any) -> Iterator[bytes]:
    import av.error

    try:
        if frame is not None:
            frame.pts = None  # the resampler would otherwise fill gaps its own way
        made = resampler.resample(frame)
    except (av.error.FFmpegError, ValueError):
        return  # a format change within the track that cannot be followed: that frame is lost, the others are not
    for out in made:
        if out.samples:
            yield bytes(out.planes[0])[: out.samples * WIDTH]
