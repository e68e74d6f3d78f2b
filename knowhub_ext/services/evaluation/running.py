"""Runs a set of questions against a course: hits beside the peers, citations, refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from knowhub_ext.domain.answers import Answer
from knowhub_ext.domain.evidence import MODEL
from knowhub_ext.domain.people import Actor
from knowhub_ext.domain.scope import Scope
from knowhub_ext.domain.scoring import area_under_curve, coverage_at
from knowhub_ext.errors import UserError
from knowhub_ext.ports import Embedder, VectorIndex
from knowhub_ext.services.asking import Asking
from knowhub_ext.services.evaluation import peers
from knowhub_ext.services.evaluation.judging import Place
from knowhub_ext.services.evaluation.measuring import (
    AIMS,
    Tick,
    answer_figures,
    asked,
    by_halves,
    ranking_figures,
    searched,
)
from knowhub_ext.services.evaluation.sets import Question, QuestionSet
from knowhub_ext.services.searching import Searching
from knowhub_ext.services.weighing import Weighing
from knowhub_ext.store.database import Store

OURS = "KnowHub"


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """Figures of one set. `systems`: by name, KnowHub first; `halves`: KnowHub's by every first and second document."""

    name: str
    kind: str
    questions: int
    documents: int
    systems: Mapping[str, Mapping[str, float]]
    halves: Sequence[Mapping[str, float]] = ()
    answers: Mapping[str, float] = field(default_factory=dict)
    refusals: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "set": self.name, "kind": self.kind, "questions": self.questions, "documents": self.documents,
            "systems": {name: _rounded(row) for name, row in self.systems.items()},
            "halves": [_rounded(row) for row in self.halves], "answers": _rounded(self.answers),
            "refusals": _rounded(self.refusals), "aims": {
                name: {"at_least" if sign == "≥" else "at_most": aim} for name, (sign, aim) in AIMS.items()
                if name in {**self.answers, **self.refusals}
            },
        }


def _rounded(row: Mapping[str, float]) -> dict[str, float | None]:
    return {name: round(value, 4) if value == value else None for name, value in row.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Tools:
    """What a run needs of a hub; `empty_index` makes an exact index for the peers."""

    store: Store
    searching: Searching
    asking: Asking
    embedder: Embedder
    empty_index: Callable[[], VectorIndex]


class Running:
    """Measures one course of a hub.

    Its documents are named by the stems of their files, as the sets name them; those of a course's `own` questions by
    the lesson, which such a file names by id, slug or title.
    """

    def __init__(self, tools: Tools, actor: Actor, course_ref: str, *, own: bool = False) -> None:
        self._tools = tools
        self._weighing = Weighing(tools.searching)
        self._actor = actor
        with tools.store.read() as tx:
            course = tx.courses.get(course_ref)
            assets, lessons = tx.assets.of_course(course.id), tx.lessons.of_course(course.id)
            self._headings = peers.headings(tx, [asset.id for asset in assets])
        self._course = course
        self._names = {asset.id: asset.lesson_id if own else Path(asset.key).stem for asset in assets}
        self._lessons = {self._names[asset.id]: asset.lesson_id for asset in assets}
        self._aliases = {name: row.id for row in lessons for name in (row.title, row.slug, row.id)} if own else {}

    def known(self, one: QuestionSet) -> QuestionSet:
        """Return the set with its documents named as here.

        Raises:
            UserError: a question's lesson is not in the course.
        """
        if not self._aliases:
            return one
        return replace(one, questions=tuple(self._known(question) for question in one.questions))

    def _known(self, question: Question) -> Question:
        for place in question.wanted:
            if place.document not in self._aliases:
                raise UserError(
                    f"The course '{self._course.slug}' has no lesson '{place.document}'.",
                    cure="Name lessons by id, slug or title, as `knowhub course show` prints them.",
                )
        wanted = tuple(replace(place, document=self._aliases[place.document]) for place in question.wanted)
        return replace(question, wanted=wanted)

    def rank(self, one: QuestionSet, tick: Tick) -> Measured:
        """Search for every question that has an answer, here and by each peer."""
        questions = [question for question in one.questions if question.answerable]
        found = searched(questions, self._search, tick)
        systems = {OURS: ranking_figures(found)}
        units = peers.units(self._tools.store, self._course.id, self._names, whole=one.kind == "documents")
        beside = peers.Peers(self._tools.embedder, self._tools.empty_index(), units)
        try:
            for way in peers.NAMES:
                systems[way] = ranking_figures(searched(questions, partial(beside.search, way), tick))
        finally:
            beside.close()
        return Measured(
            name=one.name, kind=one.kind, questions=len(questions), documents=len(self._names), systems=systems,
            halves=by_halves(questions, found),
        )

    def answer(self, one: QuestionSet, tick: Tick) -> dict[str, float]:
        """Ask every question that has an answer; return how right the citations are."""
        questions = [question for question in one.questions if question.answerable]
        return answer_figures(asked(questions, self._ask, self._cited, tick))

    def refuse(
        self, one: QuestionSet, far: Sequence[Question], tick: Tick
    ) -> dict[str, float]:
        """Return how surely questions without an answer here are told from those with one.

        `far`: of another subject. Near misses are the set's own questions with the documents that answer them left
        out of the search. Of both: the share refused, and the area under the curve of the confidence.
        """
        own = [question for question in one.questions if question.answerable]
        nowhere = [question for question in one.questions if not question.answerable]
        sure = [self._confidence(question.text, Scope(), tick) for question in own]
        near = [self._confidence(q.text, Scope(without=self._homes(q)), tick) for q in own]
        figures = {"answerable_refused": _share(refused for _, refused in sure)}
        for name, rows in (
            ("near", near), ("far", [self._confidence(q.text, Scope(), tick) for q in far]),
            ("marked", [self._confidence(q.text, Scope(), tick) for q in nowhere]),
        ):
            if rows:
                scores = [score for score, _ in rows]
                figures[f"{name}_refused"] = _share(refused for _, refused in rows)
                figures[f"{name}_auc"] = area_under_curve([score for score, _ in sure], scores)
                figures[f"{name}_coverage_at_95"] = coverage_at([score for score, _ in sure], scores)
        return figures

    def _confidence(self, question: str, scope: Scope, tick: Tick) -> tuple[float, bool]:
        values, found = self._weighing.evidence(self._actor, self._course.slug, question, scope)
        speaks = self._weighing.speaks(self._actor, self._course.slug, question, found)
        tick()
        return MODEL.confidence(values), not speaks

    def _search(self, text: str, limit: int) -> list[Place]:
        hits = self._tools.searching.search(self._actor, self._course.slug, text, limit=limit)
        return [self._place(hit.passage.asset_id, hit.passage.lesson_id, hit) for hit in hits]

    def _place(self, asset_id: str, lesson_id: str, found: Any) -> Place:
        said = list(found.passage.sentences)
        while len(said) > 1 and (asset_id, said[0].locator) in self._headings:
            del said[0]  # a hit that opens at a paragraph's heading opens at the paragraph
        text = " ".join(row.text for row in said) or found.text
        return Place(document=self._names[asset_id], locator=found.locator, text=text)

    def _ask(self, text: str) -> Answer:
        return self._tools.asking.ask(self._actor, self._course.slug, text, mode="quote")

    def _cited(self, answer: Answer) -> Iterator[Place]:
        for row in answer.citations:
            yield Place(document=self._names[row.asset_id], locator=row.locator, text=row.quote)

    def _homes(self, question: Question) -> frozenset[str]:
        return frozenset(self._lessons[name] for name in question.documents if name in self._lessons)


def _share(rows: Iterator[bool]) -> float:
    told = list(rows)
    return sum(told) / max(1, len(told))
