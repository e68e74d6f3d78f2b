"""The contract of embedders."""

from __future__ import annotations

import math
from typing import Any

import pytest

from knowhub_ext.ports import Embedder


class EmbedderContract:
    """Vectors of unit length, one a text."""

    def test_it_is_an_embedder(self, backend: Any) -> None:
        assert isinstance(backend, Embedder)
        assert backend.name
        assert isinstance(backend.semantic, bool)

    def test_a_model_is_found_again_by_its_name(self, backend: Any) -> None:
        named = getattr(type(backend), "named", None)
        if named is None:
            pytest.skip("its name does not depend on its options")
        again = named(backend.name)
        assert (again.name, again.dimensions) == (backend.name, backend.dimensions)
        assert named("no-such-model") is None

    def test_one_vector_a_text_in_order(self, backend: Embedder) -> None:
        texts = ["a worker dies", "an index finds a word", "x " * 3_000, "ω 漢字 🙂", "a worker dies"]
        vectors = backend.embed(texts)
        assert [len(v) for v in vectors] == [backend.dimensions] * len(texts)
        assert _cosine(vectors[0], vectors[4]) > 0.999
        assert _cosine(vectors[0], backend.embed([texts[0]])[0]) > 0.99

    @pytest.mark.parametrize("text", ["", " ", "\n", "!?", "\u200b", "a"])
    def test_any_text_has_unit_length(self, backend: Embedder, text: str) -> None:
        assert math.isclose(math.sqrt(sum(x * x for x in backend.embed([text])[0])), 1.0, abs_tol=1e-3)

    def test_nothing_gives_nothing(self, backend: Embedder) -> None:
        assert backend.embed([]) == []

    def test_like_texts_are_nearer_than_others(self, backend: Embedder) -> None:
        a, b, c = backend.embed([
            "What happens to the task when the worker dies?", "The worker died and the task was lost.",
            "Santa Clara hosted a football match.",
        ])
        assert _cosine(a, b) > _cosine(a, c)

    def test_semantic_means_near_without_shared_words(self, backend: Embedder) -> None:
        if not backend.semantic:
            pytest.skip("it does not claim to know meanings")
        a, b, c = backend.embed([
            "The process was killed.", "A program has been terminated.", "The soup tastes of killed time."
        ])
        assert _cosine(a, b) > _cosine(a, c)


def _cosine(a: Any, b: Any) -> float:
    return float(sum(x * y for x, y in zip(a, b, strict=True)))
