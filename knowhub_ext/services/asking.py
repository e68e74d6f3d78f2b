"""Answers: a model proposes text or the course is quoted, and code binds every citation or drops it."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from knowhub_ext.domain.answers import Answer, AnswerSentence, Citations, cite
from knowhub_ext.domain.passages import Passage
from knowhub_ext.domain.people import Actor
from knowhub_ext.domain.quoting import best_sentences, relevant
from knowhub_ext.domain.ranking import rarity
from knowhub_ext.domain.texts import canonical
from knowhub_ext.errors import ChatModelFailed, UserError
from knowhub_ext.ports import ChatModel, Prompt
from knowhub_ext.services.searching import Searching
from knowhub_ext.services.weighing import Weighing

_log = logging.getLogger("knowhub.asking")
#: So many places of the course, none overlapping another, are weighed for an answer.
QUOTED = 8
PROMPTED = 6
MODES = ("quote", "model")


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One server-sent event on the way to an answer: `passages`, `token`, `sentence`, `done`."""

    kind: str
    data: dict[str, Any] = field(default_factory=dict)
    answer: Answer | None = None


class Asking:
    """`chat` is None where no chat model is configured; quoting always works."""

    def __init__(self, searching: Searching, chat: ChatModel | None, *, hint: str) -> None:
        self._searching = searching
        self._weighing = Weighing(searching)
        self._chat = chat
        self._hint = hint

    def describe(self) -> dict[str, Any]:
        """Say which mode answers here, with which model, and how to get one where there is none."""
        if self._chat is None:
            return {"mode": "quote", "model": None, "hint": self._hint}
        return {"mode": "model", "model": self._chat.name, "hint": None}

    def ask(
        self, actor: Actor, course: str, question: str, *, mode: str | None = None, lesson: str | None = None
    ) -> Answer:
        """Return the answer to a question.

        Raises:
            NotFound: no such course.
            UserError: an unknown mode, or `model` where there is none.
            ChatModelFailed: `model` was asked for by name and gave no usable reply.
        """
        for step in self.steps(actor, course, question, mode=mode, lesson=lesson):
            if step.answer is not None:
                return step.answer
        raise AssertionError("the last step carries the answer")

    def steps(
        self, actor: Actor, course: str, question: str, *, mode: str | None = None, lesson: str | None = None
    ) -> Iterator[Step]:
        """Yield what happens on the way; the last step is `done` with the answer."""
        started = time.perf_counter()
        chosen = self._mode(mode)
        question = canonical(question).strip()
        passages, sure = self._passages(actor, course, question, lesson)
        yield Step(kind="passages", data={"items": [_passage_json(p) for p in passages[:PROMPTED]]})
        if chosen == "model":
            try:
                yield from self._model(question, passages, started, sure)
                return
            except ChatModelFailed:
                if mode == "model":
                    raise
                _log.warning("the chat model failed; answering with quotes", exc_info=True)
        yield from self._quote(question, passages, started, sure)

    def _mode(self, mode: str | None) -> str:
        if mode is not None and mode not in MODES:
            raise UserError(f"'{mode}' is not a mode.", cure="Use `quote` or `model`.")
        if mode == "model" and self._chat is None:
            raise UserError("No chat model is configured.", cure=self._hint)
        return mode or ("model" if self._chat is not None else "quote")

    def _passages(
        self, actor: Actor, course: str, question: str, lesson: str | None
    ) -> tuple[list[Passage], bool]:
        """Return candidates, those of the preferred lesson first, the others in reach; and whether they surely speak of
        the question. None where the course surely does not."""
        found = self._searching.search(actor, course, question, limit=2 * QUOTED)
        if not self._weighing.speaks(actor, course, question, found):
            return [], False
        passages = [hit.passage for hit in found]
        if lesson is not None:
            passages.sort(key=lambda p: p.lesson_id != lesson)
        return passages[:QUOTED], self._weighing.judged(course)

    def _quote(self, question: str, passages: Sequence[Passage], started: float, sure: bool) -> Iterator[Step]:
        quotes = best_sentences(question, passages, self._searching.meanings(question, _texts(passages)), sure=sure)
        numbers = Citations()
        sentences = [
            AnswerSentence(index=i, text=q.sentence.text, citations=(numbers.number(q.passage, q.sentence),))
            for i, q in enumerate(quotes)
        ]
        yield from _sentence_steps(sentences, numbers)
        yield _done(Answer(
            question=question, mode="quote", sentences=tuple(sentences), citations=numbers.all(),
            took_ms=(time.perf_counter() - started) * 1000,
        ))

    def _model(self, question: str, passages: Sequence[Passage], started: float, sure: bool) -> Iterator[Step]:
        shown = passages[:PROMPTED] if sure else self._prompted(question, passages)
        binding = _Binding(shown)
        if shown:  # no evidence, no model call: it could only invent
            assert self._chat is not None
            for piece in self._chat.reply(Prompt(question=question, passages=shown)):
                yield Step(kind="token", data={"text": piece})
                yield from binding.add(piece)
        yield from binding.rest()
        yield _done(Answer(
            question=question, mode="model", sentences=tuple(binding.sentences), citations=binding.numbers.all(),
            took_ms=(time.perf_counter() - started) * 1000,
        ))

    def _prompted(self, question: str, passages: Sequence[Passage]) -> list[Passage]:
        weights = rarity([p.text for p in passages])
        texts = [p.text for p in passages]
        near = self._searching.meanings(question, texts) or {}
        return [p for p in passages if relevant(question, p, weights, near.get(p.text, 0.0))][:PROMPTED]


class _Binding:
    """Turns a growing reply into bound sentences. The last two stay draft: their marks may still be on the way."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.numbers = Citations()
        self.sentences: list[AnswerSentence] = []
        self._passages = passages
        self._text = ""

    def add(self, piece: str) -> Iterator[Step]:
        self._text += piece
        if any(mark in piece for mark in ".!?\n"):  # only then can another sentence be whole
            yield from self._emit(keep=2)

    def rest(self) -> Iterator[Step]:
        yield from self._emit(keep=0)

    def _emit(self, *, keep: int) -> Iterator[Step]:
        bound = cite(self._text, self._passages)
        for plain, pairs in bound[len(self.sentences) : len(bound) - keep]:
            numbers = tuple(self.numbers.number(self._passages[n], sentence) for n, sentence in pairs)
            sentence = AnswerSentence(index=len(self.sentences), text=plain, citations=numbers)
            self.sentences.append(sentence)
            yield from _sentence_steps([sentence], self.numbers)


def _sentence_steps(sentences: Sequence[AnswerSentence], numbers: Citations) -> Iterator[Step]:
    by_number = {c.n: c.to_json() for c in numbers.all()}
    for sentence in sentences:
        data = sentence.to_json() | {"sources": [by_number[n] for n in sentence.citations]}
        yield Step(kind="sentence", data=data)


def _texts(passages: Sequence[Passage]) -> list[str]:
    return list(dict.fromkeys(s.text for p in passages for s in p.sentences))


def _done(answer: Answer) -> Step:
    return Step(kind="done", data=answer.to_json(), answer=answer)


def _passage_json(passage: Passage) -> dict[str, Any]:
    return {
        "lesson": passage.lesson_id, "asset": passage.asset_id, "title": passage.title,
        "locator": passage.locator.to_json(), "text": passage.text,
    }
