"""Whether a course speaks of a question at all, by the evidence of what was found. The silence of an answer is here."""

from __future__ import annotations

from collections.abc import Sequence

from knowhub_ext.domain.evidence import MODEL, Features, Shown, content_words, features
from knowhub_ext.domain.people import Actor
from knowhub_ext.domain.quoting import relevant
from knowhub_ext.domain.ranking import rarity
from knowhub_ext.domain.scope import Scope
from knowhub_ext.services.searching import Found, Searching

#: So many places of the course, none overlapping another, are weighed.
WEIGHED = 8


class Weighing:
    """Where other vectors are searched than those the model was learned on, words decide alone."""

    def __init__(self, searching: Searching) -> None:
        self._searching = searching

    def evidence(
        self, actor: Actor, course: str, question: str, scope: Scope | None = None
    ) -> tuple[Features, list[Found]]:
        """Return what a part of the course holds on a question, and the places it was taken from.

        Raises:
            NotFound: no such course.
        """
        found = self._searching.search(actor, course, question, limit=WEIGHED, scope=scope, opened=False)
        return self._features(actor, course, question, found), found

    def speaks(self, actor: Actor, course: str, question: str, found: Sequence[Found]) -> bool:
        """Say whether the course speaks of a question, by the best of what was found."""
        best = found[:WEIGHED]
        if self.judged(course):
            return MODEL.confidence(self._features(actor, course, question, best)) >= MODEL.threshold
        weights = rarity([hit.text for hit in best])
        return any(relevant(question, hit.passage, weights, 0.0) for hit in best)

    def judged(self, course: str) -> bool:
        """Say whether it is the learned model that judges here."""
        return self._searching.model(course) == MODEL.embedder

    def _features(self, actor: Actor, course: str, question: str, found: Sequence[Found]) -> Features:
        shown = [Shown(sentences=[s.text for s in hit.passage.sentences], meaning=hit.meaning) for hit in found]
        texts = dict.fromkeys(sentence for passage in shown for sentence in passage.sentences)
        meanings = self._searching.meanings(question, list(texts)) or {}
        return features(question, shown, meanings, self._searching.counts(actor, course, content_words(question)))
