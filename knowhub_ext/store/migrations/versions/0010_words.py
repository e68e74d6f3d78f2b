"""The word index has each sentence once, and a passage says which of its rows it consists of. What a sentence has more
than once stands in a column of its own.

What is indexed already stays whole: a passage has one row with all of its words, until its file is read again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COLUMNS = ("words_from", "words_to", "length")
COUNTERS = (
    "INSERT INTO counter (name, value) SELECT 'words', COALESCE(max(number), 0) FROM passage",
    "INSERT INTO counter (name, value) VALUES ('words gone', 0)",
)
# Lengths are told by the scores, which bm25() of FTS5 gave before; it needs a table of them of its own.
SQLITE = (
    "UPDATE passage SET words_from = number, words_to = number + 1, length = COALESCE((SELECT "
    "length(body) - length(replace(body, ' ', '')) + 1 FROM passage_fts WHERE rowid = passage.number), 1)",
    "CREATE VIRTUAL TABLE passage_fts_new USING fts5(body, again, tokenize = 'porter unicode61', "
    "columnsize = 0)",
    "INSERT INTO passage_fts_new (rowid, body, again) SELECT rowid, body, '' FROM passage_fts ORDER BY rowid",
    "DROP TRIGGER passage_fts_forget",
    "DROP TABLE passage_fts",
    "ALTER TABLE passage_fts_new RENAME TO passage_fts",
    "CREATE TRIGGER passage_fts_forget AFTER DELETE ON passage "
    "BEGIN DELETE FROM passage_fts WHERE rowid >= old.words_from AND rowid < old.words_to; END",
)
POSTGRES = (
    "UPDATE passage SET words_from = number, words_to = number + 1, "
    r"length = array_length(regexp_split_to_array(btrim(text), '\s+'), 1)",
    "ALTER TABLE passage_fts DROP CONSTRAINT fk_passage_fts_number",
    "ALTER TABLE passage_fts ADD COLUMN owner bigint",
    # What a row had beside its words: its course and lesson as words of their own.
    "UPDATE passage_fts SET owner = passage_fts.number, search = ts_delete(search, ARRAY["
    "'k' || regexp_replace(passage.course_id, '[^A-Za-z0-9]', '', 'g'), "
    "'k' || regexp_replace(asset.lesson_id, '[^A-Za-z0-9]', '', 'g')]) "
    "FROM passage JOIN asset ON asset.id = passage.asset_id WHERE passage.number = passage_fts.number",
    "ALTER TABLE passage_fts ALTER COLUMN owner SET NOT NULL",
    "ALTER TABLE passage_fts ADD CONSTRAINT fk_passage_fts_owner FOREIGN KEY (owner) REFERENCES passage (number) "
    "ON DELETE CASCADE",
    "CREATE INDEX ix_passage_fts_owner ON passage_fts (owner)",
    "ALTER TABLE passage_fts ADD COLUMN again tsvector NOT NULL DEFAULT ''",
    "CREATE INDEX ix_passage_fts_again ON passage_fts USING gin (again)",
)
BACK_SQLITE = (
    "DROP TRIGGER passage_fts_forget",
    "DROP TABLE passage_fts",
    "CREATE VIRTUAL TABLE passage_fts USING fts5(scope, body, tokenize = 'porter unicode61')",
    "INSERT INTO passage_fts (passage_fts, rank) VALUES ('rank', 'bm25(0.0, 1.0)')",
    "INSERT INTO passage_fts (rowid, scope, body) SELECT number, 'k' || replace(course_id, '-', ''), text FROM passage",
    "CREATE TRIGGER passage_fts_forget AFTER DELETE ON passage "
    "BEGIN DELETE FROM passage_fts WHERE rowid = old.number; END",
)
BACK_POSTGRES = (
    "DELETE FROM passage_fts",
    "ALTER TABLE passage_fts DROP COLUMN owner",
    "ALTER TABLE passage_fts DROP COLUMN again",
    "ALTER TABLE passage_fts ADD CONSTRAINT fk_passage_fts_number FOREIGN KEY (number) REFERENCES passage (number) "
    "ON DELETE CASCADE",
    "INSERT INTO passage_fts (number, search) SELECT number, array_to_tsvector(ARRAY['k' || replace(course_id, '-', "
    "'')]) || to_tsvector('english', text) FROM passage",
)


def upgrade() -> None:
    for name in COLUMNS:  # the defaults stay: dropping them would copy every passage once
        op.add_column("passage", sa.Column(name, NUMBER, nullable=False, server_default="0"))
    for statement in (*(SQLITE if _sqlite() else POSTGRES), *COUNTERS):
        op.execute(statement)
    op.create_index("ix_passage_words", "passage", ["course_id", "words_from", "words_to", "length", "number"])


def downgrade() -> None:
    op.drop_index("ix_passage_words", "passage")
    for statement in BACK_SQLITE if _sqlite() else BACK_POSTGRES:
        op.execute(statement)
    op.execute("DELETE FROM counter WHERE name IN ('words', 'words gone')")
    for name in reversed(COLUMNS):
        op.drop_column("passage", name)


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
