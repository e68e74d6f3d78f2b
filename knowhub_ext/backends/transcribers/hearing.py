"""Clips of speech to words in media time, by faster-whisper's own pipeline; doubtful clips are heard again.

Whisper left to find its own way through a recording loses stretches of it, the more so the more hot words it is given:
each clip is recognised by itself. One that reads like a loop, or leaves out most of what was said, is heard again
without hot words; one of them spelled as it sounds is written as it should be, and what sounds nearly like one is put
to the engine again (`rescoring`). Times come from words: the engine's segments start up to seconds off and break inside
sentences.
"""

from __future__ import annotations

import inspect
import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby, pairwise
from typing import Any

from knowhub_ext.backends import audio
from knowhub_ext.backends.freeing import give_back
from knowhub_ext.backends.transcribers.clips import Clip
from knowhub_ext.backends.transcribers.rescoring import Rescorer, encoded
from knowhub_ext.backends.vendors import vendor
from knowhub_ext.domain import doubts
from knowhub_ext.domain.respelling import Speller
from knowhub_ext.domain.segments import CUE_MAX_CHARS, Word, unfinished_ms
from knowhub_ext.errors import InvalidSetting

#: What the engine is asked; a request's `options` may change these and add others of its batched `transcribe`. Two
#: clips at a time cost an eighth less than one; more of them would have to be heard again after a crash.
DEFAULTS: Mapping[str, Any] = {"beam_size": 5, "batch_size": 2}
#: Seconds of speech that are heard again after a crash at most, with that many clips at a time: those that are heard
#: together, and the sentence before them that was not whole yet.
REDONE_S = 60.0
#: What a clip is heard again at, in turn, until it is neither a loop nor doubtful; the engine's own list has six.
_TEMPERATURES = (0.0, 0.4, 0.8)
#: What the request says itself.
_OURS = frozenset({"language", "task", "hotwords", "word_timestamps", "clip_timestamps", "vad_filter"})


@dataclass(kw_only=True)
class Listener:
    """Asks one engine with the same options again and again.

    `language` is None until it is known; `at_ms` is where the first sample of the sound lies in the medium.
    """

    engine: Any
    hot_words: tuple[str, ...]
    options: Mapping[str, Any]
    task: str = "transcribe"
    language: str | None = None
    at_ms: int = 0
    guarded: bool = True
    rescorer: Rescorer | None = None

    def __post_init__(self) -> None:
        with vendor("faster-whisper"):
            from faster_whisper import BatchedInferencePipeline
        self._pipeline: Any = BatchedInferencePipeline(self.engine)
        known = [name for name in inspect.signature(self._pipeline.transcribe).parameters if name not in _OURS]
        wrong = sorted(set(self.options) - set(known))
        if wrong:
            raise InvalidSetting(f"faster-whisper has no option '{wrong[0]}'; it has: {', '.join(known)}.")
        english = self.language in (None, "en") or self.task == "translate"
        self._speller = speller(self.engine, self.hot_words) if self.hot_words and english else None
        self._encoded: list[Any] = []
        if self.rescorer:
            self._pipeline.generate_segment_batched = self._keeping(self._pipeline.generate_segment_batched)

    def words(self, clips: Iterable[Clip], heard: Callable[[int], None]) -> Iterator[Word]:
        """Yield the words of all clips in order; tell `heard` after each up to which media time (ms) all is done."""
        before, size = "", int(self.options.get("batch_size") or 1)
        said: deque[Word] = deque(maxlen=CUE_MAX_CHARS)  # no cue has more words than signs
        most = REDONE_S if size <= DEFAULTS["batch_size"] else math.inf  # who asks for more at a time shall have it
        for batch in _batches(clips, size, lambda: most - unfinished_ms(list(said)) / 1000):
            spoken = [clip for clip in batch if clip.regions]
            for number, (clip, segments) in enumerate(self._hear(spoken)):
                words, before = self._checked(clip, segments, before)
                for word in self._spelled(words, number):
                    said.append(word)
                    yield word
            give_back()  # else four hours hold a fifth more than a quarter of one
            heard(self._ms(batch[-1].until))

    def _spelled(self, words: list[Word], number: int) -> list[Word]:
        """Return the words of a clip, the one of this number of those heard last, with hot words written as such."""
        if self._speller:
            words = self._speller.words(words)
        return self.rescorer.words(words, lambda: encoded(self._encoded, number)) if self.rescorer else words

    def _keeping(self, generate: Callable[..., Any]) -> Callable[..., Any]:
        """Return what generates as before and keeps what the encoder made of the sound: a second pass costs as much
        as a third of the hearing."""

        def kept(*args: Any, **named: Any) -> Any:
            made, found = generate(*args, **named)
            self._encoded.append(made)
            return made, found

        return kept

    def _hear(self, clips: Sequence[Clip]) -> Iterator[tuple[Clip, list[Any]]]:
        """Yield each clip with its recognition, all of them in one call of the engine."""
        import numpy as np

        if not clips:
            return
        self._encoded.clear()
        sounds = [clip.sound() for clip in clips]
        starts = [0, *np.cumsum([len(sound) for sound in sounds]).tolist()]
        spans = [{"start": a / audio.RATE, "end": b / audio.RATE} for a, b in pairwise(starts)]
        found, _ = self._pipeline.transcribe(
            np.concatenate(sounds), language=self.language, task=self.task, word_timestamps=True,
            hotwords=prompt(self.hot_words), clip_timestamps=spans, **self.options,
        )
        parts: list[list[Any]] = [[] for _ in clips]
        for segment in found:  # `seek` is the start of its clip in frames of 10 ms, cut off
            number = sum(start * 100 // audio.RATE <= segment.seek + 1 for start in starts[:-1]) - 1
            parts[number].append(_shifted(segment, -starts[number] / audio.RATE))
        yield from zip(clips, parts, strict=True)

    def _hear_again(self, clip: Clip) -> list[Any]:
        """Recognise one clip without hot words, the engine trying other temperatures where it is unsure."""
        with vendor("ctranslate2"):
            import ctranslate2

        ctranslate2.set_random_seed(1)  # the same clip is heard the same at another try
        found, _ = self.engine.transcribe(
            clip.sound(), language=self.language, task=self.task, word_timestamps=True,
            condition_on_previous_text=False, temperature=_TEMPERATURES,
        )
        return list(found)

    def _checked(self, clip: Clip, segments: Sequence[Any], before: str) -> tuple[list[Word], str]:
        """Return the words of a clip that were said, and its text for the next one."""
        first = self._summed(clip, segments)
        if not self.guarded:
            return list(first.words), first.text
        best = first
        if doubts.is_suspect(first):
            best = self._better(clip, self._hear_again(clip), first)
        if not doubts.is_speech(best, self.hot_words, before):
            return [], best.text
        return doubts.without_loops(best.words), best.text

    def _better(self, clip: Clip, segments: Sequence[Any], first: doubts.Heard) -> doubts.Heard:
        """Return the second hearing of a clip without loops that nobody said; the first where nothing is left, or where
        somebody says the same again and again and most of it would be gone.

        Each window that the engine recognised at once is judged by itself: a doubtful end makes no loop of what was
        said clearly before it.
        """
        kept: list[Any] = []
        clear = 0.0  # the worst compression but for what a person says again and again
        for _, rows in groupby(segments, key=lambda segment: segment.seek):
            window = list(rows)
            worst = max(segment.compression_ratio for segment in window)
            if worst <= doubts.COMPRESSION:
                kept += window
                clear = max(clear, worst)
            elif doubts.is_repetition(replace(self._summed(clip, window), seconds=window[-1].end - window[0].start)):
                kept += window
        again = replace(self._summed(clip, kept), compression=clear)
        few = len(again.words) < (len(first.words) / 2 if doubts.is_repetition(first) else 1)
        return first if few else again

    def _summed(self, clip: Clip, segments: Sequence[Any]) -> doubts.Heard:
        """Sum up the engine's segments of one clip; the worst of them counts."""
        spoken = chain.from_iterable(segment.words or () for segment in segments)
        return doubts.Heard(
            words=[self._word(word, clip) for word in spoken], seconds=clip.seconds,
            no_speech=max((s.no_speech_prob for s in segments), default=1.0),
            confidence=min((s.avg_logprob for s in segments), default=-9.0),
            compression=max((s.compression_ratio for s in segments), default=0.0),
        )

    def _word(self, word: Any, clip: Clip) -> Word:
        start, end = map(self._ms, clip.place(word.start, word.end))
        return Word(start_ms=start, end_ms=max(end, start + 1), text=word.word, probability=float(word.probability))

    def _ms(self, sample: int) -> int:
        return self.at_ms + sample * 1000 // audio.RATE


def _shifted(segment: Any, by_s: float) -> Any:
    for word in segment.words or ():
        word.start += by_s
        word.end += by_s
    return segment


def _batches(clips: Iterable[Clip], size: int, room: Callable[[], float]) -> Iterator[list[Clip]]:
    """Yield clips in groups of `size`, the first alone, so that text comes soon; one without speech ends its group, and
    so does one that would make it longer than `room()` seconds of speech."""
    held: list[Clip] = []
    wanted = 1
    for clip in clips:
        if held and sum(other.seconds for other in held) + clip.seconds > room():
            yield held
            held, wanted = [], size
        held.append(clip)
        if len(held) == wanted or not clip.regions:
            yield held
            held, wanted = [], size
    if held:
        yield held


def prompt(hot_words: Sequence[str]) -> str | None:
    """Return hot words as the engine is told them. The full stop halves the words it gets wrong: without one it takes
    the list for an unfinished sentence and goes on in that style."""
    return ", ".join(hot_words) + "." if hot_words else None


def speller(engine: Any, hot_words: Sequence[str]) -> Speller:
    """Return what spells hot words right: everyday words are those of which the engine's vocabulary has the whole."""
    import jellyfish

    def rare(word: str) -> bool:
        return len(engine.hf_tokenizer.encode(f" {word}", add_special_tokens=False).ids) > 1

    return Speller(hot_words, jellyfish.metaphone, rare)


def fitting(engine: Any, hot_words: Sequence[str]) -> tuple[str, ...]:
    """Return as many hot words, in order, as the engine takes: it cuts its prompt at half of its context."""
    limit = engine.max_length // 2 - 1
    kept: list[str] = []
    for word in hot_words:
        tokens = engine.hf_tokenizer.encode(f" {prompt([*kept, word])}", add_special_tokens=False).ids
        if len(tokens) > limit:
            break
        kept.append(word)
    return tuple(kept)
