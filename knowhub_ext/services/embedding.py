"""The vector of a passage: of the sentence it starts with and of what follows, in one."""

from __future__ import annotations

import math
from collections.abc import Sequence

from knowhub_ext.domain.passages import Passage
from knowhub_ext.ports import Embedder, Vector

#: How often the opening sentence counts beside the first sentences together. The cosine with a query is then, but for
#: its length, the sum of both cosines: one vector, one search, and the passage that starts with the answer is nearest.
OPENING = 2.0


def vectors_of(embedder: Embedder, passages: Sequence[Passage]) -> list[Vector]:
    """Return one vector of unit length a passage, in order; its model is `embedder.name`."""
    texts = list(dict.fromkeys(text for passage in passages for text in (passage.opening, passage.near)))
    by_text = dict(zip(texts, embedder.embed(texts), strict=True))
    return [_summed(by_text[passage.opening], by_text[passage.near]) for passage in passages]


def _summed(opening: Vector, near: Vector) -> Vector:
    rows = [OPENING * a + b for a, b in zip(opening, near, strict=True)]
    length = math.sqrt(sum(x * x for x in rows))
    return [x / length for x in rows] if length else rows
