"""What happened, one row a state change, in the order of `seq`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any


def instant(ms: int) -> str:
    """Return UTC milliseconds as RFC 3339 with `Z`."""
    moment = datetime.fromtimestamp(ms / 1000, tz=timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A committed change. `kind` is `noun.past-tense`; `subject` is the id of what changed."""

    seq: int
    at_ms: int
    actor: str
    course: str
    kind: str
    subject: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "seq": self.seq, "at": instant(self.at_ms), "kind": self.kind, "course": self.course,
            "subject": self.subject, "data": dict(self.data),
        }
