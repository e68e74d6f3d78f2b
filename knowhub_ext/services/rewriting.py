"""What is searched for a follow-up question: by a chat model where it keeps to the learner's words, else by rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowhub_ext.domain.followups import EARLIER, accepted, alone, context
from knowhub_ext.ports import RewritesQuestions


@dataclass(frozen=True, kw_only=True, slots=True)
class Inquiry:
    """A question `typed` by a learner, and the `rewritten` query where it leans on what was said before, else ''."""

    typed: str
    rewritten: str = ""

    @property
    def query(self) -> str:
        """Return what is searched, and weighed against what was found."""
        return self.rewritten or self.typed

    @property
    def prompt(self) -> str:
        """Return what a chat model is asked: the query alone may have lost what was asked of it, such as an example."""
        return f"{self.typed} (about: {self.rewritten})" if self.rewritten else self.typed


def inquiry(
    question: str, earlier: Sequence[str], chat: object = None, *, heard: Sequence[str] | None = None
) -> Inquiry:
    """Return a question with the query it stands for.

    Args:
        question: as typed, canonical.
        earlier: the questions before it in the conversation, oldest first.
        chat: a model that may rewrite it, where it can; it is asked only about what the rule takes for a follow-up.
        heard: the terms of what was said just now, where it is asked about that: it leans on these alone.
    """
    earlier = earlier[-EARLIER:]
    by_rule = alone(question, context(earlier) if heard is None else heard)
    if by_rule is None:
        return Inquiry(typed=question)
    if heard is None and isinstance(chat, RewritesQuestions):
        by_model = accepted(chat.rewrite(question, earlier), question, earlier)
        return Inquiry(typed=question, rewritten=by_model or by_rule)
    return Inquiry(typed=question, rewritten=by_rule)
