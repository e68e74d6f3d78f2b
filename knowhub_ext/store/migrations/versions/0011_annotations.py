"""Learners' notes and bookmarks at places of lessons."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def number(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def ref(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_annotation_{column}", ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "annotation", text("person_id"), text("id"), text("course_id"), text("lesson_id"), text("asset_id"),
        text("locator"), number("rank"), number("place"), number("revision"), text("quote"), text("segment_id"),
        text("body"), text("terms"), number("created_at"), number("updated_at"), number("version"),
        number("deleted_at"), sa.PrimaryKeyConstraint("person_id", "id", name="pk_annotation"),
        ref("person_id", "person.id"), ref("course_id", "course.id"),
    )
    op.create_index("ix_annotation_person_id_lesson_id", "annotation", ["person_id", "lesson_id"])
    op.create_index("ix_annotation_person_id_course_id", "annotation", ["person_id", "course_id"])
    op.create_index("ix_annotation_course_id", "annotation", ["course_id"])


def downgrade() -> None:
    op.drop_table("annotation")
