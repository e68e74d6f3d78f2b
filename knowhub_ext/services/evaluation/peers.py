"""The usual ways to search the same texts: words, vectors, both by ranks. Computed anew in every run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowhub_ext.domain.locators import Locator, TextSpan
from knowhub_ext.domain.passages import Window, of_segments
from knowhub_ext.domain.texts import query_terms
from knowhub_ext.ports import Embedder, IndexEntry, VectorIndex
from knowhub_ext.services.evaluation.judging import Place
from knowhub_ext.store.database import Store, Tx
from knowhub_ext.store.plainwords import PlainWords

#: Windows of a lecture as people cut them: five sentences, at most 45 s, every other sentence.
_WINDOW = Window(sentences=5, step=2, max_ms=45_000)
#: How many candidates each ranking gives to the fusion.
_CANDIDATES = 60
#: Cormack, Clarke and Büttcher 2009, "Reciprocal rank fusion outperforms Condorcet…": k = 60.
_RRF_K = 60
NAMES = ("FTS5, porter, bm25", "vectors", "both, reciprocal rank fusion")


def units(store: Store, course_id: str, names: dict[str, str], *, whole: bool) -> list[Place]:
    """Return what the peers search: windows of lectures, and paragraphs of documents or, `whole`, each as one.

    Args:
        names: the name of each asset by its id; assets without one are left out.
    """
    found: list[Place] = []
    with store.read() as tx:
        for asset in tx.assets.of_course(course_id):
            if (name := names.get(asset.id)) is None:
                continue
            transcript = tx.transcripts.current(asset.id, words=False)
            if transcript is not None:
                rows = of_segments(transcript.segments, _WINDOW)
                found += [Place(document=name, locator=row.locator, text=row.text) for row in rows]
            elif (document := tx.contents.get(asset.id)) is not None and document.blocks:
                blocks = [Place(document=name, locator=b.locator, text=b.text) for b in document.blocks]
                joined = Place(document=name, locator=blocks[0].locator, text=document.text)
                found += [joined] if whole else blocks
    return found


def headings(tx: Tx, asset_ids: Iterable[str]) -> frozenset[tuple[str, Locator]]:
    """Return where the headings of these assets' texts stand: asset and locator."""
    return frozenset(
        (id_, block.locator) for id_ in asset_ids if (document := tx.contents.get(id_)) is not None
        for block in document.blocks if block.kind == "heading" and isinstance(block.locator, TextSpan)
    )


class Peers:
    """Searches `places` in the three ways of `NAMES`, vectors by the given embedder and, exactly, by an empty index."""

    def __init__(self, embedder: Embedder, index: VectorIndex, places: Sequence[Place]) -> None:
        self._places = places
        self._embedder = embedder
        self._index = index
        self._words = PlainWords([place.text for place in places])
        vectors = embedder.embed([place.text for place in places]) if places else []
        index.add([
            IndexEntry(passage_id=str(row), course_id="", vector=vector) for row, vector in enumerate(vectors)
        ])

    def search(self, way: str, question: str, limit: int) -> list[Place]:
        """Return the first `limit` places, best first."""
        if way == NAMES[0]:
            rows = self._by_words(question)
        elif way == NAMES[1]:
            rows = self._by_vectors(question)
        else:
            rows = fuse([self._by_words(question), self._by_vectors(question)])
        return [self._places[row] for row in rows[:limit]]

    def close(self) -> None:
        self._words.close()
        self._index.close()

    def _by_words(self, question: str) -> list[int]:
        return self._words.search(query_terms(question), _CANDIDATES)

    def _by_vectors(self, question: str) -> list[int]:
        hits = self._index.search(self._embedder.embed([question])[0], course_id="", limit=_CANDIDATES)
        return [int(hit.passage_id) for hit in hits]


def fuse(rankings: Iterable[Sequence[int]]) -> list[int]:
    """Fuse rankings, best first, by reciprocal rank: score = Σ 1/(k + rank). Ties keep the first seen."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, 1):
            scores[item] = scores.get(item, 0.0) + 1 / (_RRF_K + rank)
    return sorted(scores, key=lambda item: -scores[item])

