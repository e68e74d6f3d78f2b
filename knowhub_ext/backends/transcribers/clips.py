"""Sound of any length as clips of speech of up to half a minute: pauses left out, the place of each sample kept.

Memory does not follow the length: one block of sound is held at a time, cut at its quietest late moment, and of what
was heard in it only the speech of the clip that is not full yet. What is recognised afterwards stands in `hearing`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from knowhub_ext.backends import audio

if TYPE_CHECKING:
    from knowhub_ext.backends.audio import Samples

#: Seconds of sound that are held in memory at a time.
BLOCK_S = 60
#: A block ends at the quietest moment of so many of its last seconds.
CUT_WITHIN_S = 20
#: Seconds of speech in a clip; the engine hears thirty at a time, and what it is not given it pays for all the same.
CLIP_S = 29.0
#: A pause this long ends a clip: what was said before it need not wait for what comes after.
PAUSE_S = 8.0


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """Speech without a longer pause: its samples, and the number of the first of them in the medium."""

    start: int
    sound: Samples

    @property
    def end(self) -> int:
        return self.start + len(self.sound)


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """Regions that are recognised together. `until`: all sound before this sample is in this clip or an earlier one, or
    is no speech. Without regions it only says that."""

    regions: tuple[Region, ...]
    until: int

    @property
    def seconds(self) -> float:
        """Seconds of speech."""
        return sum(len(region.sound) for region in self.regions) / audio.RATE

    def sound(self) -> Samples:
        """Return the regions one after the other."""
        import numpy as np

        return np.concatenate([region.sound for region in self.regions])

    def place(self, start_s: float, end_s: float) -> tuple[int, int]:
        """Return the samples of the medium, first and last + 1, of a word at these seconds of `sound()`.

        A word lies in the region that holds its middle: over a pause that was left out it would last too long.
        """
        edges = [0, *accumulate(len(region.sound) for region in self.regions)]
        first, last = (round(second * audio.RATE) for second in (start_s, end_s))
        number = max(0, min(bisect_right(edges, (first + last) // 2) - 1, len(self.regions) - 1))
        shift, low, high = self.regions[number].start - edges[number], edges[number], edges[number + 1]
        start = max(low, min(first, high - 1))
        return shift + start, shift + max(start + 1, min(last, high))


def clips(pieces: Iterable[Samples]) -> Iterator[Clip]:
    """Yield the clips of a medium in order; a stretch without speech gives one without regions now and then."""
    held: list[Region] = []
    at = 0
    for block in blocks(pieces):
        for region in regions(block, at):
            if held and not _fits(held, region):
                yield Clip(tuple(held), region.start)
                held = []
            held.append(region)
        at += len(block)
        if not held or at - held[-1].end > PAUSE_S * audio.RATE:
            yield Clip(tuple(held), at)
            held = []
    if held:
        yield Clip(tuple(held), at)


def _fits(held: Sequence[Region], region: Region) -> bool:
    spoken = sum(len(other.sound) for other in held) + len(region.sound)
    return spoken <= CLIP_S * audio.RATE and region.start - held[-1].end <= PAUSE_S * audio.RATE


def regions(block: Samples, at: int) -> Iterator[Region]:
    """Yield the speech in a block whose first sample is number `at` of the medium."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(max_speech_duration_s=CLIP_S, min_silence_duration_ms=160)
    for found in get_speech_timestamps(block, options):
        start, end = int(found["start"]), int(found["end"])
        yield Region(at + start, block[start:end].copy())


def blocks(pieces: Iterable[Samples]) -> Iterator[Samples]:
    """Join pieces of sound to blocks of at most `BLOCK_S`, each but the last cut at its quietest late moment."""
    import numpy as np

    held: list[Any] = []
    for piece in pieces:
        held.append(piece)
        while sum(map(len, held)) > BLOCK_S * audio.RATE:
            whole = np.concatenate(held)
            cut = _quietest(whole[: BLOCK_S * audio.RATE])
            yield whole[:cut]
            held = [whole[cut:].copy()]
    if held:
        yield np.concatenate(held)


def _quietest(block: Samples) -> int:
    """Return the sample in the middle of the quietest 0.4 s of the last `CUT_WITHIN_S` seconds of a block."""
    import numpy as np

    step = audio.RATE // 50  # 20 ms
    tail = block[-CUT_WITHIN_S * audio.RATE :]
    energy = np.square(tail[: len(tail) // step * step].reshape(-1, step)).mean(axis=1)
    smooth = np.convolve(energy, np.ones(20) / 20, mode="valid")
    return len(block) - len(tail) + (int(smooth.argmin()) + 10) * step


def until(pieces: Iterable[Samples], samples: int) -> Iterator[Samples]:
    """Yield at most so many samples of the pieces; what comes later is not decoded."""
    for piece in pieces:
        yield piece[:samples]
        samples -= len(piece)
        if samples <= 0:
            return
