"""What must be said about a file that could be read, and which slide of a deck is spoken of when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def number(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def ref(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["asset.id"], name=f"fk_slide_link_{column}", ondelete="CASCADE")


def upgrade() -> None:
    op.add_column("asset", sa.Column("notes", sa.Text(), nullable=True))
    op.create_table(
        "slide_link", sa.Column("deck_id", sa.Text(), nullable=False), sa.Column("media_id", sa.Text(), nullable=False),
        number("ordinal"), number("page"), number("start_ms"), number("end_ms"),
        sa.Column("score", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("deck_id", "media_id", "ordinal", name="pk_slide_link"),
        ref("deck_id"), ref("media_id"),
    )
    op.create_index("ix_slide_link_media_id", "slide_link", ["media_id"])


def downgrade() -> None:
    op.drop_table("slide_link")
    with op.batch_alter_table("asset") as asset:
        asset.drop_column("notes")
