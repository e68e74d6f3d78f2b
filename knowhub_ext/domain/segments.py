"""Transcripts: words, the cues they form, and where a transcript came from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from knowhub_ext.domain.locators import seconds
from knowhub_ext.domain.texts import ends_sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """One recognised word; `probability` 0..1, 1.0 where a person wrote it."""

    start_ms: int
    end_ms: int
    text: str
    probability: float = 1.0

    def to_json(self) -> dict[str, Any]:
        return {
            "start": seconds(self.start_ms), "end": seconds(self.end_ms), "text": self.text,
            "probability": round(self.probability, 3),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """One cue of a transcript, half-open `[start_ms, end_ms)`. `id` is empty until it is stored; `edited`: a person
    wrote its text or times, and no machine may change them."""

    start_ms: int
    end_ms: int
    text: str
    id: str = ""
    speaker: str = ""
    words: tuple[Word, ...] = ()
    edited: bool = False

    def to_json(self, *, words: bool = False) -> dict[str, Any]:
        data: dict[str, Any] = {
            "id": self.id, "start": seconds(self.start_ms), "end": seconds(self.end_ms), "text": self.text,
        }
        if self.speaker:
            data["speaker"] = self.speaker
        if self.edited:
            data["edited"] = True
        if words:
            data["words"] = [word.to_json() for word in self.words]
        return data


#: The option of a stored provenance that holds what people had said when the recognition began; no engine's.
SAID = "said"


@dataclass(frozen=True, kw_only=True, slots=True)
class Provenance:
    """Where a transcript came from, kept beside it: `options` and `hot_words` as the engine was given them."""

    engine: str
    model: str
    language: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    hot_words: tuple[str, ...] = ()

    @property
    def engine_options(self) -> dict[str, Any]:
        """The options that decide about what is recognised."""
        return {name: value for name, value in self.options.items() if name != SAID}


@dataclass(frozen=True, kw_only=True, slots=True)
class Transcript:
    """A transcript of one revision of an asset; `complete` is false while speech is still being recognised."""

    id: str
    asset_id: str
    revision: int
    provenance: Provenance
    complete: bool
    segments: Sequence[Segment] = ()

    def to_json(self, *, lesson: str, words: bool = False) -> dict[str, Any]:
        """Return the transcript's JSON form; `lesson` is the id of the lesson its asset belongs to."""
        origin = self.provenance
        return {
            "lesson": lesson, "asset": self.asset_id, "language": origin.language, "engine": origin.engine,
            "model": origin.model, "hot_words": list(origin.hot_words), "complete": self.complete,
            "segments": [segment.to_json(words=words) for segment in self.segments],
        }


CUE_MAX_MS = 15_000
CUE_MAX_CHARS = 220
PAUSE_MS = 2_000


def regroup(words: Iterable[Word]) -> Iterator[Segment]:
    """Form cues of one sentence each out of words in order of time.

    An engine's own segments start up to seconds away from the first word and break inside sentences, so cues are
    formed from words: a cue ends at a sentence's end or at a pause of `PAUSE_MS`. One that would grow past
    `CUE_MAX_MS` or `CUE_MAX_CHARS` is divided where it reads best: after a comma, else at its longest pause. Lazy: a
    cue is yielded as soon as it is closed.
    """
    cue: list[Word] = []
    for word in words:
        if cue and word.start_ms - cue[-1].end_ms > PAUSE_MS:
            yield _cue(cue)
            cue = []
        cue.append(word)
        while len(cue) > 1 and _too_long(cue):
            at = _division(cue)
            yield _cue(cue[:at])
            cue = cue[at:]
        if ends_sentence(cue[-1].text):
            yield _cue(cue)
            cue = []
    if cue:
        yield _cue(cue)


def unfinished_ms(words: Sequence[Word]) -> int:
    """Return how long the cue is that `regroup` has not yielded yet after these words, at most."""
    if not words or ends_sentence(words[-1].text):
        return 0
    start_ms = words[-1].start_ms
    for word in reversed(words):
        if ends_sentence(word.text) or start_ms - word.end_ms > PAUSE_MS:
            break
        start_ms = word.start_ms
    return min(CUE_MAX_MS, words[-1].end_ms - start_ms)


def _too_long(cue: Sequence[Word]) -> bool:
    return cue[-1].end_ms - cue[0].start_ms > CUE_MAX_MS or sum(len(w.text) for w in cue) > CUE_MAX_CHARS


def _division(cue: Sequence[Word]) -> int:
    """Return before which word to divide a cue that grew too long; neither part is empty."""
    half = max(1, len(cue) // 3)
    commas = [i for i in range(half, len(cue)) if cue[i - 1].text.rstrip().endswith((",", ";", ":", "–", "—"))]
    if commas:
        return commas[-1]
    return max(range(half, len(cue)), key=lambda i: (cue[i].start_ms - cue[i - 1].end_ms, i))


def _cue(words: Sequence[Word]) -> Segment:
    text = re.sub(r"\s+", " ", "".join(w.text for w in words)).strip()
    stripped = tuple(replace(w, text=w.text.strip()) for w in words)
    return Segment(start_ms=words[0].start_ms, end_ms=words[-1].end_ms, text=text, words=stripped)


def monotone(segments: Iterable[Segment], *, duration_ms: int = 0) -> Iterator[Segment]:
    """Yield the segments with times that never run backwards nor past `duration_ms` (0: unknown).

    Engines and hand-made files both break this; whoever renders or seeks may rely on it. Segments without text or
    wholly past the end are left out.
    """
    before = 0
    for segment in segments:
        start = max(segment.start_ms, before)
        end = min(segment.end_ms, duration_ms) if duration_ms else segment.end_ms
        if not segment.text.strip() or (duration_ms and start >= duration_ms):
            continue
        end = max(end, start + 1)
        before = start
        yield replace(segment, start_ms=start, end_ms=end, words=_inside(segment.words, start, end))


def _inside(words: Sequence[Word], start_ms: int, end_ms: int) -> tuple[Word, ...]:
    """Return words with times that do not leave their cue."""
    if all(start_ms <= word.start_ms and word.end_ms <= end_ms for word in words):
        return tuple(words)
    kept = []
    for word in words:
        start = max(start_ms, min(word.start_ms, end_ms - 1))
        kept.append(replace(word, start_ms=start, end_ms=max(start + 1, min(word.end_ms, end_ms))))
    return tuple(kept)
