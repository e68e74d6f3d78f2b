"""The contract of rerankers."""

from __future__ import annotations

import math
from typing import Any

import pytest

from knowhub_ext.ports import Reranker

QUESTION = "What happens to the task when the worker dies?"
TEXTS = [
    "Santa Clara hosted a football match.", "When the worker dies, the task is lost.",
    "A GIN index keeps a list of rows for every word.",
]


class RerankerContract:
    """One finite score a text; the text that answers has the highest."""

    def test_it_is_a_reranker(self, backend: Any) -> None:
        assert isinstance(backend, Reranker)
        assert backend.name
        assert backend.weight > 0

    def test_the_text_that_answers_has_the_highest_score(self, backend: Reranker) -> None:
        scores = backend.score(QUESTION, TEXTS)
        assert len(scores) == len(TEXTS)
        assert max(scores) == scores[1]

    def test_scores_belong_to_texts_not_to_their_order(self, backend: Reranker) -> None:
        scores = backend.score(QUESTION, TEXTS)
        assert backend.score(QUESTION, TEXTS[::-1]) == pytest.approx(scores[::-1], abs=1e-3)

    def test_like_texts_have_like_scores_whatever_stands_beside_them(self, backend: Reranker) -> None:
        texts = [TEXTS[1], "x " * 3_000, TEXTS[1]]
        first, _, last = backend.score(QUESTION, texts)
        assert first == pytest.approx(last, abs=1e-3)

    @pytest.mark.parametrize("text", ["", " ", "\n", "!?", "a", "ω 漢字 🙂", "word " * 5_000])
    def test_any_text_and_any_question_has_a_finite_score(self, backend: Reranker, text: str) -> None:
        assert all(math.isfinite(score) for score in backend.score(QUESTION, [text, TEXTS[0]]))
        assert all(math.isfinite(score) for score in backend.score(text, TEXTS))

    def test_nothing_gives_nothing(self, backend: Reranker) -> None:
        assert backend.score(QUESTION, []) == []
