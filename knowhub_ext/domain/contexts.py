"""What a question is asked in. Apart from the rules about it: the server extension's start loads this alone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What a question is asked in.

    `previous`: the questions before it in the conversation, oldest first. `at_ms`: where the player of its lesson
    stands, for a question about what was said just now. `kept`: it goes into the learner's history.
    """

    previous: tuple[str, ...] = ()
    at_ms: int | None = None
    kept: bool = False


#: A question that is asked by itself.
BY_ITSELF = Context()
