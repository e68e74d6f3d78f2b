"""Who is acting: the one local person of a data folder, or a visitor who came by a link."""

from __future__ import annotations

from knowhub_ext.domain.people import Actor, Role
from knowhub_ext.store.database import Store


class People:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._local: Actor | None = None

    def local(self) -> Actor:
        """Return the local person, who owns this data folder whatever Jupyter's anonymous user is called today."""
        if self._local is None:
            with self._store.write() as tx:
                person = tx.people.ensure("local", "self", name="You")
            self._local = Actor(person_id=person, roles=frozenset({Role.OWNER}))
        return self._local

    def visitor(self, course_ref: str) -> Actor:
        """Return a visitor who may read one course and leaves nothing behind.

        Raises:
            NotFound: there is no such course.
        """
        with self._store.read() as tx:
            course = tx.courses.get(course_ref)
        return Actor(person_id=f"link:{course.id}", roles=frozenset({Role.VIEWER}), course=course.id)

    def name(self, actor: Actor) -> str:
        """Return how the actor is addressed."""
        if Role.VIEWER in actor.roles:
            return "Visitor"
        with self._store.read() as tx:
            return tx.people.name(actor.person_id) or "You"
