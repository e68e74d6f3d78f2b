"""How much speech a crash costs: what the engine heard and no saved cue holds yet. The engine is made up, its ears too.

It says a word a second of speech; sound, clips, groups of clips, cues and their order are the real ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from knowhub_ext.backends import audio
from knowhub_ext.backends.transcribers import clips, hearing
from knowhub_ext.backends.transcribers.clips import Clip, Region
from knowhub_ext.domain.segments import CUE_MAX_MS, Word, monotone, regroup, unfinished_ms

RATE = audio.RATE


class Engine:
    """Hears a word in each second, the last of every `sentence` words with a full stop; tells `log` what it heard."""

    def __init__(self, log: list[tuple[str, float]], sentence: int) -> None:
        self._log, self._sentence = log, sentence
        self._words = 0

    def transcribe(self, sound: Any, *, clip_timestamps: list[dict[str, float]], **_options: Any) -> Any:
        self._log.append(("heard", len(sound) / RATE))
        return (self._segment(span["start"], span["end"]) for span in clip_timestamps), None

    def _segment(self, start: float, end: float) -> Any:
        said = []
        for second in np.arange(start, end - 0.5, 1.0):
            self._words += 1
            stop = "." if self._words % self._sentence == 0 else ""
            said.append(SimpleNamespace(
                word=f" w{self._words}{stop}", start=float(second), end=float(second) + 1.0, probability=0.9
            ))
        return SimpleNamespace(
            seek=round(start * 100), start=start, end=end, words=said, no_speech_prob=0.0, avg_logprob=-0.1,
            compression_ratio=1.0,
        )


def listened(spoken: list[float], pause_s: float, sentence: int, **options: int) -> list[tuple[str, float]]:
    """Return what came in which order: seconds of speech heard, up to which second a cue was saved, up to which second
    of the medium everything was heard."""
    log: list[tuple[str, float]] = []
    listener = hearing.Listener(
        engine=object(), hot_words=(), options={**hearing.DEFAULTS, **options}, language="en", guarded=False
    )
    listener._pipeline = Engine(log, sentence)
    words = listener.words(cut(spoken, pause_s), lambda ms: log.append(("told", ms / 1000)))
    for segment in monotone(regroup(words)):
        log.append(("saved", segment.end_ms / 1000))
    return log


def cut(spoken: list[float], pause_s: float) -> Iterator[Clip]:
    """Make clips of stretches of speech of these lengths with pauses between them, as the real cutter does."""
    starts = np.cumsum([0.0, *(seconds + pause_s for seconds in spoken)])
    at = [(round(start * RATE), round(seconds * RATE)) for start, seconds in zip(starts, spoken, strict=False)]

    def found(block: Any, first: int) -> Iterator[Region]:
        for start, length in at:  # one that two blocks share is in both, as it is for the voice detector
            low, high = max(start, first), min(start + length, first + len(block))
            if low < high:
                yield Region(low, block[low - first : high - first].copy())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clips, "regions", found)
        yield from clips.clips(np.zeros(RATE * 30, dtype=np.float32) for _ in range(int(starts[-1] / 30) + 1))


def redone(log: list[tuple[str, float]], spoken: list[float], pause_s: float) -> list[float]:
    """Return the seconds of speech that would be heard again if the process died right after each hearing."""
    heard, saved, costs = 0.0, 0.0, []
    for what, seconds in log:
        if what == "heard":
            heard += seconds
            costs.append(heard - speech_before(saved, spoken, pause_s))
        elif what == "saved":
            saved = seconds
    return costs


def speech_before(second: float, spoken: list[float], pause_s: float) -> float:
    """Return how much of what lies before this second of the medium is speech."""
    sum_s, at = 0.0, 0.0
    for seconds in spoken:
        sum_s += max(0.0, min(seconds, second - at))
        at += seconds + pause_s
    return sum_s


LECTURES = {
    "short sentences": ([4.0] * 150, 0.5), "without a breath": ([600.0], 0.0),
    "clips that are full": ([29.0] * 20, 0.3), "one word, then a pause": ([1.0] * 120, 7.5),
    "now and then": ([20.0] * 10, 60.0), "uneven": ([3.0, 11.0, 7.0] * 25, 1.5),
}


@pytest.mark.parametrize("sentence", [3, 14, 10_000], ids=["short", "long", "never ending"])
@pytest.mark.parametrize("lecture", LECTURES)
def test_a_crash_costs_a_minute_of_speech_at_most(lecture: str, sentence: int) -> None:
    spoken, pause_s = LECTURES[lecture]
    costs = redone(listened(spoken, pause_s, sentence), spoken, pause_s)
    assert max(costs) <= hearing.REDONE_S + 0.001, "but for what sums of fractions are off"
    assert max(costs) > 15, "control: something is heard that is not saved yet"


def test_control_more_clips_at_a_time_cost_more_than_a_minute() -> None:
    spoken, pause_s = LECTURES["short sentences"]
    assert max(redone(listened(spoken, pause_s, 3, batch_size=4), spoken, pause_s)) > hearing.REDONE_S


def test_two_clips_are_still_heard_at_a_time_where_the_sentence_before_is_whole() -> None:
    log = listened(*LECTURES["short sentences"], 4)
    groups = [seconds for what, seconds in log if what == "heard"]
    assert groups[0] <= clips.CLIP_S
    assert all(seconds > clips.CLIP_S for seconds in groups[1:-1])


def test_where_nobody_speaks_for_long_it_is_told_every_minute_that_all_is_heard() -> None:
    told = [second for what, second in listened([5.0, 5.0], 1800.0, 3) if what == "told"]
    quiet = [second for second in told if 60 < second < 1800]
    assert len(quiet) > 25
    assert max(after - before for before, after in pairwise(quiet)) <= clips.BLOCK_S


@pytest.mark.parametrize(("texts", "open_ms"), [
    ([], 0), (["Done."], 0), (["Done.", "and", "then"], 2000), (["on"] * 40, CUE_MAX_MS),
])
def test_what_is_unfinished_reaches_back_to_the_last_sentence(texts: list[str], open_ms: int) -> None:
    words = [Word(start_ms=n * 1000, end_ms=n * 1000 + 1000, text=f" {text}") for n, text in enumerate(texts)]
    assert unfinished_ms(words) == open_ms
    assert unfinished_ms([Word(start_ms=-9000, end_ms=-8000, text=" far"), *words]) == (open_ms if words else 1000)
