"""Whether a hit or a citation is right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowhub_ext.domain.locators import Locator, TimeSpan
from knowhub_ext.domain.scoring import Rank
from knowhub_ext.domain.texts import stems, words
from knowhub_ext.services.evaluation.sets import Paragraph, Question, Stretch

#: A hit that is longer earns nothing: half a lecture is no answer.
LONGEST_MS = 60_000
#: A paragraph is told by so many signs at the beginning of what lies in it.
_BEGINNING = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Something found: in which document, where in it, what it says."""

    document: str
    locator: Locator
    text: str


def first_right(question: Question, places: Sequence[Place]) -> Rank:
    """Return the rank of the first right one, counted from 1, or None."""
    return next((rank for rank, place in enumerate(places, 1) if is_right(question, place)), None)


def is_right(question: Question, place: Place) -> bool:
    """Say whether a place answers a question, by what is known of it."""
    if question.grades:
        return question.grades.get(place.document, 0) > 0
    return any(_lies_in(place, wanted) for wanted in question.wanted)


def opens_off_ms(question: Question, place: Place) -> int | None:
    """Return how far a place opens from the beginning of the answer, or None where the answer has no time."""
    starts = [wanted.start_ms for wanted in question.wanted if isinstance(wanted, Stretch)]
    if not starts or not isinstance(place.locator, TimeSpan):
        return None
    return min(abs(place.locator.start_ms - start) for start in starts)


def _lies_in(place: Place, wanted: Stretch | Paragraph) -> bool:
    if place.document != wanted.document:
        return False
    if isinstance(wanted, Stretch):
        return _answers_at(place.locator, wanted)
    text, whole = _plain([place.text]), _plain([wanted.text])
    return whole in text if wanted.quote else text[:_BEGINNING] in whole


def _answers_at(at: Locator, wanted: Stretch) -> bool:
    if not isinstance(at, TimeSpan) or at.end_ms - at.start_ms > LONGEST_MS:
        return False
    return at.start_ms < wanted.end_ms and at.end_ms > wanted.start_ms


def cites_right(question: Question, place: Place) -> bool:
    """Say whether a citation, which is of one sentence, opens where the answer is said.

    Where a set knows the very sentence, the citation has to begin within `within_ms` of it, or to hold its beginning.
    """
    for wanted in question.wanted:
        at = place.locator
        if isinstance(wanted, Stretch) and wanted.within_ms and isinstance(at, TimeSpan):
            near = abs(at.start_ms - wanted.start_ms) <= wanted.within_ms
            if place.document == wanted.document and (near or at.start_ms <= wanted.start_ms < at.end_ms):
                return True
        elif isinstance(wanted, Paragraph) and wanted.quote:
            said, whole = _plain([place.text]), _plain([wanted.text])
            if place.document == wanted.document and (whole in said or said in whole):
                return True
        elif _lies_in(place, wanted):
            return True
    return False


def sentence_known(question: Question) -> bool:
    """Say whether it is known what is said where the answer is."""
    return any(isinstance(wanted, Stretch) and wanted.text for wanted in question.wanted)


def off_from_said_ms(question: Question, place: Place) -> int | None:
    """Return how far a citation of the right sentence opens from it; None for one of another sentence, or where nobody
    knows what was said. It is of that sentence if most of its content words are, or most of that sentence's are its
    own: function words are in every sentence."""
    for wanted in question.wanted:
        if isinstance(wanted, Stretch) and wanted.text and isinstance(place.locator, TimeSpan):
            said, cited = _content(wanted.text), _content(place.text)
            if place.document == wanted.document and 2 * len(said & cited) > min(len(said), len(cited)):
                return abs(place.locator.start_ms - wanted.start_ms)
    return None


def _content(text: str) -> set[str]:
    return set(stems(text) or words(text))


def _plain(texts: Iterable[str]) -> str:
    return " ".join(" ".join(texts).split())
