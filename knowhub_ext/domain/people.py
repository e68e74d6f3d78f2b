"""Who acts, and the one function that says whether they may."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Role(str, Enum):
    OWNER = "owner"  #: runs this data folder: the one local person of a laptop
    EDUCATOR = "educator"
    LEARNER = "learner"
    VIEWER = "viewer"  #: came by a link; reads, leaves nothing behind


class Action(str, Enum):
    READ = "read"  #: watch, read, search, ask
    BACKSTAGE = "backstage"  #: see the jobs, and where files lie on this machine
    PROGRESS = "progress"  #: leave progress under one's own name
    AUTHOR = "author"  #: add files, cancel and retry jobs
    CREATE = "create"  #: make a new course


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """A person with the roles of this call. `course` limits them to one course (a link); None: no limit."""

    person_id: str
    roles: frozenset[Role] = field(default_factory=frozenset)
    course: str | None = None


_ALLOWED: dict[Role, frozenset[Action]] = {
    Role.OWNER: frozenset(Action),
    Role.EDUCATOR: frozenset({Action.READ, Action.BACKSTAGE, Action.PROGRESS, Action.AUTHOR}),
    Role.LEARNER: frozenset({Action.READ, Action.BACKSTAGE, Action.PROGRESS}),
    Role.VIEWER: frozenset({Action.READ}),
}


def may(actor: Actor, action: Action, *, course_id: str | None) -> bool:
    """Say whether `actor` may do `action` in the course (None: outside any course). Everybody asks only this."""
    if actor.course is not None and actor.course != course_id:
        return False
    return any(action in _ALLOWED[role] for role in actor.roles)
