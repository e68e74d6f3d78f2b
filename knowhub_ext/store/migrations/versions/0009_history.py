"""What learners asked before, with the answers as they were shown and their ratings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def number(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def ref(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_history_{column}", ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "history", text("id"), text("person_id"), text("course_id"), text("lesson_id"), number("asked_at"),
        text("answer"), number("rating"), text("comment"), text("deletion"), number("deleted_at"),
        sa.PrimaryKeyConstraint("id", name="pk_history"), ref("person_id", "person.id"),
        ref("course_id", "course.id"),
    )
    op.create_index("ix_history_person_id_course_id", "history", ["person_id", "course_id"])
    op.create_index("ix_history_course_id", "history", ["course_id"])


def downgrade() -> None:
    op.drop_table("history")
