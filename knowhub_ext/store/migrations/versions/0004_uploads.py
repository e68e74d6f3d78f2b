"""Uploads: files on their way in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def text(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=null)


def number(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def ref(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_upload_{column}", ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "upload", text("id"), text("person_id"), text("course_id"), text("key"), text("lesson"), text("batch"),
        text("offered"), number("size"), text("state"), number("received"), text("sha256"),
        text("asset_id", null=True), text("job_id", null=True), text("error", null=True), number("created_at"),
        number("updated_at"), number("expires_at"), sa.PrimaryKeyConstraint("id", name="pk_upload"),
        ref("person_id", "person.id"), ref("course_id", "course.id"),
    )
    op.create_index("ix_upload_course_id_state", "upload", ["course_id", "state"])
    op.create_index("ix_upload_person_id", "upload", ["person_id"])
    op.create_index("ix_upload_expires_at", "upload", ["expires_at"])


def downgrade() -> None:
    op.drop_table("upload")
