"""Speech settings of a course, cues that a person edited, transcripts in the making, parameters of a job."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

#: table, column with what rows that are there already get
COLUMNS = (
    ("course", sa.Column("speech", sa.Text(), nullable=False, server_default="{}")),
    ("segment", sa.Column("edited", sa.Boolean(), nullable=False, server_default=sa.false())),
    ("transcript", sa.Column("draft_of", sa.Text(), nullable=True)),
    ("job", sa.Column("params", sa.Text(), nullable=False, server_default="{}")),
)


def upgrade() -> None:
    for table, column in COLUMNS:
        with op.batch_alter_table(table) as batch:
            batch.add_column(column.copy())
    for table, column in COLUMNS:
        if column.server_default is not None:  # new rows are written whole
            with op.batch_alter_table(table) as batch:
                batch.alter_column(column.name, server_default=None)


def downgrade() -> None:
    for table, column in reversed(COLUMNS):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column.name)
