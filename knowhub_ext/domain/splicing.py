"""A new recognition in an old transcript's place: corrections stay, and beside a wanted stretch everything stays."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from knowhub_ext.domain.segments import Segment, Word


@dataclass(frozen=True, kw_only=True, slots=True)
class Splice:
    """Where a stretch is cut out of a transcript: the cues before and behind it, those in it that a person wrote, and
    the stretch itself `[start_ms, end_ms)`, which begins and ends at edges of cues; `end_ms` None: up to the end."""

    before: Sequence[Segment]
    kept: Sequence[Segment]
    behind: Sequence[Segment]
    start_ms: int
    end_ms: int | None


def splice(segments: Sequence[Segment], start_ms: int = 0, end_ms: int | None = None) -> Splice:
    """Cut `[start_ms, end_ms)` out of a transcript, grown to the edges of the cues that overlap it."""
    inside = [s for s in segments if s.end_ms > start_ms and (end_ms is None or s.start_ms < end_ms)]
    first = min([start_ms, *(s.start_ms for s in inside)])
    last = None if end_ms is None else max([end_ms, *(s.end_ms for s in inside)])
    taken = {id(segment) for segment in inside}
    rest = [segment for segment in segments if id(segment) not in taken]
    return Splice(
        before=[s for s in rest if s.end_ms <= start_ms], kept=[s for s in inside if s.edited],
        behind=[s for s in rest if s.end_ms > start_ms], start_ms=first, end_ms=last,
    )


def around(fresh: Iterable[Segment], kept: Sequence[Segment], *, after_ms: int = -1) -> Iterator[Segment]:
    """Yield recognised cues with the kept ones in their places, in order of start; lazy.

    What was recognised where a kept cue stands is left out, word by word: a word belongs where its middle lies.

    Args:
        fresh: cues in order of start.
        kept: cues that stay as they are.
        after_ms: kept cues that start up to here were yielded before; they still keep others out.
    """
    waiting = deque(sorted((s for s in kept if s.start_ms > after_ms), key=lambda s: s.start_ms))
    for segment in fresh:
        for part in _outside(segment, kept):
            while waiting and waiting[0].start_ms <= part.start_ms:
                yield waiting.popleft()
            yield part
    yield from waiting


def _outside(segment: Segment, kept: Sequence[Segment]) -> list[Segment]:
    """Return what of a cue lies outside the kept ones: itself, its parts, or nothing."""
    near = [s for s in kept if s.start_ms < segment.end_ms and segment.start_ms < s.end_ms]
    if not near:
        return [segment]
    if not segment.words:
        return [] if _covered(segment, near) else [segment]
    runs: list[list[Word]] = [[]]
    for word in segment.words:
        if not _covered(word, near):
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    return [_part(segment, run, near) for run in runs if run]


def _covered(item: Segment | Word, near: Sequence[Segment]) -> bool:
    middle = (item.start_ms + item.end_ms) // 2
    return any(s.start_ms <= middle < s.end_ms for s in near)


def _part(segment: Segment, words: Sequence[Word], near: Sequence[Segment]) -> Segment:
    """Return the cue of some of a cue's words, which ends where a kept one begins."""
    space = " " if " " in segment.text else ""
    start = max([words[0].start_ms, *(s.end_ms for s in near if s.end_ms <= words[0].end_ms)])
    end = min([words[-1].end_ms, *(s.start_ms for s in near if s.start_ms > words[-1].start_ms)])
    text = space.join(word.text for word in words)
    return replace(segment, start_ms=start, end_ms=max(end, start + 1), text=text, words=tuple(words))
