"""How courses stand towards models of vectors: which one each is searched by, which is coming, and what is stale.

The vectors themselves are `store/vectors.py`'s.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, case, delete, exists, func, select, update

from knowhub_ext.domain.embeddings import RECIPE, CourseVectors, Serving, VectorSet
from knowhub_ext.domain.passages import CUT
from knowhub_ext.store.assets import LIVE
from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import ASSET, COURSE, LESSON, PASSAGE, VECTOR

_JOINED = PASSAGE.join(ASSET, ASSET.c.id == PASSAGE.c.asset_id).join(LESSON, LESSON.c.id == ASSET.c.lesson_id).join(
    COURSE, COURSE.c.id == PASSAGE.c.course_id
)
_COARSE = PASSAGE.c.cut < CUT


class Embeddings:
    def __init__(self, session: Session) -> None:
        self._session = session

    def serving(self, course_id: str) -> Serving:
        """Return which model's vectors a course is searched by; that of a course unknown is none."""
        row = self._session.row(
            select(COURSE.c.vector_model, COURSE.c.vector_coming).where(COURSE.c.id == course_id)
        )
        return Serving(model=row["vector_model"], coming=row["vector_coming"]) if row else Serving()

    def begin(self, course_id: str, model: str) -> None:
        """Have a course searched by `model` that is searched by none yet."""
        fresh = (COURSE.c.id == course_id) & (COURSE.c.vector_model == "")
        self._session.run(update(COURSE).where(fresh).values(vector_model=model))

    def serve(self, course_id: str, model: str) -> None:
        """Have a course searched by `model` from now on; nothing is coming any more."""
        self._session.run(
            update(COURSE).where(COURSE.c.id == course_id).values(vector_model=model, vector_coming="")
        )

    def expect(self, course_id: str, model: str) -> None:
        """Note which model a course is to be searched by once all of its vectors are there; empty: none."""
        self._session.run(update(COURSE).where(COURSE.c.id == course_id).values(vector_coming=model))

    def used(self) -> set[str]:
        """Return the models that courses are searched by or wait for, those of the trash among them."""
        rows = self._session.rows(select(COURSE.c.vector_model, COURSE.c.vector_coming))
        return {name for row in rows for name in (row["vector_model"], row["vector_coming"]) if name}

    def sets(self) -> list[VectorSet]:
        """Return what there is of each model, those of the trash among them, by name."""
        rows = self._session.rows(
            select(VECTOR.c.model, func.max(VECTOR.c.dimensions).label("dimensions"), func.count().label("count"))
            .group_by(VECTOR.c.model).order_by(VECTOR.c.model)
        )
        return [VectorSet(model=row["model"], dimensions=row["dimensions"], count=row["count"]) for row in rows]

    def stale_assets(self, course_id: str, model: str, *, after: int | None = None) -> list[str]:
        """Return a course's live assets with passages that are stale for `model`, in the order of their lessons.

        `after`: vectors numbered up to it count as stale too.
        """
        stale = _COARSE | ~current(model, after=after or 0)
        statement = select(ASSET.c.id).select_from(_JOINED).where(LIVE, PASSAGE.c.course_id == course_id, stale)
        order = statement.group_by(ASSET.c.id, LESSON.c.position).order_by(LESSON.c.position, ASSET.c.id)
        return [row["id"] for row in self._session.rows(order)]

    def whole(self, course_id: str, model: str) -> bool:
        """Say whether every live passage of a course is cut by the rules of today and has a vector of today."""
        stale = select(PASSAGE.c.id).select_from(_JOINED).where(
            LIVE, PASSAGE.c.course_id == course_id, _COARSE | ~current(model)
        )
        return self._session.row(stale.limit(1)) is None

    def of_courses(self, chosen: str, course_ids: Sequence[str] | None = None) -> list[CourseVectors]:
        """Return how live courses stand, by title; one that has no model yet towards `chosen`."""
        counts = {row["course_id"]: row for row in self._session.rows(_counted(chosen))}
        statement = select(COURSE.c.id, COURSE.c.vector_model, COURSE.c.vector_coming)
        statement = statement.where(COURSE.c.deleted_at.is_(None)).order_by(COURSE.c.title, COURSE.c.id)
        if course_ids is not None:
            statement = statement.where(COURSE.c.id.in_(list(course_ids)))
        names = ("passages", "missing", "outdated", "coarse", "stale")
        return [
            CourseVectors(
                course_id=row["id"], serving=Serving(model=row["vector_model"], coming=row["vector_coming"]),
                wanted=row["vector_coming"] or row["vector_model"] or chosen,
                **{name: int(counts[row["id"]][name]) if row["id"] in counts else 0 for name in names},
            )
            for row in self._session.rows(statement)
        ]

    def delete(self, model: str) -> int:
        """Delete all vectors of a model; return how many there were."""
        return self._session.run(delete(VECTOR).where(VECTOR.c.model == model))


def current(model: str, *, after: int = 0) -> ColumnElement[bool]:
    """Whether a passage has a vector of this model that was made by the recipe of today, and numbered above `after`."""
    return exists().where(
        VECTOR.c.passage_id == PASSAGE.c.id, VECTOR.c.model == model, VECTOR.c.recipe >= RECIPE, VECTOR.c.seq > after
    )


def _counted(chosen: str) -> Select[tuple[object, ...]]:
    """Return the query of each course's live passages, and of which of them are stale for the model it wants."""
    wanted = case(
        (COURSE.c.vector_coming != "", COURSE.c.vector_coming), (COURSE.c.vector_model != "", COURSE.c.vector_model),
        else_=chosen,
    )
    none, old = VECTOR.c.passage_id.is_(None), VECTOR.c.recipe < RECIPE
    source = _JOINED.outerjoin(VECTOR, and_(VECTOR.c.passage_id == PASSAGE.c.id, VECTOR.c.model == wanted))
    return select(
        PASSAGE.c.course_id, func.count().label("passages"), _sum(none).label("missing"),
        _sum(old).label("outdated"), _sum(_COARSE).label("coarse"), _sum(none | old | _COARSE).label("stale"),
    ).select_from(source).where(LIVE).group_by(PASSAGE.c.course_id)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
