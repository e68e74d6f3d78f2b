"""Hashed words and character n-grams as vectors: near means spelled alike, not meant alike. Needs no model.

The plain backend of its seam: the same vector for the same text in every process and on every machine.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from knowhub_ext.domain.texts import stem, words
from knowhub_ext.ports import Vector

#: A shared word says more than a shared trigram of it.
_WORD_WEIGHT, _GRAM_WEIGHT = 1.0, 0.35


class HashingEmbedder:
    """Option: `dimensions`, how many buckets features are hashed to."""

    semantic = False

    def __init__(self, *, dimensions: int = 256) -> None:
        self.dimensions = dimensions
        self.name = f"hashing-{dimensions}"

    @classmethod
    def named(cls, model: str) -> HashingEmbedder | None:
        """Return the embedder whose vectors a model's name stands for, with the options it had; None: not one of these.
        """
        found = re.fullmatch(r"hashing-([1-9]\d{0,4})", model)
        return cls(dimensions=int(found[1])) if found else None

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """Return one vector of unit length per text; one without words gets the unit vector of its raw characters."""
        return [self._vector(text) for text in texts]

    def _vector(self, text: str) -> Vector:
        sums = [0.0] * self.dimensions
        for feature, weight in _features(text):
            bucket, sign = _bucket(feature, self.dimensions)
            sums[bucket] += sign * weight
        length = math.sqrt(sum(x * x for x in sums))
        if not length:  # features that cancel out exactly
            sums[_bucket(text, self.dimensions)[0]], length = 1.0, 1.0
        return [x / length for x in sums]


def _features(text: str) -> Iterator[tuple[str, float]]:
    found = words(text)
    for word in found:
        yield f"w {stem(word)}", _WORD_WEIGHT
        padded = f"<{word}>"
        for at in range(len(padded) - 2):
            yield f"g {padded[at : at + 3]}", _GRAM_WEIGHT
    if not found:
        yield f"r {text}", 1.0


@lru_cache(maxsize=65536)
def _bucket(feature: str, dimensions: int) -> tuple[int, float]:
    """Return `(bucket, sign)` of a feature (Weinberger et al. 2009, "Feature hashing for large scale…")."""
    number = int.from_bytes(hashlib.blake2b(feature.encode("utf-8", "replace"), digest_size=8).digest(), "big")
    return (number >> 1) % dimensions, 1.0 if number & 1 else -1.0
