"""Jobs wait in lanes, rest after a failure, can be taken off the lists; speeds are kept, so that waiting has an end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_NUMBERS = ("eta_at", "started_at", "not_before", "cleared_at")


def upgrade() -> None:
    op.add_column("job", sa.Column("lane", sa.Text(), nullable=False, server_default="light"))
    for name in _NUMBERS:
        op.add_column("job", sa.Column(name, _number(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE job SET lane = 'speech' WHERE asset_id IN (SELECT id FROM asset WHERE kind IN ('video', 'audio'))"
    )
    op.create_table(
        "speed", sa.Column("machine", sa.Text(), nullable=False), sa.Column("sort", sa.Text(), nullable=False),
        *(sa.Column(name, _number(), nullable=False) for name in ("work_ms", "media_ms", "bytes")),
        sa.Column("jobs", sa.Float(), nullable=False), sa.Column("updated_at", _number(), nullable=False),
        sa.PrimaryKeyConstraint("machine", "sort", name="pk_speed"),
    )


def downgrade() -> None:
    op.drop_table("speed")
    with op.batch_alter_table("job") as job:
        for name in ("lane", *_NUMBERS):
            job.drop_column(name)


def _number() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
