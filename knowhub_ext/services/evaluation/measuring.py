"""Asks the questions of a set and says how right the hits and the citations were."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowhub_ext.domain.answers import Answer
from knowhub_ext.domain.scoring import Rank, hit_at, mean_reciprocal_rank, ndcg, percentile
from knowhub_ext.services.evaluation.judging import (
    Place,
    cites_right,
    first_right,
    off_from_said_ms,
    opens_off_ms,
    sentence_known,
)
from knowhub_ext.services.evaluation.sets import Question, QuestionSet, halves

TOP = 10
#: Figures that have an aim: at least, or at most, so much.
AIMS = {
    "of_these_within_2s": ("≥", 0.8), "answerable_refused": ("≤", 0.02), "far_refused": ("≥", 0.99),
    "near_auc": ("≥", 0.85),
}
#: Hits looked at to find `TOP` documents.
DEEP = 60
Search = Callable[[str, int], Sequence[Place]]
Ask = Callable[[str], Answer]
#: Called after each question, so that a person sees how far it is.
Tick = Callable[[], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What one system did with one question: how long, which rank was right, how far off the first one opened."""

    took_ms: float
    rank: Rank
    gain: float
    off_ms: int | None


def searched(questions: Iterable[Question], search: Search, tick: Tick) -> list[Found]:
    """Ask every question of a search; the time is that of the search alone."""
    return [_found(question, search, tick) for question in questions]


def _found(question: Question, search: Search, tick: Tick) -> Found:
    began = time.perf_counter()
    hits = search(question.text, DEEP if question.grades else TOP)
    took = (time.perf_counter() - began) * 1000
    if question.grades:
        hits = list({hit.document: hit for hit in reversed(hits)}.values())[::-1]
    rank = first_right(question, hits[:TOP])
    gain = ndcg([hit.document for hit in hits], question.grades) if question.grades else _gain(rank)
    tick()
    return Found(
        took_ms=took, rank=rank, gain=gain, off_ms=opens_off_ms(question, hits[0]) if rank == 1 else None
    )


def _gain(rank: Rank) -> float:
    return ndcg(["right" if n == rank else f"{n}" for n in range(1, TOP + 1)], {"right": 1})


def ranking_figures(found: Sequence[Found]) -> dict[str, float]:
    """Return the figures of a ranking by name; those of time only where answers have one."""
    ranks, times = [row.rank for row in found], [row.took_ms for row in found]
    off = [row.off_ms / 1000 for row in found if row.off_ms is not None]
    seconds = {"seek_median_s": percentile(off, 0.5), "opens_within_5s": sum(x <= 5 for x in off) / len(found)}
    return {
        **{f"hit@{k}": hit_at(ranks, k) for k in (1, 5, 10)}, "mrr@10": mean_reciprocal_rank(ranks),
        "ndcg@10": sum(row.gain for row in found) / max(1, len(found)), **(seconds if off else {}),
        "p50_ms": percentile(times, 0.5), "p95_ms": percentile(times, 0.95),
    }


def by_halves(questions: Sequence[Question], found: Sequence[Found]) -> list[dict[str, float]]:
    """Return the figures over every first and every second document's questions: what is learned on one half is
    judged on the other."""
    return [ranking_figures([found[n] for n in side]) for side in halves(questions) if side]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """What became of a question that was asked: refused or not, and which of its citations were right, in order."""

    refused: bool
    right: tuple[bool, ...]
    took_ms: float
    #: Whether the set knows which sentence answers.
    told: bool = False
    #: How far the first citation of the right sentence opens from it; None where none is, or nobody knows.
    off_ms: int | None = None


def asked(
    questions: Iterable[Question], ask: Ask, places: Callable[[Answer], Iterator[Place]], tick: Tick
) -> list[Answered]:
    """Ask every question; `places` says where the citations of an answer stand."""
    rows = []
    for question in questions:
        answer = ask(question.text)
        cited = list(places(answer))
        off = [off for place in cited if (off := off_from_said_ms(question, place)) is not None]
        rows.append(Answered(
            refused=not answer.grounded, right=tuple(cites_right(question, place) for place in cited),
            took_ms=answer.took_ms, told=sentence_known(question), off_ms=off[0] if off else None,
        ))
        tick()
    return rows


def answer_figures(rows: Sequence[Answered]) -> dict[str, float]:
    """Return the figures of answers to questions that can be answered.

    Where a set knows the sentences: how many questions are answered from the right one, and of these how many open
    within two seconds of it, which is no number where there are none.
    """
    count, cited = max(1, len(rows)), [right for row in rows for right in row.right]
    off = [row.off_ms for row in rows if row.off_ms is not None]
    told = sum(row.told for row in rows)
    near = sum(x <= 2_000 for x in off) / len(off) if off else math.nan
    said = {"from_right_sentence": len(off) / max(1, told), "of_these_within_2s": near}
    return {
        "refused": sum(row.refused for row in rows) / count,
        "first_citation_right": sum(row.right[:1] == (True,) for row in rows) / count,
        "any_citation_right": sum(any(row.right) for row in rows) / count,
        "citation_precision": sum(cited) / max(1, len(cited)), **(said if told else {}),
        "p50_ms": percentile([row.took_ms for row in rows], 0.5),
        "p95_ms": percentile([row.took_ms for row in rows], 0.95),
    }


def foreign(one: QuestionSet, others: Iterable[QuestionSet]) -> list[Question]:
    """Return questions of other sets that nothing in this one answers: none of its documents, none of its questions."""
    texts = {question.text for question in one.questions}
    names = {path.stem for path in one.files}
    found = []
    for other in others:
        apart = not (texts & {q.text for q in other.questions}) and not (names & {p.stem for p in other.files})
        found += [q for q in other.questions if apart and other.name != one.name and other.kind != "documents"]
    return found


