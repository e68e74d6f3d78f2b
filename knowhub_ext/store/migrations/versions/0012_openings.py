"""The signs of the token vectors of the sentence a passage begins with; none of what is there already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "opening",
        sa.Column("passage_id", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("tokens", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("passage_id", "model", name="pk_opening"),
        sa.ForeignKeyConstraint(
            ["passage_id", "model"], ["vector.passage_id", "vector.model"], name="fk_opening_passage_id",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    op.drop_table("opening")
