"""Learns when the course speaks of a question, on one half of the documents, and shows it on the other.

`python -m tests.bench.evidence` needs the evaluation data. Questions about lectures and about articles are put to their
own course (counted where the right place is among those looked at), to it without the document that answers (near
misses), and to the other course (far). It prints the figures and the model for `domain/evidence.py`.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from knowhub_ext.domain.evidence import FEATURES, MODEL, Features, Model
from knowhub_ext.domain.scope import Scope
from knowhub_ext.domain.scoring import area_under_curve, coverage_at
from knowhub_ext.hub import Hub
from knowhub_ext.services.evaluation.judging import Place, first_right
from knowhub_ext.services.evaluation.sets import Question, QuestionSet, halves, read_sets
from knowhub_ext.services.weighing import Weighing
from knowhub_ext.testing.hubs import plain_hub, run_jobs
from tests.bench.logistic import fit
from tests.bench.measuring import EVAL
from tests.bench.near_misses import NOT_ANSWERED

SETS = ("lecture_qa", "passage_qa")
#: So many of the questions that can be answered may be refused.
REFUSED = 0.02


@dataclass(frozen=True, kw_only=True)
class Row:
    """One question put to one course. `kind`: `found`, `missed` (the right place is not among those), `near`, `far`.

    `checked`: of a near miss, that somebody read what other lectures say and found no answer in it.
    """

    course: str
    kind: str
    half: int
    values: Features
    checked: bool = False


def collect(folder: Path, scratch: Path, every: int) -> list[Row]:
    """Put every question to the courses; return what the model is to look at."""
    sets = [one.every(every) for one in read_sets(folder, scratch / "corpus") if one.name in SETS]
    rows: list[Row] = []
    with plain_hub(scratch / "hub", embedder="auto") as hub:
        me = hub.people.local()
        for one in sets:
            hub.courses.create(me, slug(one), one.name)
            hub.ingest.add(me, slug(one), one.files)
        run_jobs(hub)
        for one in sets:
            rows += _own(hub, one, every)
            for other in sets:
                if other is not one:
                    rows += _far(hub, one, other)
    return rows


def slug(one: QuestionSet) -> str:
    return one.name.replace("_", "-")


def _far(hub: Hub, one: QuestionSet, other: QuestionSet) -> list[Row]:
    me, weighing = hub.people.local(), Weighing(hub.searching)
    return [
        Row(
            course=one.name, kind="far", half=half,
            values=weighing.evidence(me, slug(one), other.questions[number].text)[0],
        )
        for half, side in enumerate(halves(other.questions)) for number in side
    ]


def _own(hub: Hub, one: QuestionSet, every: int) -> list[Row]:
    me = hub.people.local()
    with hub.store.read() as tx:
        assets = tx.assets.of_course(tx.courses.get(slug(one)).id)
    names = {asset.id: Path(asset.key).stem for asset in assets}
    homes = {Path(asset.key).stem: asset.lesson_id for asset in assets}
    rows = []
    for half, side in enumerate(halves(one.questions)):
        for number, question in ((n, one.questions[n]) for n in side):
            values, found = Weighing(hub.searching).evidence(me, slug(one), question.text)
            places = [Place(document=names[h.passage.asset_id], locator=h.locator, text=h.text) for h in found]
            kind = "missed" if first_right(question, places) is None else "found"
            rows.append(Row(course=one.name, kind=kind, half=half, values=values))
            without = _without(hub, one, question, homes)
            checked = one.name == "lecture_qa" and number * every in NOT_ANSWERED
            rows.append(Row(course=one.name, kind="near", half=half, values=without, checked=checked))
    return rows


def _without(hub: Hub, one: QuestionSet, question: Question, homes: dict[str, str]) -> Features:
    scope = Scope(without=frozenset(homes[name] for name in question.documents))
    return Weighing(hub.searching).evidence(hub.people.local(), slug(one), question.text, scope)[0]


def learn(rows: Sequence[Row], *, ridge: float = 0.01) -> Model:
    """Fit logistic regression by Newton's method, found against far and near; kinds and courses weigh alike."""
    used = [row for row in rows if row.kind != "missed"]
    values = np.array([row.values for row in used])
    means, spreads = values.mean(0), values.std(0) + 1e-9
    matrix = np.c_[(values - means) / spreads, np.ones(len(used))]
    wanted = np.array([row.kind == "found" for row in used], dtype=float)
    weigh = _weights(used)
    beta = fit(matrix, wanted, weigh, ridge=ridge)
    bias = round(float(beta[-1]), 5)
    model = Model(
        embedder=MODEL.embedder, means=_row(means), spreads=_row(spreads), weights=_row(beta[:-1]), bias=bias,
        threshold=0,
    )
    return replace(model, threshold=_threshold(model, rows))


#: How much each kind counts in learning, whatever their numbers.
SHARES = {"found": 1.0, "far": 1.0, "near": 0.15}


def _weights(rows: Sequence[Row]) -> Any:
    keys = [(row.course, row.kind) for row in rows]
    count = {key: keys.count(key) for key in set(keys)}
    return np.array([SHARES[kind] / count[course, kind] for course, kind in keys])


def _threshold(model: Model, rows: Sequence[Row]) -> float:
    """Return the highest threshold under which no course refuses more than `REFUSED` of what it can answer."""
    found = [row for row in rows if row.kind == "found"]
    return min(
        round(float(np.quantile([model.confidence(row.values) for row in found if row.course == course], REFUSED)), 5)
        for course in {row.course for row in found}
    )


def _row(values: Any) -> Features:
    return tuple(round(float(value), 5) for value in values)


def report(model: Model, rows: Sequence[Row], title: str) -> None:
    print(f"\n{title}")
    for course in sorted({row.course for row in rows}):
        told = {
            kind: [model.confidence(row.values) for row in rows if row.course == course and row.kind == kind]
            for kind in ("found", "missed", "near", "far")
        }
        refused = {kind: sum(x < model.threshold for x in xs) / max(1, len(xs)) for kind, xs in told.items()}
        shares = ", ".join(f"{kind} {share:.4f} of {len(told[kind])}" for kind, share in refused.items())
        print(f"  {course}: refused {shares}")
        print(
            f"    far AUC {area_under_curve(told['found'], told['far']):.4f}, "
            f"near AUC {area_under_curve(told['found'], told['near']):.4f}, "
            f"near with those missed {area_under_curve(told['found'] + told['missed'], told['near']):.4f}, "
            f"coverage at 95 % of near refused {coverage_at(told['found'], told['near']):.3f}"
        )
        checked = [model.confidence(row.values) for row in rows if row.course == course and row.checked]
        if checked:
            print(
                f"    near misses read by hand, {len(checked)}: AUC {area_under_curve(told['found'], checked):.4f} "
                f"(target ≥ .85), coverage at 95 % of them refused {coverage_at(told['found'], checked):.3f}"
            )


def main() -> None:
    every = 10 if "--quick" in sys.argv else 1
    with tempfile.TemporaryDirectory() as scratch:
        rows = collect(EVAL, Path(scratch), every)
    if "--save" in sys.argv:
        import pickle

        Path(sys.argv[sys.argv.index("--save") + 1]).write_bytes(pickle.dumps(rows))
    for side in (0, 1):
        report(learn([r for r in rows if r.half == side]), [r for r in rows if r.half != side],
               f"learned on half {side + 1}, judged on the other")
    final = learn(rows)
    report(final, rows, "learned on all")
    print(f"\n{FEATURES}\n{final}")


if __name__ == "__main__":
    main()
