"""What sounds like a term, everyday words too, is asked for; the term is taken only where it outweighs the rest."""

from __future__ import annotations

from collections.abc import Sequence

import jellyfish
import pytest

from knowhub_ext.domain.respelling import SURE
from knowhub_ext.domain.segments import Word
from knowhub_ext.domain.soundalikes import BONUS, Candidate, SoundAlikes, chosen

TERMS = ("WAL", "Raft", "NumPy", "brk", "LSM tree", "QUIC")


def said(*texts: str, probability: float = 0.4) -> list[Word]:
    return [
        Word(start_ms=n * 100, end_ms=n * 100 + 90, text=f" {text}", probability=probability)
        for n, text in enumerate(texts)
    ]


def asked(words: Sequence[Word], terms: Sequence[str] = TERMS) -> list[tuple[str, str]]:
    found = SoundAlikes(terms, jellyfish.metaphone).candidates(words)
    return [("".join(word.text for word in words[row.first : row.end]).strip(), row.term) for row in found]


@pytest.mark.parametrize(("texts", "what"), [
    (("written", "to", "the", "wall."), ("wall.", "WAL")),
    (("we", "draft", "a", "vote"), ("draft", "Raft")),
    (("write", "it", "in", "Humpi"), ("Humpi", "NumPy")),
    (("the", "old", "one", "is", "rk,"), ("rk,", "brk")),
])  # fmt: skip
def test_what_sounds_nearly_like_a_term_is_asked_for(texts: tuple[str, ...], what: tuple[str, str]) -> None:
    assert what in asked(said(*texts))


@pytest.mark.parametrize(("texts", "why"), [
    (("the", "LSM", "tree", "grows"), "it is right as it is"),
    (("several", "WALs"), "right in the plural"),
    (("quick",), "a term of too few consonants sounds like everything"),
    (("salary", "tomorrow"), "it sounds like none"),
])  # fmt: skip
def test_nothing_else_is_asked_for(texts: tuple[str, ...], why: str) -> None:
    assert asked(said(*texts)) == [], why


def test_what_the_engine_is_sure_of_is_not_asked_for() -> None:
    assert asked(said("wall", probability=SURE)) == []
    assert asked(said("wall", probability=SURE - 0.01)) == [("wall", "WAL")], "the control"


def test_no_term_goes_on_behind_the_end_of_a_sentence() -> None:
    assert ("num pie", "NumPy") in asked(said("num", "pie")), "the control"
    assert ("num. pie", "NumPy") not in asked(said("num.", "pie"))


def test_the_nearest_few_are_asked_for() -> None:
    words = said(*["draft"] * 20, "wall")
    assert asked(words)[0] == ("wall", "WAL")
    assert len(asked(words)) == 6


def written(words: Sequence[Word], *rows: tuple[Candidate, float]) -> str:
    return "".join(word.text for word in chosen(words, [row for row, _ in rows], [gain for _, gain in rows])).strip()


def test_a_term_is_taken_where_its_bonus_outweighs_what_it_loses() -> None:
    words = said("the", "wall,", "then")
    wal = Candidate(1, 1, "WAL", 0.0)
    assert written(words, (wal, 1.0)) == "the WAL, then"
    assert written(words, (wal, 0.1 - BONUS)) == "the WAL, then"
    assert written(words, (wal, -BONUS)) == "the wall, then"


def test_of_overlapping_terms_the_likeliest_is_taken_and_others_stay_in_their_place() -> None:
    words = said("we", "draft", "a", "vote", "on", "the", "wall")
    wide, narrow, other = Candidate(0, 2, "Raft", 0.2), Candidate(1, 1, "Raft", 0.2), Candidate(6, 1, "WAL", 0.0)
    assert written(words, (wide, -2.0), (other, -3.0), (narrow, -1.0)) == "we Raft a vote on the WAL"
    assert written(words, (wide, -1.0), (other, -3.0), (narrow, -2.0)) == "Raft a vote on the WAL"


def test_the_word_has_the_time_of_its_stretch_and_the_least_of_its_probabilities() -> None:
    words = [
        Word(start_ms=100, end_ms=300, text=" num", probability=0.8),
        Word(start_ms=320, end_ms=600, text=" pie.", probability=0.3),
    ]
    assert chosen(words, [Candidate(0, 2, "NumPy", 0.0)], [0.0]) == [
        Word(start_ms=100, end_ms=600, text=" NumPy.", probability=0.3)
    ]
