"""The contract of chat models."""

from __future__ import annotations

import re
from typing import Any

from knowhub_ext.domain.answers import cite
from knowhub_ext.ports import ChatModel, Prompt
from knowhub_ext.testing import fixtures


class ChatModelContract:
    """Answers over numbered passages. The fixture gives a model that answers as well as it can."""

    def test_it_is_a_chat_model(self, backend: Any) -> None:
        assert isinstance(backend, ChatModel)
        assert backend.name

    def test_its_marks_can_be_bound(self, backend: ChatModel) -> None:
        shown = fixtures.passages()
        prompt = Prompt(question="What does a GIN index keep for every word?", passages=shown)
        bound = cite("".join(backend.reply(prompt)), shown)
        assert bound
        assert [index for index, _ in bound[0][1]] == [1]

    def test_it_answers_in_pieces_of_text(self, backend: ChatModel) -> None:
        prompt = Prompt(question="When does Celery acknowledge a message?", passages=fixtures.passages())
        assert all(isinstance(piece, str) for piece in backend.reply(prompt))

    def test_what_the_passages_do_not_hold_gets_no_mark(self, backend: ChatModel) -> None:
        shown = fixtures.passages()
        prompt = Prompt(question="Who won the football championship in Santa Clara?", passages=shown)
        reply = "".join(backend.reply(prompt))
        assert [pairs for _, pairs in cite(reply, shown) if pairs] == []

    def test_without_passages_it_cites_nothing(self, backend: ChatModel) -> None:
        reply = "".join(backend.reply(Prompt(question="What is GIN?", passages=[])))
        assert not re.search(r"\[\d+\]", reply)
