"""A course of any size that real questions can be asked of: real lectures first, then a mass of made ones.

The mass is made of real sentences cut in two and joined crosswise, so that its words are as common as in speech and no
sentence of a real lecture stands in it. Its vectors are made of the real ones, perturbed: nothing is to be encoded.
"""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from knowhub_ext.domain.passages import Passage, of_segments
from knowhub_ext.domain.segments import Segment
from knowhub_ext.ports import Embedder
from knowhub_ext.services.embedding import OPENING, vectors_of
from tests.bench import texts
from tests.bench.measuring import EVAL

_SENTENCE_MS = 4_000
_SEED = 20_252
#: Length of the noise that a made sentence's vector gets, beside two real ones of length 1.
_NOISE = 0.7
_CUE = re.compile(r"(?:(\d+):)?(\d+):(\d+)\.(\d+) --> (?:(\d+):)?(\d+):(\d+)\.(\d+)")


@dataclass(frozen=True, kw_only=True)
class Lecture:
    """`vectors`: one row a passage, unit length."""

    name: str
    passages: list[Passage]
    vectors: Any


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question about a real lecture and where its answer is, half-open."""

    text: str
    lecture: str
    start_ms: int
    end_ms: int


def real(embedder: Embedder, lectures: int) -> list[Lecture]:
    """Return the captioned lectures of the evaluation data, at most so many, with vectors of the embedder."""
    found = []
    for path in sorted((EVAL / "lecture_qa").glob("*.vtt"))[:lectures]:
        passages = of_segments(cues(path.read_text("utf-8")))
        rows = np.asarray(vectors_of(embedder, passages), dtype=np.float32)
        found.append(Lecture(name=path.stem, passages=passages, vectors=rows))
    return found


def questions(lectures: Sequence[Lecture], count: int) -> list[Asked]:
    """Return so many questions about these lectures, the same ones at every call."""
    names = {lecture.name for lecture in lectures}
    rows = [json.loads(row) for row in (EVAL / "lecture_qa" / "questions.jsonl").read_text("utf-8").splitlines()]
    asked = [
        Asked(
            text=row["question"], lecture=row["video"], start_ms=round(row["start"] * 1000),
            end_ms=round(row["end"] * 1000),
        ) for row in rows if row["video"] in names
    ]
    return random.Random(_SEED).sample(asked, min(count, len(asked)))


def made(lectures: Sequence[Lecture]) -> Iterator[Lecture]:
    """Yield lectures without end, each of `texts.LECTURE` sentences, made of the real ones."""
    chance, noise = random.Random(_SEED), np.random.default_rng(_SEED)
    pool = list(itertools.islice(texts.sentences(), 20_000))
    vectors = np.concatenate([lecture.vectors for lecture in lectures])
    for number in itertools.count(1):
        rows = [
            Segment(start_ms=n * _SENTENCE_MS, end_ms=(n + 1) * _SENTENCE_MS, text=_crossed(chance, pool))
            for n in range(texts.LECTURE)
        ]
        passages = of_segments(rows)
        yield Lecture(name=f"made-{number}", passages=passages, vectors=_perturbed(noise, vectors, len(passages)))


def _crossed(chance: random.Random, pool: Sequence[str]) -> str:
    """Return the first half of one sentence and the second half of another."""
    one, other = (chance.choice(pool).split() for _ in range(2))
    return " ".join([*one[: (len(one) + 1) // 2], *other[len(other) // 2 :]])


def _perturbed(noise: np.random.Generator, vectors: Any, count: int) -> Any:
    """Return vectors made as those of passages are: of the opening sentence, and of the five from there on."""
    near = 5
    picked = vectors[noise.integers(len(vectors), size=(count + near, 2))].sum(axis=1)
    away = noise.standard_normal(picked.shape).astype(np.float32)
    one = _unit(picked + _NOISE * _unit(away))
    sums = _unit(sum(one[at : count + at] for at in range(near)))
    return _unit(OPENING * one[:count] + sums)


def _unit(rows: Any) -> Any:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def cues(vtt: str) -> list[Segment]:
    """Return the cues of a WebVTT file, each as it stands."""
    found = []
    for block in vtt.split("\n\n"):
        head, _, said = block.strip().partition("\n")
        if cue := _CUE.match(head):
            hours, minutes, seconds, ms, *end = (int(part or 0) for part in cue.groups())
            start_ms = ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms
            end_ms = ((end[0] * 60 + end[1]) * 60 + end[2]) * 1000 + end[3]
            found.append(Segment(start_ms=start_ms, end_ms=end_ms, text=said.replace("\n", " ")))
    return found
