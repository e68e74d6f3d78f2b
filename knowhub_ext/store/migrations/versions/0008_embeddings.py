"""By which rules a passage was cut and its vector made, and by which model's vectors a course is searched."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: Table and column. What is there already counts as made by the first rules: nobody wrote down by which it was.
COLUMNS = (
    ("passage", sa.Column("cut", NUMBER, nullable=False, server_default="1")),
    ("vector", sa.Column("recipe", NUMBER, nullable=False, server_default="1")),
    ("course", sa.Column("vector_model", sa.Text(), nullable=False, server_default="")),
    ("course", sa.Column("vector_coming", sa.Text(), nullable=False, server_default="")),
)
#: A course is searched by the model most of its passages have a vector of; of two equal ones, by the later.
_SERVED = """
    UPDATE course SET vector_model = COALESCE((
        SELECT vector.model FROM vector JOIN passage ON passage.id = vector.passage_id
        WHERE passage.course_id = course.id
        GROUP BY vector.model ORDER BY count(*) DESC, max(vector.seq) DESC LIMIT 1
    ), '')
"""


def upgrade() -> None:
    for table, column in COLUMNS:  # the defaults stay: dropping them would copy every vector once
        op.add_column(table, column.copy())
    op.execute(_SERVED)


def downgrade() -> None:
    for table, column in reversed(COLUMNS):  # in place: a table that is made anew would lose its triggers
        op.drop_column(table, column.name)
