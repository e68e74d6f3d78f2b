"""Server-sent events of an answer on its way (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from knowhub_ext.client import values
from knowhub_ext.domain.answers import Answer


@dataclass(frozen=True, kw_only=True, slots=True)
class AskEvent:
    """One event. `kind`: `passages`, `token` (a draft, never to be shown as the answer), `sentence`, `done`."""

    kind: str
    data: values.Json

    @property
    def answer(self) -> Answer | None:
        """The whole answer, in the event `done`."""
        return values.answer(self.data) if self.kind == "done" else None


def read(lines: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Yield `(event, decoded data)` from the lines of a stream; comments and fields we do not use are skipped.

    An event that the end of the stream cuts off is dropped, as the specification says.
    """
    event, data = "message", list[str]()
    for line in lines:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                yield event, json.loads("\n".join(data))
            event, data = "message", []
        elif name == "event":
            event = value
        elif name == "data":
            data.append(value)
