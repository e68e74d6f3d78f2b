"""Ten thousand passages and the questions to ask of them: real text where it is on this machine, made up otherwise."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from knowhub_ext.domain.passages import Passage, of_segments
from knowhub_ext.domain.segments import Segment
from knowhub_ext.domain.texts import sentence_spans
from tests.bench.measuring import EVAL, ROOT

#: Sentences of one made lecture: about 35 minutes at four seconds each.
LECTURE = 500
_SENTENCE_MS = 4_000
_SEED = 20_251


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """Lectures as lists of passages, questions, and in words where they are from."""

    lectures: list[list[Passage]]
    questions: list[str]
    origin: str

    @property
    def texts(self) -> list[str]:
        return [passage.text for lecture in self.lectures for passage in lecture]


def corpus(passages: int, questions: int) -> Corpus:
    """Return exactly so many passages and questions, the same ones at every call on one machine."""
    chance = random.Random(_SEED)
    real = _is_there()
    lines, asked = (_real_sentences(), _real_questions()) if real else _made(chance)
    chosen = chance.sample(asked, k=min(questions, len(asked)))
    origin = "lectures, articles and abstracts of the evaluation data" if real else "made-up words, Zipf's law"
    return Corpus(lectures=_lectures(lines, passages), questions=chosen, origin=origin)


def sentences() -> Iterator[str]:
    """Yield sentences without end, the same ones at every call on one machine."""
    return _real_sentences() if _is_there() else _made(random.Random(_SEED))[0]


def _is_there() -> bool:
    return (EVAL / "scifact" / "corpus.jsonl").is_file()


def _lectures(sentences: Iterator[str], passages: int) -> list[list[Passage]]:
    lectures: list[list[Passage]] = []
    left = passages
    while left > 0:
        rows = [
            Segment(start_ms=n * _SENTENCE_MS, end_ms=(n + 1) * _SENTENCE_MS, text=text)
            for n, text in zip(range(LECTURE), sentences, strict=False)
        ]
        lectures.append(of_segments(rows)[:left])
        left -= len(lectures[-1])
    return lectures


def _real_sentences() -> Iterator[str]:
    """Yield the sentences of the sample course, of captioned lectures, of articles, of abstracts; then again."""
    while True:
        for rows in json.loads((ROOT / "tests" / "fixtures" / "fullstack_truth.json").read_text("utf-8")).values():
            yield from (row["text"] for row in rows)
        for path in sorted((EVAL / "lecture_qa").glob("*.vtt")):
            lines = path.read_text("utf-8").splitlines()
            yield from (line for line in lines[1:] if line.strip() and "-->" not in line and not line.isdigit())
        for path in sorted((EVAL / "passage_qa").glob("*.md")):
            yield from _split(path.read_text("utf-8"))
        for line in (EVAL / "scifact" / "corpus.jsonl").read_text("utf-8").splitlines():
            yield from _split(json.loads(line)["text"])


def _split(text: str) -> Iterator[str]:
    for start, end in sentence_spans(text):
        yield text[start:end]


def _real_questions() -> list[str]:
    asked: list[str] = []
    for name, key in (("lecture_qa/questions", "question"), ("passage_qa/questions", "question")):
        asked += [json.loads(line)[key] for line in (EVAL / f"{name}.jsonl").read_text("utf-8").splitlines()]
    return asked


def _made(chance: random.Random) -> tuple[Iterator[str], list[str]]:
    """Return sentences and questions over 20,000 words whose frequencies follow Zipf's law (rank × count constant)."""
    syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
    words = list(dict.fromkeys("".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(30_000)))
    totals = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))

    def line(few: int, many: int, end: str) -> str:
        return " ".join(chance.choices(words, cum_weights=totals, k=chance.randint(few, many))).capitalize() + end

    def endless() -> Iterator[str]:
        while True:
            yield line(6, 28, ".")

    return endless(), [line(4, 10, "?") for _ in range(500)]
