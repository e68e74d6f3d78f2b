"""Reading the best of a ranking again, each together with the question. What is searched at all is not decided here."""

from __future__ import annotations

from collections.abc import Sequence

from knowhub_ext.domain.ranking import reread
from knowhub_ext.domain.texts import canonical
from knowhub_ext.ports import Reranker
from knowhub_ext.store.database import Store

#: How many of the best are read again. Neighbours overlap, so these are fewer places; each costs a cross-encoder the
#: same.
READ_AGAIN = 32


class Reranking:
    """Does nothing where there is no reranker."""

    def __init__(self, store: Store, reranker: Reranker | None) -> None:
        self._store = store
        self._reranker = reranker

    def again(self, query: str, ranked: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
        """Return the ranking as it is after its best were read. No transaction is open while they are.

        Of each passage its first sentences are read, as its vector speaks of them: a hit opens where they begin.

        Raises:
            MissingWeights, DamagedWeights: the reranker's model is not there, or is none.
        """
        if self._reranker is None or not ranked:
            return list(ranked)
        with self._store.read() as tx:
            passages = tx.passages.many([i for i, _ in ranked[:READ_AGAIN]])
        scores = self._reranker.score(canonical(query), [passage.near for passage in passages])
        return reread(ranked, dict(zip((p.id for p in passages), scores, strict=True)), self._reranker.weight)

    def warm(self) -> None:
        """Load its model now."""
        if self._reranker is not None:
            self._reranker.score("warm", ["warm"])
