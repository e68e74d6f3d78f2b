"""The one gate: every service asks here before it reads or changes anything."""

from __future__ import annotations

from knowhub_ext.domain.people import Action, Actor, may
from knowhub_ext.errors import Forbidden, NotFound


def require(actor: Actor, action: Action, course_id: str | None) -> None:
    """Let the actor pass, or raise.

    Raises:
        NotFound: they may not even know that this exists.
        Forbidden: they may see it, but not do this.
    """
    if may(actor, action, course_id=course_id):
        return
    if course_id is not None and not may(actor, Action.READ, course_id=course_id):
        raise NotFound
    raise Forbidden
