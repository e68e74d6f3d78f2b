"""Cues from words, and times that never run backwards."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from knowhub_ext.domain.captions import to_srt, to_vtt
from knowhub_ext.domain.segments import Segment, Word, monotone, regroup


def words(text: str, *, step: int = 400, start: int = 0) -> list[Word]:
    return [
        Word(start_ms=start + i * step, end_ms=start + i * step + 300, text=f" {w}") for i, w in enumerate(text.split())
    ]


def test_a_cue_is_a_sentence_and_starts_at_its_first_word():
    cues = list(regroup(words("The worker dies. The task is lost.", start=1_000)))
    assert [c.text for c in cues] == ["The worker dies.", "The task is lost."]
    assert cues[1].start_ms == 1_000 + 3 * 400
    assert [w.text for w in cues[0].words] == ["The", "worker", "dies."]


def test_a_decimal_point_does_not_end_a_cue():
    assert len(list(regroup(words("It takes 3.5 seconds here.")))) == 1


def test_a_long_pause_and_a_long_sentence_break_a_cue():
    paused = words("one two") + words("three four", start=9_000)
    assert [c.text for c in regroup(paused)] == ["one two", "three four"]
    assert all(c.end_ms - c.start_ms <= 15_000 for c in regroup(words("word " * 200)))


def test_cues_are_yielded_as_soon_as_they_are_closed():
    def endless():
        yield from words("A first sentence.")
        raise AssertionError("asked for more than the first cue needs")

    assert next(regroup(endless())).text == "A first sentence."


segments = st.lists(st.builds(
    Segment, start_ms=st.integers(0, 50_000), end_ms=st.integers(0, 60_000), text=st.sampled_from(["a", "", " ", "b"]),
), max_size=20)


@given(segments)
def test_times_never_run_backwards_nor_past_the_end(rows):
    fixed = list(monotone(rows, duration_ms=40_000))
    assert all(s.start_ms < s.end_ms <= 40_001 and s.start_ms < 40_000 and s.text.strip() for s in fixed)
    assert all(a.start_ms <= b.start_ms for a, b in itertools.pairwise(fixed))


def test_what_is_written_as_vtt_is_text_whatever_it_holds():
    text = to_vtt([Segment(start_ms=0, end_ms=61_001, text="<img onerror=x> & -->", speaker="Ann")])
    assert "00:00:00.000 --> 00:01:01.001" in text
    assert "<img" not in text
    assert "<v Ann>&lt;img onerror=x&gt; &amp; --&gt;" in text


def test_srt_numbers_its_cues_and_uses_commas():
    assert to_srt([Segment(start_ms=1, end_ms=2, text="x")]) == "1\n00:00:00,001 --> 00:00:00,002\nx\n"
    assert to_srt([]) == ""
