"""The vector of a passage: of the sentence it starts with and of what follows, in one. And who can make which."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from knowhub_ext.domain.passages import Passage
from knowhub_ext.errors import InvalidSetting, KnowHubError
from knowhub_ext.ports import Embedder, TokenEmbedder, Vector
from knowhub_ext.services.interaction import signs

#: How often the opening sentence counts beside the first sentences together. The cosine with a query is then, but for
#: its length, the sum of both cosines: one vector, one search, and the passage that starts with the answer is nearest.
#: Whoever changes how a vector is made raises `domain.embeddings.RECIPE`; a test compares.
OPENING = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """What is kept of a passage's meaning: its vector, and the signs of its opening's tokens where the model tells of
    tokens (`services.interaction`)."""

    vector: Vector
    tokens: bytes | None = None


def vectors_of(embedder: Embedder, passages: Sequence[Passage]) -> list[Vector]:
    """Return one vector of unit length a passage, in order; its model is `embedder.name`."""
    return [made.vector for made in meanings_of(embedder, passages)]


def meanings_of(embedder: Embedder, passages: Sequence[Passage]) -> list[Made]:
    """Return what is kept of each passage, in order; its model is `embedder.name`."""
    openings = dict.fromkeys(passage.opening for passage in passages)
    others = dict.fromkeys(passage.near for passage in passages if passage.near not in openings)
    if not isinstance(embedder, TokenEmbedder):
        texts = [*openings, *others]
        plain = dict(zip(texts, embedder.embed(texts), strict=True))
        return [Made(vector=_summed(plain[p.opening], plain[p.near])) for p in passages]
    told = dict(zip(openings, embedder.embed_tokens(list(openings)), strict=True))
    by_text = {text: row.vector for text, row in told.items()}
    by_text |= zip(others, embedder.embed(list(others)), strict=True)
    kept = {text: signs(row) for text, row in told.items()}
    return [Made(vector=_summed(by_text[p.opening], by_text[p.near]), tokens=kept[p.opening]) for p in passages]


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
