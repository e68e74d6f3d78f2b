"""Which embedders are on this machine: the one of the settings, and every other by its name or by its model's."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from knowhub_ext.backends import registry
from knowhub_ext.errors import KnowHubError, MissingBackend
from knowhub_ext.hub.choosing import Choice
from knowhub_ext.hub.parts import exact_index
from knowhub_ext.ports import Embedder
from knowhub_ext.services.embedding import Embedders, Offer
from knowhub_ext.services.shelves import Shelf
from knowhub_ext.store.database import Store


def embedders_of(chosen: Choice) -> Embedders:
    """Return the embedders of a hub. Others than the chosen one are made with their defaults, when they are asked for.

    Vectors of options that are not the defaults are found again where the backend has a class method `named(model)`.
    """
    name = chosen.reasons["embedders"][0]
    return Embedders(
        chosen.embedder, lambda wanted: _found(wanted, name, chosen.embedder),
        lambda: [offer for each in _order(name) for offer in _offered(each, name, chosen.embedder)],
    )


def other_shelf(store: Store, embedders: Embedders) -> Callable[[str], Shelf | None]:
    """Return what makes the shelf of a model that is not the chosen one: searched exactly, since it is not for long."""

    def made(model: str) -> Shelf | None:
        embedder = embedders.named(model)
        return None if embedder is None else Shelf(store, embedder, exact_index)

    return made


def _order(chosen: str) -> list[str]:
    return sorted(registry.names("embedders"), key=lambda name: (name != chosen, name))


def _made(name: str, chosen: str, embedder: Embedder) -> Embedder:
    return embedder if name == chosen else cast(Embedder, registry.create("embedders", name))


def _missing(name: str) -> KnowHubError | None:
    """Return what keeps an embedder from working here: it is asked itself, by its optional `missing()`."""
    check = getattr(registry.load("embedders", name), "missing", None)
    return cast("KnowHubError | None", check()) if check is not None else None


def _found(wanted: str, chosen: str, embedder: Embedder) -> Embedder | None:
    for name in _order(chosen):
        try:
            if _missing(name) is not None:
                continue
            made = _made(name, chosen, embedder)
            if wanted in (name, made.name):
                return made
            again = getattr(registry.load("embedders", name), "named", None)
            other = cast("Embedder | None", again(wanted)) if again is not None else None
            if other is not None:
                return other
        except KnowHubError:
            continue  # an extra is not installed
    return None


def _offered(name: str, chosen: str, embedder: Embedder) -> list[Offer]:
    try:
        made = _made(name, chosen, embedder)
        return [Offer(name=name, model=made.name, dimensions=made.dimensions, missing=_missing(name))]
    except MissingBackend as error:
        return [Offer(name=name, model=name, dimensions=0, missing=error)]
