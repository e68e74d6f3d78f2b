"""What a learner asked before, with the answers as they were shown, and how helpful they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from knowhub_ext.domain.anchoring import Anchor, Standing
from knowhub_ext.domain.events import instant

#: What was deleted can be brought back for so long; then it is gone for good.
KEPT_MS = 7 * 24 * 3600 * 1000
#: The longest sentence that goes with a rating.
COMMENT_MAX = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A question of one learner about a course, or about one lesson of it. `answer` is the document that was shown.

    `helpful`: None until it is rated. `deletion` names the act that put it into the trash; '' while it lives.
    """

    id: str
    person_id: str
    course_id: str
    lesson_id: str
    asked_ms: int
    answer: Mapping[str, Any] = field(default_factory=dict)
    helpful: bool | None = None
    comment: str = ""
    deletion: str = ""

    def to_json(self, anchors: Mapping[int, Anchor]) -> dict[str, Any]:
        """Return the document, with citations where they are now, by their numbers; their quotes stay as they were."""
        cited = [row | _standing(anchors[row["n"]]) for row in self.answer.get("citations", ())]
        return {
            "entry": self.id, "lesson": self.lesson_id or None, "asked_at": instant(self.asked_ms),
            "answer": {**self.answer, "citations": cited, "entry": self.id},
            "rating": None if self.helpful is None else {"helpful": self.helpful, "comment": self.comment or None},
        }

    @property
    def cited(self) -> frozenset[str]:
        """Return the assets its answer cites."""
        return frozenset(row["asset"] for row in self.answer.get("citations", ()))


def _standing(anchor: Anchor) -> dict[str, Any]:
    return {
        "locator": anchor.locator.to_json(), "state": anchor.standing.value, "gone": anchor.standing is Standing.GONE,
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class Deletion:
    """Entries that went to the trash together, and until when (UTC milliseconds) they can be brought back."""

    id: str
    count: int
    until_ms: int

    def to_json(self) -> dict[str, Any]:
        return {"deletion": self.id, "deleted": self.count, "until": instant(self.until_ms)}
