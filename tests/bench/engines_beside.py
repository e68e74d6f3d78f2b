"""The engines a search could be made of, plainly used; and, as a program, how much memory each takes when it is opened.

usearch comes with the extra `dev`; what is not installed is left out, and the table says so.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from knowhub_ext.backends import registry
from knowhub_ext.domain.texts import canonical, query_terms
from knowhub_ext.ports import Embedder
from knowhub_ext.services.searching import Searching
from knowhub_ext.testing.hubs import plain_hub
from tests.bench.measuring import EVAL, resident

CHROMA, EXACT = "the hub's Chroma", "the hub's exact index"
FTS5, NUMPY, PLAIN_CHROMA, USEARCH = "plain FTS5", "numpy, exact", "plain Chroma", "usearch"
NAMES = (NUMPY, PLAIN_CHROMA, USEARCH)
_ASKED = 20
_BATCH = 2_000


class Engine(Protocol):
    """Finds the nearest of vectors that are numbered as they came. `took_s`: seconds of making it."""

    path: Path
    took_s: float

    def add(self, vectors: Any) -> None: ...

    def save(self) -> None: ...

    def nearest(self, vector: Any, limit: int) -> list[int]: ...


class Numpy:
    def __init__(self, path: Path, dimensions: int) -> None:
        self.path, self.took_s = path / "plain.npy", 0.0
        self._rows = np.load(self.path) if self.path.exists() else np.zeros((0, dimensions), dtype=np.float32)
        self._new: list[Any] = []

    def add(self, vectors: Any) -> None:
        self._new.append(vectors)

    def save(self) -> None:
        began = time.perf_counter()
        self._rows, self._new = np.concatenate([self._rows, *self._new]), []
        np.save(self.path, self._rows)
        self.took_s += time.perf_counter() - began

    def nearest(self, vector: Any, limit: int) -> list[int]:
        scores = self._rows @ vector
        best = np.argpartition(-scores, min(limit, len(scores) - 1))[:limit]
        return [int(place) for place in best[np.argsort(-scores[best])]]


class PlainChroma:
    """One collection with the settings that Chroma has by itself, but for the cosine."""

    def __init__(self, path: Path, dimensions: int) -> None:
        import chromadb

        self.path, self.took_s = path / "plain-chroma", 0.0
        client = chromadb.PersistentClient(str(self.path), settings=chromadb.Settings(anonymized_telemetry=False))
        self._rows: Any = client.get_or_create_collection(
            "plain", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )
        self._count = self._rows.count()

    def add(self, vectors: Any) -> None:
        began = time.perf_counter()
        for start in range(0, len(vectors), _BATCH):
            part = vectors[start : start + _BATCH]
            self._rows.add(ids=[str(self._count + n) for n in range(len(part))], embeddings=part)
            self._count += len(part)
        self.took_s += time.perf_counter() - began

    def save(self) -> None:
        """It is kept already."""

    def nearest(self, vector: Any, limit: int) -> list[int]:
        found = self._rows.query(query_embeddings=[vector], n_results=limit, include=["distances"])
        return [int(place) for place in found["ids"][0]]


class Usearch:
    def __init__(self, path: Path, dimensions: int) -> None:
        from usearch.index import Index

        self.path, self.took_s = path / "plain.usearch", 0.0
        self._rows: Any = Index(ndim=dimensions, metric="cos", dtype="f32")
        if self.path.exists():
            self._rows.load(str(self.path))

    def add(self, vectors: Any) -> None:
        began = time.perf_counter()
        self._rows.add(np.arange(len(self._rows), len(self._rows) + len(vectors)), vectors)
        self.took_s += time.perf_counter() - began

    def save(self) -> None:
        self._rows.save(str(self.path))

    def nearest(self, vector: Any, limit: int) -> list[int]:
        return [int(place) for place in self._rows.search(vector, limit).keys]


class PlainWords:
    """FTS5, porter, bm25, in a file of its own. `took_s`: seconds of filling it."""

    def __init__(self, path: Path) -> None:
        self.path, self.took_s = path, 0.0
        self._table = sqlite3.connect(path)
        self._table.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS passage USING fts5(body, tokenize = 'porter unicode61')"
        )

    def add(self, texts: Sequence[str]) -> None:
        began = time.perf_counter()
        self._table.executemany("INSERT INTO passage (body) VALUES (?)", [(text,) for text in texts])
        self.took_s += time.perf_counter() - began

    def save(self) -> None:
        self._table.commit()

    def search(self, terms: Sequence[str], limit: int) -> list[int]:
        """Return the places of the best, from 0."""
        match = " OR ".join(f'"{term}"' for term in terms)
        found = self._table.execute(
            "SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY rank LIMIT ?", (match, limit)
        )
        return [row - 1 for row, in found] if match else []


_ENGINES: dict[str, Callable[[Path, int], Engine]] = {NUMPY: Numpy, PLAIN_CHROMA: PlainChroma, USEARCH: Usearch}
_PACKAGES = {PLAIN_CHROMA: "chromadb", USEARCH: "usearch"}


def missing() -> list[str]:
    """Return the packages of engines that are not installed."""
    return [package for package in _PACKAGES.values() if find_spec(package) is None]


def engines(folder: Path, dimensions: int) -> dict[str, Engine]:
    """Open each engine that is installed, on what the folder holds of it."""
    return {
        name: make(folder, dimensions) for name, make in _ENGINES.items() if _PACKAGES.get(name) not in missing()
    }


def chroma_index(folder: Path, embedder: Embedder) -> Callable[[], Any]:
    """Return how the hub's Chroma is opened there."""
    def opened() -> Any:
        folder.mkdir(exist_ok=True)
        return registry.create(
            "indexes", "chroma", path=folder, name=embedder.name, dimensions=embedder.dimensions
        )

    return opened


def exact_index() -> Any:
    return registry.create("indexes", "memory")


def main(name: str, folder: Path) -> int:
    """Return by how many bytes this process grew when it opened a system and asked some questions of it."""
    lines = (EVAL / "lecture_qa" / "questions.jsonl").read_text("utf-8").splitlines()[:_ASKED]
    texts = [json.loads(line)["question"] for line in lines]
    before = resident()
    if name in (CHROMA, EXACT):
        with plain_hub(folder / "data", embedder="auto") as hub:
            opening = chroma_index(folder / "index", hub.chosen.embedder) if name == CHROMA else exact_index
            searching = Searching(hub.store, hub.chosen.embedder, opening)
            for text in texts:
                searching.search(hub.people.local(), "shelf", text)
            grown = resident() - before
            searching.close()
            return grown
    if name == FTS5:
        words = PlainWords(folder / "plain.sqlite3")
        for text in texts:
            words.search(query_terms(canonical(text)), 10)
        return resident() - before
    chance = np.random.default_rng(0)
    engine = _ENGINES[name](folder, 384)
    for _ in texts:
        engine.nearest(chance.standard_normal(384).astype(np.float32), 10)
    return resident() - before


if __name__ == "__main__":
    print(main(sys.argv[1], Path(sys.argv[2])))
