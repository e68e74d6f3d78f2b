"""Transcripts, passages with their word index, vectors, jobs and workers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NEWEST = sa.text("superseded_at IS NULL")

# FTS5 gives no rowid back when a passage goes, so a trigger removes it; the rank leaves the scope column out.
WORDS_SQLITE = (
    "CREATE VIRTUAL TABLE passage_fts USING fts5(scope, body, tokenize = 'porter unicode61')",
    "INSERT INTO passage_fts (passage_fts, rank) VALUES ('rank', 'bm25(0.0, 1.0)')",
    "CREATE TRIGGER passage_fts_forget AFTER DELETE ON passage "
    "BEGIN DELETE FROM passage_fts WHERE rowid = old.number; END",
)
WORDS_POSTGRES = (
    "CREATE TABLE passage_fts (number bigint NOT NULL, search tsvector NOT NULL, "
    "CONSTRAINT pk_passage_fts PRIMARY KEY (number), CONSTRAINT fk_passage_fts_number FOREIGN KEY (number) "
    "REFERENCES passage (number) ON DELETE CASCADE)",
    "CREATE INDEX ix_passage_fts_search ON passage_fts USING gin (search)",
)


def text(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=null)


def number(name: str, *, null: bool = False, counted: bool = False) -> sa.Column:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, nullable=null, autoincrement=counted)


def yes_no(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False)


def key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def ref(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}", ondelete="CASCADE")


def upgrade() -> None:
    transcripts()
    passages()
    vectors()
    jobs()


def transcripts() -> None:
    op.create_table(
        "transcript", text("id"), text("asset_id"), number("revision"), text("engine"), text("model"),
        text("language"), text("options"), text("hot_words"), yes_no("complete"), number("created_at"),
        number("updated_at"), number("superseded_at", null=True), key("transcript", "id"),
        ref("transcript", "asset_id", "asset.id"),
    )
    op.create_index("ix_transcript_asset_id", "transcript", ["asset_id"])
    op.create_index(
        "uq_transcript_newest", "transcript", ["asset_id"], unique=True, sqlite_where=NEWEST, postgresql_where=NEWEST
    )
    op.create_table(
        "segment", text("id"), text("transcript_id"), number("ordinal"), number("start_ms"), number("end_ms"),
        text("text"), text("speaker"), text("words"), text("redirect", null=True), key("segment", "id"),
        ref("segment", "transcript_id", "transcript.id"), ref("segment", "redirect", "segment.id"),
        sa.UniqueConstraint("transcript_id", "ordinal", name="uq_segment_transcript_id_ordinal"),
    )
    op.create_index("ix_segment_redirect", "segment", ["redirect"])


def passages() -> None:
    op.create_table(
        "passage", number("number", counted=True), text("id"), text("asset_id"), text("course_id"), number("ordinal"),
        text("text"), text("locator"), text("sentences"), key("passage", "number"),
        ref("passage", "asset_id", "asset.id"), ref("passage", "course_id", "course.id"),
        sa.UniqueConstraint("id", name="uq_passage_id"),
        sa.UniqueConstraint("asset_id", "ordinal", name="uq_passage_asset_id_ordinal"),
    )
    op.create_index("ix_passage_course_id", "passage", ["course_id"])
    for statement in WORDS_SQLITE if op.get_bind().dialect.name == "sqlite" else WORDS_POSTGRES:
        op.execute(statement)


def vectors() -> None:
    op.create_table(
        "vector", text("passage_id"), text("model"), number("seq"), number("dimensions"),
        sa.Column("data", sa.LargeBinary(), nullable=False), key("vector", "passage_id", "model"),
        ref("vector", "passage_id", "passage.id"),
    )
    op.create_index("uq_vector_model_seq", "vector", ["model", "seq"], unique=True)
    op.create_table(
        "vector_tombstone", number("seq"), text("passage_id"), number("created_at"),
        key("vector_tombstone", "seq"),
    )


def jobs() -> None:
    op.create_table(
        "job", text("id"), text("asset_id"), text("course_id"), number("asset_revision"), text("kind"),
        text("state"), text("stage"), sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("eta_s", sa.Float(), nullable=True), number("priority"), text("dedupe", null=True),
        number("attempts"), number("fence"), text("lease_owner"), number("lease_until"), yes_no("cancel_requested"),
        text("error", null=True), number("created_at"), number("updated_at"), key("job", "id"),
        ref("job", "asset_id", "asset.id"), ref("job", "course_id", "course.id"),
        sa.UniqueConstraint("dedupe", name="uq_job_dedupe"),
    )
    op.create_index("ix_job_state_priority_created_at", "job", ["state", "priority", "created_at"])
    op.create_index("ix_job_asset_id", "job", ["asset_id"])
    op.create_index("ix_job_course_id_created_at", "job", ["course_id", "created_at"])
    op.create_table(
        "worker", text("name"), number("pid"), text("host"), number("started_at"), number("seen_at"),
        key("worker", "name"),
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER passage_fts_forget")
    op.execute("DROP TABLE passage_fts")
    for table in ("worker", "job", "vector_tombstone", "vector", "passage", "segment", "transcript"):
        op.drop_table(table)
