"""What a recognition is asked, and what an interrupted one goes on with: all it began with, so that its two halves are
one transcript. Only where its educator changed the course's settings since, or what it began with is not to be had any
more, does it start over. How a transcript is written is `speech`'s business.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from knowhub_ext.domain.courses import Course
from knowhub_ext.domain.media import Asset
from knowhub_ext.domain.segments import SAID, Provenance, Transcript
from knowhub_ext.domain.speech import AUTO, Wish
from knowhub_ext.domain.splicing import Splice
from knowhub_ext.ports import SpeechRequest
from knowhub_ext.services.vocabulary import Vocabulary


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One recognition: the wanted settings, what people said of them, the wanted stretch (ms; None: up to the end),
    where it is spliced in, and what was saved of it before."""

    wish: Wish
    said: Mapping[str, Any]
    stretch: tuple[int, int | None]
    cut: Splice
    saved: Transcript | None

    @property
    def resume_ms(self) -> int:
        """Where to listen on: behind the last cue saved, and not before the stretch."""
        last = self.saved.segments[-1].end_ms if self.saved and self.saved.segments else 0
        return max(last, self.cut.start_ms)


def said(wish: Wish, course: Course) -> dict[str, Any]:
    """Return all that people decide about a recognition: kept beside it, so that a change is noticed. Words that were
    found in files are not in it: files come and go while a lecture is recognised."""
    return {
        "model": wish.model, "language": wish.language, "task": wish.task, "hot_words": list(course.hot_words),
        "hidden": list(course.speech.hidden),
    }


def asks(plan: Plan, asset: Asset, vocabulary: Vocabulary) -> Iterator[tuple[Plan, SpeechRequest]]:
    """Yield what to ask for in turn until an answer `goes_on`; the last one starts from the beginning."""
    wish = plan.wish
    if plan.saved is not None:
        made = plan.saved.provenance
        unchanged = made.options.get(SAID, plan.said) == plan.said
        words = made.hot_words if unchanged else vocabulary.of_lecture(asset)
        models = [made.model] if unchanged or wish.model in (None, "", AUTO) else []
        for model in (*models, wish.model):
            yield plan, _request(plan, asset, words, replace(
                wish, model=model, language=wish.language or made.language or None
            ))
    over = replace(plan, saved=None)
    yield over, _request(over, asset, vocabulary.of_lecture(asset), wish)


def goes_on(plan: Plan, new: Provenance) -> bool:
    """Say whether what is recognised as `new` may stand behind what was saved: half of each would be neither."""
    if plan.saved is None:
        return True
    old = plan.saved.provenance
    if plan.wish.language is not None and old.language != new.language:
        return False
    return (old.engine, old.model, old.hot_words, old.options.get("task")) == (
        new.engine, new.model, new.hot_words, new.options.get("task")
    )


def _request(plan: Plan, asset: Asset, words: tuple[str, ...], wish: Wish) -> SpeechRequest:
    return SpeechRequest(
        hot_words=words, start_ms=plan.resume_ms, end_ms=plan.cut.end_ms, name=asset.name, model=wish.model or "",
        task=wish.task or "transcribe", language=wish.language,
    )
