"""Answers: a model proposes text or the course is quoted, and code proves every citation or drops it."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from knowhub_ext.domain.answers import Answer, Quote
from knowhub_ext.domain.contexts import BY_ITSELF, Context
from knowhub_ext.domain.passages import Passage
from knowhub_ext.domain.people import Actor
from knowhub_ext.domain.quoting import best_sentences, relevant
from knowhub_ext.domain.ranking import rarity
from knowhub_ext.domain.scope import Moment, Scope
from knowhub_ext.domain.texts import canonical
from knowhub_ext.errors import ChatModelFailed, ChatModelResting, UserError
from knowhub_ext.ports import ChatModel, Prompt
from knowhub_ext.services.binding import Binding, Step
from knowhub_ext.services.history import History
from knowhub_ext.services.moments import Heard, Moments
from knowhub_ext.services.rewriting import Inquiry, inquiry
from knowhub_ext.services.searching import Found, Searching
from knowhub_ext.services.weighing import Weighing

__all__ = ["Asking", "Manner", "Step"]

_log = logging.getLogger("knowhub.asking")
#: So many places of the course, none overlapping another, are weighed for an answer.
QUOTED = 8
PROMPTED = 6
#: So many lessons are named where a question is refused.
NEAREST = 3
MODES = ("quote", "model")
IN_ANOTHER_LANGUAGE = (
    "The chat model answered in another language than the course, so its sentences cannot be proven; "
    "what the course says itself is quoted."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Manner:
    """How answers are shown. `unproven`: whether what the course does not prove stands `apart`, or is `drop`ped."""

    unproven: str = "apart"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """Where a question was asked: in a lesson, at a moment of it."""

    lesson_id: str | None
    moment: Moment | None


class Asking:
    """`chat` is None where no chat model is configured; quoting always works."""

    def __init__(
        self, searching: Searching, chat: ChatModel | None, *, hint: str, manner: Manner | None = None,
        history: History | None = None, moments: Moments | None = None,
    ) -> None:
        self._history, self._moments = history, moments
        self._searching = searching
        self._weighing = Weighing(searching)
        self._chat = chat
        self._hint = hint
        self._apart = (manner or Manner()).unproven == "apart"

    def describe(self) -> dict[str, Any]:
        """Say which mode answers here, with which model, and how to get one where there is none."""
        if self._chat is None:
            return {"mode": "quote", "model": None, "hint": self._hint}
        return {"mode": "model", "model": self._chat.name, "hint": None}

    def ask(
        self, actor: Actor, course: str, question: str, *, mode: str | None = None, lesson: str | None = None,
        context: Context = BY_ITSELF,
    ) -> Answer:
        """Return the answer to a question.

        Raises:
            NotFound: no such course.
            UserError: an unknown mode, or `model` where there is none.
            ChatModelFailed: `model` was asked for by name and gave no usable reply.
        """
        for step in self.steps(actor, course, question, mode=mode, lesson=lesson, context=context):
            if step.answer is not None:
                return step.answer
        raise AssertionError("the last step carries the answer")

    def steps(
        self, actor: Actor, course: str, question: str, *, mode: str | None = None, lesson: str | None = None,
        context: Context = BY_ITSELF,
    ) -> Iterator[Step]:
        """Yield what happens on the way; the last step is `done` with the answer.

        A question that leans on those before it is searched as what it means (`rewritten_query` of the answer). A
        refusal names the lessons that come nearest, as a way on, not as sources.
        """
        started, chosen = time.perf_counter(), self._mode(mode)
        self._searching.admit(actor, course)
        heard = self._heard(actor, lesson, context.at_ms)
        asked = inquiry(
            canonical(question).strip(), context.previous, self._chat if chosen == "model" else None,
            heard=heard.terms if heard else None,
        )
        reach = Reach(lesson_id=lesson, moment=heard.moment if heard else None)
        found = self._searching.search(actor, course, asked.query, limit=2 * QUOTED, opened=False)
        passages, sure = self._passages(actor, course, asked.query, reach, found)
        yield Step(kind="passages", data={"items": [_passage_json(p) for p in passages[:PROMPTED]]})
        for step in self._answered(asked, passages, started, sure=sure, mode=mode, chosen=chosen):
            answer = step.answer
            if answer is not None and not answer.grounded:
                answer = replace(answer, nearest=_lessons(found))
            if answer is not None:
                answer = replace(answer, moment=reach.moment)
            if answer is not None and self._history is not None and context.kept:
                answer = replace(answer, entry=self._history.keep(actor, course, lesson, answer))
            yield step if answer is None else _done(answer)

    def _answered(
        self, asked: Inquiry, passages: Sequence[Passage], started: float, *, sure: bool, mode: str | None, chosen: str
    ) -> Iterator[Step]:
        notice = ""
        if chosen == "model":
            try:
                yield from self._model(asked, passages, started, sure)
                return
            except ChatModelFailed as error:
                if mode == "model":
                    raise
                resting = isinstance(error, ChatModelResting)
                _log.warning("the chat model failed; answering with quotes", exc_info=not resting)
                # what the vendor said, and where it runs, is for the log
                notice = f"{type(error)().message} The course is quoted instead."
        yield from self._quote(asked, passages, started, sure=sure, notice=notice)

    def _mode(self, mode: str | None) -> str:
        if mode is not None and mode not in MODES:
            raise UserError(f"'{mode}' is not a mode.", cure="Use `quote` or `model`.")
        if mode == "model" and self._chat is None:
            raise UserError("No chat model is configured.", cure=self._hint)
        return mode or ("model" if self._chat is not None else "quote")

    def _heard(self, actor: Actor, lesson: str | None, at_ms: int | None) -> Heard | None:
        if at_ms is None or self._moments is None:
            return None
        if lesson is None:
            raise UserError("A second belongs to a lesson.", cure="Say which lesson is played, or leave it out.")
        return self._moments.before(actor, lesson, at_ms)

    def _passages(
        self, actor: Actor, course: str, query: str, reach: Reach, found: Sequence[Found]
    ) -> tuple[list[Passage], bool]:
        """Return candidates, nearest to where it was asked first; and whether they surely speak of the question. None
        where the course surely does not.

        Of what was said just now and of the lesson, the first that speaks of the question gives the candidates; where
        neither does, the course does, with those of the lesson first.
        """
        if reach.moment is not None:
            for scope in (Scope(moment=reach.moment), Scope(lessons=frozenset([reach.moment.lesson_id]))):
                near = self._searching.search(actor, course, query, limit=QUOTED, scope=scope, opened=False)
                if near and self._weighing.speaks(actor, course, query, near):
                    return [hit.passage for hit in near], self._weighing.judged(course)
        if not self._weighing.speaks(actor, course, query, found):
            return [], False
        passages = [hit.passage for hit in found]
        if reach.lesson_id is not None:
            passages.sort(key=lambda p: p.lesson_id != reach.lesson_id)
        return passages[:QUOTED], self._weighing.judged(course)

    def _quote(
        self, asked: Inquiry, passages: Sequence[Passage], started: float, *, sure: bool, notice: str
    ) -> Iterator[Step]:
        binding = Binding(passages, self._searching, apart=self._apart)
        yield from binding.quote([(q.passage, q.sentence) for q in self._quotes(asked.query, passages, sure)])
        yield _done(_answer(asked, "quote", binding, started, notice))

    def _quotes(self, question: str, passages: Sequence[Passage], sure: bool) -> list[Quote]:
        texts = list(dict.fromkeys(s.text for p in passages for s in p.sentences))
        return best_sentences(question, passages, self._searching.meanings(question, texts), sure=sure)

    def _model(self, asked: Inquiry, passages: Sequence[Passage], started: float, sure: bool) -> Iterator[Step]:
        shown = list(passages[:PROMPTED]) if sure else self._prompted(asked.query, passages)
        binding, notice = Binding(shown, self._searching, apart=self._apart), ""
        if shown:  # no evidence, no model call: it could only invent
            assert self._chat is not None
            reply = self._chat.reply(Prompt(question=asked.prompt, passages=shown))
            try:
                for piece in reply:
                    if not piece:
                        yield Step(kind="waiting")
                    elif self._apart:  # where what is unproven is dropped, its draft is not shown either
                        yield Step(kind="token", data={"text": piece})
                    yield from binding.add(piece)
            finally:  # who stops listening stops the model
                getattr(reply, "close", lambda: None)()
        yield from binding.rest()
        if shown and binding.foreign:
            notice = IN_ANOTHER_LANGUAGE
            yield from binding.quote([(q.passage, q.sentence) for q in self._quotes(asked.query, passages, sure)])
        yield _done(_answer(asked, "model", binding, started, notice))

    def _prompted(self, question: str, passages: Sequence[Passage]) -> list[Passage]:
        weights = rarity([p.text for p in passages])
        texts = [p.text for p in passages]
        near = self._searching.meanings(question, texts) or {}
        return [p for p in passages if relevant(question, p, weights, near.get(p.text, 0.0))][:PROMPTED]


def _answer(asked: Inquiry, mode: str, binding: Binding, started: float, notice: str) -> Answer:
    return Answer(
        question=asked.typed, rewritten_query=asked.rewritten, mode=mode, sentences=tuple(binding.sentences),
        citations=binding.numbers.all(),
        took_ms=(time.perf_counter() - started) * 1000, notice=notice,
    )


def _lessons(found: Sequence[Found]) -> tuple[tuple[str, str], ...]:
    titles = {hit.passage.lesson_id: hit.passage.title for hit in found}
    return tuple(titles.items())[:NEAREST]


def _done(answer: Answer) -> Step:
    return Step(kind="done", data=answer.to_json(), answer=answer)


def _passage_json(passage: Passage) -> dict[str, Any]:
    return {
        "lesson": passage.lesson_id, "asset": passage.asset_id, "title": passage.title,
        "locator": passage.locator.to_json(), "text": passage.text,
    }
