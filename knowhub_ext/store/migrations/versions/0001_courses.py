"""People, courses, files, and the record of what happened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

LIVE = sa.text("deleted_at IS NULL")


def text(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=null)


def number(name: str, *, null: bool = False, counted: bool = False) -> sa.Column:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, nullable=null, autoincrement=counted)


def key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def ref(table: str, column: str, target: str, ondelete: str | None = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}", ondelete=ondelete)


def authored() -> list[sa.Column]:
    return [
        text("source_key", null=True), text("source_hash", null=True), number("created_at"), number("updated_at"),
        number("deleted_at", null=True),
    ]


def live_index(name: str, table: str, columns: list[str]) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=LIVE, postgresql_where=LIVE)


def upgrade() -> None:
    record()
    people()
    courses()
    assets()
    readings()
    watching()


def record() -> None:
    counter = op.create_table("counter", text("name"), number("value"), key("counter", "name"))
    op.bulk_insert(counter, [{"name": "event", "value": 0}, {"name": "vector", "value": 0}])
    op.create_table(
        "event", number("seq"), number("at"), text("actor"), text("course_id"), text("kind"), text("subject"),
        text("data"), key("event", "seq"),
    )
    op.create_index("ix_event_course_id_seq", "event", ["course_id", "seq"])


def people() -> None:
    op.create_table(
        "person", text("id"), text("issuer"), text("subject"), text("name"), number("created_at"),
        key("person", "id"), sa.UniqueConstraint("issuer", "subject", name="uq_person_issuer_subject"),
    )


def courses() -> None:
    op.create_table(
        "course", text("id"), text("slug"), text("title"), text("description"), text("hot_words"), *authored(),
        key("course", "id"),
    )
    live_index("uq_course_slug_live", "course", ["slug"])
    op.create_index("ix_course_title_id", "course", ["title", "id"])
    op.create_table(
        "lesson", text("id"), text("course_id"), text("slug"), text("title"), number("position"), text("questions"),
        *authored(), key("lesson", "id"), ref("lesson", "course_id", "course.id"),
    )
    live_index("uq_lesson_slug_live", "lesson", ["course_id", "slug"])
    op.create_index("ix_lesson_course_id_position", "lesson", ["course_id", "position"])
    op.create_table(
        "membership", text("person_id"), text("course_id"), text("role"), number("created_at"),
        key("membership", "person_id", "course_id", "role"), ref("membership", "person_id", "person.id"),
        ref("membership", "course_id", "course.id"),
    )
    op.create_index("ix_membership_course_id", "membership", ["course_id"])


def assets() -> None:
    op.create_table("blob", text("sha256"), number("size"), number("created_at"), key("blob", "sha256"))
    op.create_table(
        "asset", text("id"), text("lesson_id"), text("course_id"), text("key"), text("kind"), text("sha256"),
        text("path"), text("source"), number("revision"), sa.Column("is_primary", sa.Boolean(), nullable=False),
        number("duration_ms"), text("status"), text("error", null=True), *authored(), key("asset", "id"),
        ref("asset", "lesson_id", "lesson.id"), ref("asset", "course_id", "course.id"),
        ref("asset", "sha256", "blob.sha256", None),
    )
    live_index("uq_asset_key_live", "asset", ["lesson_id", "key"])
    op.create_index("ix_asset_course_id", "asset", ["course_id"])
    op.create_index("ix_asset_sha256", "asset", ["sha256"])
    op.create_table(
        "asset_revision", text("asset_id"), number("revision"), text("sha256"), text("path"), text("source"),
        number("replaced_at"), key("asset_revision", "asset_id", "revision"),
        ref("asset_revision", "asset_id", "asset.id"), ref("asset_revision", "sha256", "blob.sha256", None),
    )
    op.create_index("ix_asset_revision_sha256", "asset_revision", ["sha256"])


def readings() -> None:
    op.create_table(
        "content", text("asset_id"), number("revision"), text("text"), number("text_version"), text("blocks"),
        text("hot_words"), number("created_at"), key("content", "asset_id", "revision"),
        ref("content", "asset_id", "asset.id"),
    )
    op.create_table(
        "cell_link", text("asset_id"), number("ordinal"), text("cell"), text("media"), number("start_ms"),
        number("end_ms"), text("quote"), key("cell_link", "asset_id", "ordinal"),
        ref("cell_link", "asset_id", "asset.id"),
    )


def watching() -> None:
    op.create_table(
        "watch_event", text("person_id"), text("id"), text("asset_id"), number("start_ms"), number("end_ms"),
        number("received_at"), key("watch_event", "person_id", "id"), ref("watch_event", "person_id", "person.id"),
        ref("watch_event", "asset_id", "asset.id"),
    )
    op.create_index("ix_watch_event_person_id_asset_id", "watch_event", ["person_id", "asset_id"])
    op.create_table(
        "watch_state", text("person_id"), text("asset_id"), text("watched"), number("position_ms"),
        number("updated_at"), key("watch_state", "person_id", "asset_id"),
        ref("watch_state", "person_id", "person.id"), ref("watch_state", "asset_id", "asset.id"),
    )


def downgrade() -> None:
    for table in (
        "watch_state", "watch_event", "cell_link", "content", "asset_revision", "asset", "blob", "membership",
        "lesson", "course", "person", "event", "counter",
    ):
        op.drop_table(table)
