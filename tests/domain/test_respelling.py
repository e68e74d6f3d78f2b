"""Terms spelled as they sound are written right, and everyday words never touched."""

from __future__ import annotations

from collections.abc import Sequence

import jellyfish
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowhub_ext.domain.respelling import SURE, Speller, near, squeeze
from knowhub_ext.domain.segments import Word

TERMS = ("kswapd", "swappiness", "cgroup", "Celery", "QUIC", "page fault", "nginx")
#: Stands for a vocabulary: what of these tests is everyday language.
EVERYDAY = frozenset("first case wakes up the salary quick fox a i page fold engine".split())


def said(*texts: str, probability: float = 0.4) -> list[Word]:
    return [
        Word(start_ms=n * 100, end_ms=n * 100 + 90, text=f" {text}", probability=probability)
        for n, text in enumerate(texts)
    ]


def speller(terms: Sequence[str] = TERMS) -> Speller:
    return Speller(terms, jellyfish.metaphone, lambda word: word not in EVERYDAY)


def heard(*texts: str, probability: float = 0.4) -> str:
    return "".join(word.text for word in speller().words(said(*texts, probability=probability))).strip()


@pytest.mark.parametrize(("texts", "right"), [
    (("first", "case", "swapd", "wakes", "up"), "first kswapd wakes up"),
    (("First", "case,", "WAPD", "wakes"), "First kswapd wakes"),
    (("swapiness,", "first"), "swappiness, first"),
    (("the", "AC-group."), "the cgroup."),
    (("“Cellery”", "first"), "“Celery” first"),
    (("engine", "x", "wakes"), "nginx wakes"),
])  # fmt: skip
def test_a_term_spelled_as_it_sounds_is_written_right(texts: tuple[str, ...], right: str) -> None:
    assert heard(*texts) == right


@pytest.mark.parametrize(("texts", "why"), [
    (("salary",), "an everyday word, though it sounds like Celery"),
    (("quick", "fox"), "too few consonants to tell"),
    (("case.", "Swapd"), "a sentence ends between"),
    (("kswapd", "cgroups"), "right as it is, in the plural too"),
    (("silurian",), "it sounds like none"),
])  # fmt: skip
def test_what_is_no_term_is_left_alone(texts: tuple[str, ...], why: str) -> None:
    assert heard(*texts) == " ".join(texts), why


def test_what_the_engine_is_sure_of_is_left_alone() -> None:
    assert heard("case", "swapd", probability=SURE) == "case swapd"
    assert heard("case", "swapd", probability=SURE - 0.01) == "kswapd", "the control"


def test_terms_that_sound_alike_are_told_apart_by_nothing() -> None:
    assert speller(("sillery", "Celery")).words(said("cellery"))[0].text == " cellery"


def test_the_word_has_the_time_of_its_stretch_and_the_least_of_its_probabilities() -> None:
    words = [
        Word(start_ms=100, end_ms=300, text=" case", probability=0.9),
        Word(start_ms=320, end_ms=600, text=" swapd", probability=0.3),
    ]
    assert speller().words(words) == [Word(start_ms=100, end_ms=600, text=" kswapd", probability=0.3)]


@given(st.lists(st.text(min_size=1, max_size=12), max_size=12))
def test_whatever_is_said_no_time_is_lost_and_what_is_new_is_a_term(texts: list[str]) -> None:
    words = said(*texts)
    found = speller().words(words)
    assert [w.start_ms for w in found] == sorted({w.start_ms for w in found} & {w.start_ms for w in words})
    assert not words or (found[0].start_ms, found[-1].end_ms) == (words[0].start_ms, words[-1].end_ms)
    known = {squeeze(term) for term in TERMS}
    assert all(word in words or squeeze(word.text) in known for word in found)


def test_near_is_half_of_the_longer_word() -> None:
    assert near("kswapd", "caseswapd")
    assert near("", "")
    assert not near("abcd", "efgd")
