"""Late interaction: how near each word of a question comes to any word of a passage, as each is meant where it stands.

One vector a passage says what it is about, and blurs what is said in it. An encoder makes a vector of each token on
the way; a question's tokens are compared with all of a passage's, the best of each counts (MaxSim; Khattab and Zaharia
2020, "ColBERT"). Of a passage's tokens only the signs are kept: 48 bytes each, and as good as the numbers
(docs/adr/0023).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from knowhub_ext.domain.embeddings import TokenVectors
from knowhub_ext.domain.locators import TimeSpan, meet
from knowhub_ext.domain.openings import begins
from knowhub_ext.domain.passages import NEAR, Neighbour
from knowhub_ext.domain.ranking import reread
from knowhub_ext.domain.texts import STOPWORDS
from knowhub_ext.store.database import Store

if TYPE_CHECKING:
    import numpy as np

    Matrix = np.ndarray[Any, np.dtype[np.float32]]

#: So many of the best are compared by their tokens. Neighbours overlap: these are some thirty places.
COMPARED = 100
#: A sentence's first tokens alone are kept: what is longer is code, or was never punctuated.
_TOKENS = 64
#: How much tokens count, in standard deviations of the ranking before, and how a passage begins, for each log-odd; by
#: hand, as `domain.ranking.Weights`.
_NEARNESS, _OPENING = 1.5, 0.3


class Interaction:
    def __init__(self, store: Store) -> None:
        self._store = store

    def again(
        self, question: TokenVectors, model: str, ranked: Sequence[tuple[str, float]]
    ) -> list[tuple[str, float]]:
        """Return the ranking after the tokens of its best were compared with the question's.

        As it was where the model tells nothing of tokens, or where they were made before it did.
        """
        best = [i for i, _ in ranked[:COMPARED]]
        if not question.tokens or not best:
            return list(ranked)
        with self._store.read() as tx:
            rows = tx.passages.followed(best, NEAR - 1)
            kept = tx.vectors.tokens(model, [row.id for row in rows])
        near = nearness(question, rows, kept)
        wanted = {i: near[i] for i in best if i in near}
        first = {row.id: begins(row.start) for row in rows if row.id in wanted and isinstance(row.locator, TimeSpan)}
        again = reread(ranked, wanted, _NEARNESS)
        return sorted(((i, score + _OPENING * first.get(i, 0.0)) for i, score in again), key=lambda pair: -pair[1])


def signs(text: TokenVectors) -> bytes:
    """Return one bit a number of each of the text's first tokens: whether it is above 0."""
    import numpy as np

    width = len(text.vector)
    numbers = np.frombuffer(text.rows, dtype="<f4").reshape(-1, width)[:_TOKENS]
    return np.packbits(numbers > 0, axis=1).tobytes()


def nearness(question: TokenVectors, rows: Sequence[Neighbour], kept: Mapping[str, bytes]) -> dict[str, float]:
    """Return the mean, over the question's content tokens, of the greatest cosine with a token of each passage's first
    sentences, by its id; without those whose tokens were not kept.

    Args:
        question: with its tokens.
        rows: passages and those that follow them, in order: a passage begins at every sentence, so that the openings of
            those that overlap it are its sentences.
        kept: signs of the tokens of their openings.
    """
    import numpy as np

    wanted = _content(question)
    there = [row for row in rows if kept.get(row.id)]
    if not there or not len(wanted):
        return {}
    width = len(question.vector)
    tokens = np.frombuffer(b"".join(kept[row.id] for row in there), dtype=np.uint8).reshape(-1, (width + 7) // 8)
    bits = np.unpackbits(tokens, axis=1, count=width).astype(np.float32)
    # a sign is 2 × bit - 1, and the length of a row of signs is the square root of their number
    cosines = (2 * (wanted @ bits.T) - wanted.sum(axis=1, keepdims=True)) / width**0.5
    counts = np.fromiter((len(kept[row.id]) // tokens.shape[1] for row in there), dtype=int)
    best = np.maximum.reduceat(cosines, np.cumsum(counts) - counts, axis=1)
    reach = _reach(there)
    nearest = best.copy()
    for step in range(1, NEAR):
        further = np.flatnonzero(reach >= step)
        nearest[:, further] = np.maximum(nearest[:, further], best[:, further + step])
    return dict(zip((row.id for row in there), nearest.mean(axis=0).tolist(), strict=True))


def _reach(rows: Sequence[Neighbour]) -> Any:
    """Return how many of the rows behind each have an opening that is one of its first sentences."""
    import numpy as np

    reach = np.zeros(len(rows), dtype=int)
    for number, head in enumerate(rows):
        for row in rows[number + 1 : number + NEAR]:
            near = row.asset_id == head.asset_id and row.ordinal - head.ordinal < NEAR
            if not near or not meet(head.locator, row.locator):
                break
            reach[number] += 1
    return reach


def _content(question: TokenVectors) -> Matrix:
    """Return the unit vectors of those of its tokens that say something: of all where none does."""
    import numpy as np

    rows = np.frombuffer(question.rows, dtype="<f4").reshape(-1, len(question.vector))
    told = [n for n, token in enumerate(question.tokens) if token.strip("#").isalnum() and token not in STOPWORDS]
    chosen = rows[told] if told else rows
    unit: Matrix = chosen / (np.linalg.norm(chosen, axis=1, keepdims=True) + 1e-9)
    return unit
