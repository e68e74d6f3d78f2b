"""Learns how a sentence sounds that begins an answer, on every second lecture, and shows it on the others.

`python -m tests.bench.openings` needs the evaluation data. It prints how well the weights of one half tell the
beginnings of the other, and the weights learned on all of them, for `domain/openings.py`.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowhub_ext.backends.timedlines import read_vtt
from knowhub_ext.domain.openings import FIRST, HELD, Weights, begins
from knowhub_ext.domain.scoring import area_under_curve
from knowhub_ext.services.evaluation.sets import Stretch, read_sets
from tests.bench.logistic import fit
from tests.bench.measuring import EVAL

#: An answer begins with a sentence that starts within so much of it, in ms.
_BESIDE_MS = 2_000


@dataclass(frozen=True, kw_only=True)
class Row:
    """A sentence of a lecture; `begins`: one of the labelled answers begins with it."""

    half: int
    text: str
    begins: bool


def collect(scratch: Path) -> list[Row]:
    """Return every sentence of every lecture."""
    [asked] = read_sets(EVAL / "lecture_qa", scratch)
    starts: dict[str, set[int]] = {}
    for question in asked.questions:
        for place in question.wanted:
            if isinstance(place, Stretch):
                starts.setdefault(place.document, set()).add(place.start_ms)
    rows = []
    for number, file in enumerate(sorted(asked.files, key=lambda path: path.stem)):
        for cue in read_vtt(file.read_text()).cues:
            near = any(abs(cue.start_ms - start) <= _BESIDE_MS for start in starts.get(file.stem, ()))
            rows.append(Row(half=number % 2, text=cue.text, begins=near))
    return rows


def learn(rows: Sequence[Row], *, ridge: float = 0.004) -> Weights:
    """Return the weights of all words and phrases, by logistic regression."""
    columns = [Weights(first={word: 1.0}, held={}, mean=0.0) for word in FIRST]
    columns += [Weights(first={}, held={phrase: 1.0}, mean=0.0) for phrase in HELD]
    matrix = np.array([[*(begins(row.text, one) for one in columns), 1.0] for row in rows])
    beta = fit(matrix, np.array([float(row.begins) for row in rows]), np.ones(len(rows)), ridge=ridge)
    told = [round(float(x), 2) for x in beta]
    first, held = dict(zip(FIRST, told, strict=False)), dict(zip(HELD, told[len(FIRST) :], strict=False))
    mean = float(np.mean([begins(row.text, Weights(first=first, held=held, mean=0.0)) for row in rows]))
    return Weights(first=first, held=held, mean=round(mean, 2))


def main() -> int:
    if not EVAL.is_dir():
        print("No evaluation data (KNOWHUB_EVAL_DATA).", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        rows = collect(Path(scratch))
    for half in (0, 1):
        weights = learn([row for row in rows if row.half != half])
        told = [(begins(row.text, weights), row.begins) for row in rows if row.half == half]
        curve = area_under_curve([x for x, yes in told if yes], [x for x, yes in told if not yes])
        share = sum(yes for _, yes in told) / len(told)
        print(f"half {half}: {len(told)} sentences, {share:.3f} begin an answer, AUC {curve:.3f} learned on the other")
    print(learn(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
