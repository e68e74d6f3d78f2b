"""People, and the roles they have in courses."""

from __future__ import annotations

from sqlalchemy import select, update

from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.people import Role
from knowhub_ext.errors import NotFound
from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import MEMBERSHIP, PERSON


class People:
    def __init__(self, session: Session) -> None:
        self._session = session

    def ensure(self, issuer: str, subject: str, *, name: str = "") -> str:
        """Return the id of the person whom `issuer` calls `subject`; make them known if they are new.

        A `name` replaces the one shown before; an empty one leaves it.
        """
        who = (PERSON.c.issuer == issuer) & (PERSON.c.subject == subject)
        self._session.add_new(PERSON, {
            "id": new_id(), "issuer": issuer, "subject": subject, "name": name, "created_at": self._session.now,
        })
        if name:
            self._session.run(update(PERSON).where(who, PERSON.c.name != name).values(name=name))
        return str(self._session.scalar(select(PERSON.c.id).where(who)))

    def name(self, person_id: str) -> str:
        """Return the name to show.

        Raises:
            NotFound: nobody has this id.
        """
        found = self._session.scalar(select(PERSON.c.name).where(PERSON.c.id == person_id))
        if found is None:
            raise NotFound("There is no such person here.")
        return str(found)

    def enrol(self, person_id: str, course_id: str, role: Role) -> None:
        """Give a person a role in a course; one they have already is fine."""
        self._session.add_new(MEMBERSHIP, {
            "person_id": person_id, "course_id": course_id, "role": role.value, "created_at": self._session.now,
        })

    def roles(self, person_id: str, course_id: str) -> frozenset[Role]:
        """Return the roles a person has in a course; none for strangers."""
        rows = self._session.rows(
            select(MEMBERSHIP.c.role).where(MEMBERSHIP.c.person_id == person_id, MEMBERSHIP.c.course_id == course_id)
        )
        return frozenset(Role(row["role"]) for row in rows)
