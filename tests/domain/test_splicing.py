"""A new recognition takes an old transcript's place: what a person edited stays, beside a stretch all stays."""

from __future__ import annotations

from knowhub_ext.domain.segments import Segment, Word, monotone
from knowhub_ext.domain.splicing import around, splice


def cue(start: int, end: int, text: str, *, edited: bool = False, words: bool = True) -> Segment:
    parts = text.split()
    step = (end - start) // len(parts)
    spoken = tuple(Word(start_ms=start + n * step, end_ms=start + (n + 1) * step, text=p) for n, p in enumerate(parts))
    return Segment(start_ms=start, end_ms=end, text=text, edited=edited, words=spoken if words else ())


OLD = [cue(0, 1000, "a b"), cue(1000, 2000, "c d", edited=True), cue(2500, 4000, "e f"), cue(4000, 5000, "g h")]


def texts(segments):
    return [segment.text for segment in segments]


def test_the_whole_keeps_edited_cues_alone():
    cut = splice(OLD)
    assert (cut.before, cut.behind, cut.kept) == ([], [], [OLD[1]])
    assert (cut.start_ms, cut.end_ms) == (0, None)


def test_a_stretch_grows_to_the_edges_of_its_cues():
    cut = splice(OLD, 3000, 3500)
    assert (cut.start_ms, cut.end_ms) == (2500, 4000)
    assert (texts(cut.before), cut.kept, texts(cut.behind)) == (["a b", "c d"], [], ["g h"])


def test_a_stretch_in_a_pause_takes_no_cue():
    cut = splice(OLD, 2100, 2400)
    assert (cut.start_ms, cut.end_ms) == (2100, 2400)
    assert texts([*cut.before, *cut.behind]) == texts(OLD)


def test_a_stretch_whose_end_is_an_edge_does_not_take_the_next_cue():
    assert texts(splice(OLD, 2500, 4000).behind) == ["g h"]


def test_recognised_words_give_way_to_an_edited_cue_word_by_word():
    fresh = [cue(0, 4000, "one two three four")]
    made = list(around(fresh, [cue(1000, 2000, "TWO", edited=True)]))
    assert texts(made) == ["one", "TWO", "three four"]
    assert [(s.start_ms, s.end_ms) for s in made] == [(0, 1000), (1000, 2000), (2000, 4000)]
    assert texts(around(fresh, [])) == ["one two three four"], "control: nothing to give way to"


def test_a_cue_without_words_gives_way_as_a_whole():
    kept = [cue(1000, 2000, "kept", edited=True)]
    assert texts(around([cue(900, 2000, "gone", words=False)], kept)) == ["kept"]
    assert texts(around([cue(1900, 4000, "stays", words=False)], kept)) == ["kept", "stays"]


def test_edited_cues_behind_the_last_word_come_too_and_those_saved_before_do_not():
    kept = [cue(1000, 2000, "first", edited=True), cue(8000, 9000, "last", edited=True)]
    assert texts(around([], kept)) == ["first", "last"]
    assert texts(around([cue(3000, 4000, "new")], kept, after_ms=1000)) == ["new", "last"]


def test_it_is_lazy():
    def fresh():
        yield cue(0, 1000, "a")
        raise AssertionError("asked for more than was needed")

    assert next(around(fresh(), [cue(5000, 6000, "kept", edited=True)])).text == "a"


def test_monotone_cues_hold_their_words_and_end_with_the_medium():
    [one] = monotone([cue(900, 1300, "a b")], duration_ms=1000)
    assert (one.start_ms, one.end_ms) == (900, 1000)
    assert all(900 <= word.start_ms < word.end_ms <= 1000 for word in one.words)
