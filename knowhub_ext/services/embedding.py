"""The vector of a passage: of the sentence it starts with and of what follows, in one. And who can make which."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from knowhub_ext.domain.passages import Passage
from knowhub_ext.errors import InvalidSetting, KnowHubError
from knowhub_ext.ports import Embedder, Vector

#: How often the opening sentence counts beside the first sentences together. The cosine with a query is then, but for
#: its length, the sum of both cosines: one vector, one search, and the passage that starts with the answer is nearest.
#: Whoever changes how a vector is made raises `domain.embeddings.RECIPE`; a test compares.
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """An embedder that may be asked for: the name it is set by, the model of its vectors, and what keeps it from
    working here."""

    name: str
    model: str
    dimensions: int
    missing: KnowHubError | None = None

    def to_json(self, *, chosen: str) -> dict[str, Any]:
        why = f"{self.missing.message} {self.missing.cure}" if self.missing else None
        return {
            "name": self.name, "model": self.model, "dimensions": self.dimensions, "available": self.missing is None,
            "chosen": self.model == chosen, "why": why,
        }


class Embedders:
    """The embedder of the settings, and every other one that is on this machine, by the name of its model.

    Args:
        chosen: that of the settings.
        find: returns another one by the name it is set by or by its model; None: it is not here.
        offers: returns all of them, whether or not they are here.
    """

    def __init__(
        self, chosen: Embedder, find: Callable[[str], Embedder | None] | None = None,
        offers: Callable[[], list[Offer]] | None = None,
    ) -> None:
        self.chosen = chosen
        self._find = find or _nothing
        self._offers = offers
        self._found: dict[str, Embedder | None] = {chosen.name: chosen, "": chosen}

    def named(self, model: str) -> Embedder | None:
        """Return the embedder of a model, None where it is not on this machine; that of no model is the chosen one."""
        if model not in self._found:
            self._found[model] = self._find(model)
        return self._found[model]

    def asked(self, name: str | None) -> Embedder:
        """Return the embedder that a person asks for; nobody asked: the chosen one.

        Raises:
            InvalidSetting: it is not on this machine; the cure lists those that are.
        """
        found = self.named(name or "")
        if found is None:
            there = ", ".join(f"{offer.name} ({offer.model})" for offer in self.offers() if offer.missing is None)
            raise InvalidSetting(
                f"There is no sentence model '{str(name)[:80]}' on this machine.", cure=f"Choose one of {there}."
            )
        return found

    def offers(self) -> list[Offer]:
        """Return every embedder that may be asked for, the chosen one at least."""
        if self._offers is None:
            return [Offer(name=self.chosen.name, model=self.chosen.name, dimensions=self.chosen.dimensions)]
        return self._offers()


def _nothing(_model: str) -> Embedder | None:
    return None
