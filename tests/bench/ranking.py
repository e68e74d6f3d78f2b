"""Questions people asked about lectures, and the second that answers: KnowHub beside the usual ways to search.

`python -m tests.bench.ranking` needs the evaluation data (`KNOWHUB_EVAL_DATA`, else `../shared/eval`). Lectures are put
in as caption files, through the pipeline; every question is asked of all lectures at once. The questions of every
second video are shown beside the others: what differs between the halves is chance. No half was kept apart so far.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowhub_ext.domain.locators import TimeSpan
from knowhub_ext.domain.passages import Passage, Window, of_segments
from knowhub_ext.domain.segments import Segment
from knowhub_ext.domain.texts import query_terms
from knowhub_ext.hub import Hub
from knowhub_ext.testing.hubs import plain_hub, run_jobs
from tests.bench.figures import Figure, Section, as_text
from tests.bench.measuring import EVAL, Options, Unavailable
from tests.bench.scoring import fuse

#: A hit that is longer earns nothing.
LONGEST_MS = 60_000
TOP, CANDIDATES = 10, 60
_BASE = Window(sentences=5, step=2, max_ms=45_000)
TARGETS = {"hit@1": ".52", "hit@5": ".78", "MRR@10": ".63", "opens within 5 s": ".28"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a hit lies: the lecture by its file's stem, milliseconds."""

    video: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the stretch that answers it."""

    text: str
    answer: Place
    #: Of the second half of the videos.
    second: bool


Search = Callable[[str], Sequence[Place]]


def sections(options: Options) -> list[Section]:
    """Return a section a system, KnowHub first.

    Raises:
        Unavailable: the evaluation data are not there.
    """
    folder = EVAL / "lecture_qa"
    if not folder.is_dir():
        raise Unavailable("no evaluation data (KNOWHUB_EVAL_DATA)")
    questions = _questions(folder)[:: 10 if options.quick else 1]
    with plain_hub(options.scratch / "ranking", embedder="auto") as hub:
        videos = _put_in(hub, folder)
        systems = _systems(hub, videos)
        about = f"{len(questions)} questions over {len(videos)} lectures, asked of all of them at once"
        return [
            Section(title=f"The right second: {name}", about=about, figures=_measured(name, search, questions))
            for name, search in systems.items()
        ]


def _questions(folder: Path) -> list[Asked]:
    rows = [json.loads(line) for line in (folder / "questions.jsonl").read_text("utf-8").splitlines() if line.strip()]
    order = sorted({row["video"] for row in rows})
    return [
        Asked(row["question"], Place(row["video"], round(row["start"] * 1000), round(row["end"] * 1000)),
              second=order.index(row["video"]) % 2 == 1)
        for row in rows
    ]


def _put_in(hub: Hub, folder: Path) -> Mapping[str, str]:
    """Add every caption file; return the stem of the file by lesson."""
    me = hub.people.local()
    hub.courses.create(me, "lectures", "Lectures")
    hub.ingest.add(me, "lectures", sorted(folder.glob("*.vtt")))
    run_jobs(hub)
    with hub.store.read() as tx:
        return {asset.lesson_id: Path(asset.key).stem for asset in tx.assets.of_course(tx.courses.get("lectures").id)}


def _systems(hub: Hub, videos: Mapping[str, str]) -> dict[str, Search]:
    me = hub.people.local()
    with hub.store.read() as tx:
        assets = tx.assets.of_course(tx.courses.get("lectures").id)
        spoken = {}
        for asset in assets:
            transcript = tx.transcripts.current(asset.id, words=False)
            spoken[videos[asset.lesson_id]] = transcript.segments if transcript else ()

    def ours(question: str) -> list[Place]:
        hits = hub.searching.search(me, "lectures", question, limit=TOP)
        return [_place(videos[hit.passage.lesson_id], hit.passage) for hit in hits]

    plain = _Plain(hub, spoken)
    return {
        "KnowHub": ours, "FTS5, porter, bm25": plain.by_words, "vectors": plain.by_vectors,
        "both, reciprocal rank fusion": plain.by_both,
    }


def _place(video: str, passage: Passage) -> Place:
    assert isinstance(passage.locator, TimeSpan)
    return Place(video, passage.locator.start_ms, passage.locator.end_ms)


class _Plain:
    """Windows of lectures in FTS5 and as vectors, searched as anybody would."""

    def __init__(self, hub: Hub, spoken: Mapping[str, Sequence[Segment]]) -> None:
        made = [(video, passage) for video, rows in spoken.items() for passage in of_segments(rows, _BASE)]
        self._places = [_place(video, passage) for video, passage in made]
        self._embed = hub.chosen.embedder.embed
        self._vectors = _matrix(self._embed([passage.text for _, passage in made]))
        self._words = sqlite3.connect(":memory:")
        self._words.execute("CREATE VIRTUAL TABLE words USING fts5(body, tokenize='porter unicode61')")
        rows = [(number, passage.text) for number, (_, passage) in enumerate(made)]
        self._words.executemany("INSERT INTO words(rowid, body) VALUES (?, ?)", rows)

    def by_words(self, question: str) -> list[Place]:
        return [self._places[int(number)] for number in self._worded(question)[:TOP]]

    def by_vectors(self, question: str) -> list[Place]:
        return [self._places[int(number)] for number in self._near(question)[:TOP]]

    def by_both(self, question: str) -> list[Place]:
        fused = fuse([self._worded(question), self._near(question)])
        return [self._places[int(number)] for number, _ in fused[:TOP]]

    def _worded(self, question: str) -> list[str]:
        terms = " OR ".join(f'"{term}"' for term in query_terms(question))
        sql = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?"
        return [str(number) for number, in self._words.execute(sql, (terms, CANDIDATES))] if terms else []

    def _near(self, question: str) -> list[str]:
        scores = self._vectors @ _matrix(self._embed([question]))[0]
        return [str(number) for number in (-scores).argsort()[:CANDIDATES]]


def _matrix(rows: Sequence[Sequence[float]]) -> Any:
    import numpy as np

    return np.asarray(rows, dtype=np.float32)


def _measured(name: str, search: Search, questions: Sequence[Asked]) -> list[Figure]:
    found = [(asked, list(search(asked.text))) for asked in questions]
    halves = [_scores([row for row in found if row[0].second is second]) for second in (False, True)]
    ours = name == "KnowHub"
    return [
        Figure(
            what=what, value=value, unit="s" if what.startswith("seek") else "of 1", headline=ours,
            note=f"by halves {halves[0][what]:.3f} and {halves[1][what]:.3f}"
            + (f"; target ≥ {TARGETS[what]}" if ours and what in TARGETS else ""),
        )
        for what, value in _scores(found).items()
    ]


def _scores(found: Sequence[tuple[Asked, Sequence[Place]]]) -> dict[str, float]:
    """Return hit@k, the mean reciprocal rank, how far the first hit opens from the answer's start where it is right
    (median), and the share of all first hits that are right and open within 5 s of it."""
    ranks = [next(_right(asked.answer, hits), 0) for asked, hits in found]
    off = [
        abs(hits[0].start_ms - asked.answer.start_ms) / 1000
        for (asked, hits), rank in zip(found, ranks, strict=True) if rank == 1
    ]
    count = max(1, len(found))
    return {
        **{f"hit@{k}": sum(0 < rank <= k for rank in ranks) / count for k in (1, 5, 10)},
        "MRR@10": sum(1 / rank for rank in ranks if rank) / count,
        "seek error, median": statistics.median(off) if off else float("nan"),
        "opens within 5 s": sum(x <= 5 for x in off) / count,
    }


def _right(answer: Place, hits: Sequence[Place]) -> Iterator[int]:
    for rank, hit in enumerate(hits[:TOP], 1):
        overlaps = hit.start_ms < answer.end_ms and hit.end_ms > answer.start_ms
        if hit.video == answer.video and overlaps and hit.end_ms - hit.start_ms <= LONGEST_MS:
            yield rank


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        for part in sections(Options(quick="--quick" in sys.argv, scratch=Path(scratch))):
            print(as_text(part), flush=True)
