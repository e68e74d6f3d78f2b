"""Stores to test on: every test that asks for `store` runs on SQLite and on PostgreSQL, each time on an empty one."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from knowhub_ext.domain.courses import Course, Lesson
from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.jobs import Job
from knowhub_ext.domain.locators import TimeSpan
from knowhub_ext.domain.media import Asset, AssetKind
from knowhub_ext.domain.passages import Passage, Sentence
from knowhub_ext.store.database import Store, sqlite_url
from knowhub_ext.store.schema import migrate

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


class Clock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.ms = 1_800_000_000_000

    def __call__(self) -> int:
        return self.ms

    def forward(self, ms: int) -> None:
        self.ms += ms


@dataclass
class Maker:
    """Puts valid things into a store; each call opens a transaction of its own."""

    store: Store

    def course(self, slug: str | None = None, title: str = "Databases") -> Course:
        course = Course(id=new_id(), slug=slug or f"c-{secrets.token_hex(4)}", title=title)
        with self.store.write() as tx:
            tx.courses.add(course)
        return course

    def lesson(self, course: Course | None = None, slug: str | None = None, position: int = 0) -> Lesson:
        course = course or self.course()
        lesson = Lesson(
            id=new_id(), course_id=course.id, slug=slug or f"l-{secrets.token_hex(4)}", title="Indexes",
            position=position,
        )
        with self.store.write() as tx:
            tx.lessons.add(lesson)
        return lesson

    def asset(self, lesson: Lesson | None = None, key: str = "lecture.mp4", primary: bool = False) -> Asset:
        lesson = lesson or self.lesson()
        asset = Asset(
            id=new_id(), lesson_id=lesson.id, course_id=lesson.course_id, key=key, kind=AssetKind.VIDEO,
            sha256=secrets.token_hex(32), size=12, path=key, source=f"/from/{key}", primary=primary,
        )
        with self.store.write() as tx:
            tx.assets.add(asset)
        return asset

    def job(self, asset: Asset | None = None, **more: Any) -> Job:
        asset = asset or self.asset()
        own = {"asset_id": asset.id, "course_id": asset.course_id, "asset_revision": asset.revision}
        with self.store.write() as tx:
            return tx.jobs.add(Job(id=new_id(), **own, **more))

    def person(self, name: str = "Ada") -> str:
        with self.store.write() as tx:
            return tx.people.ensure("local", secrets.token_hex(4), name=name)

    def passages(self, asset: Asset, texts: Sequence[str]) -> list[Passage]:
        with self.store.write() as tx:
            return tx.passages.replace(asset.id, [passage(words, number) for number, words in enumerate(texts)])

    def trash(self, table: str, row_id: str) -> None:
        """Mark a row as deleted, which is all the trash does to it."""
        with self.store.write() as tx:
            tx.session.run(text(f"UPDATE {table} SET deleted_at = 1 WHERE id = :id"), {"id": row_id})


def passage(words: str, number: int = 0) -> Passage:
    """A passage of one sentence that lasts a second."""
    span = TimeSpan(start_ms=number * 1000, end_ms=number * 1000 + 1000)
    return Passage(text=words, locator=span, sentences=(Sentence(text=words, locator=span),), ordinal=number)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with all tables and nothing in them, to copy."""
    folder = tmp_path_factory.mktemp("migrated")
    store = Store.open(sqlite_url(folder))
    migrate(store, backup_dir=None)
    store.close()
    return folder / "knowhub.sqlite3"


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path)
    else:
        yield from postgres_schema()


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, clock: Clock) -> Iterator[Store]:
    """A store with all tables and nothing in them."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_store")
        return
    for url in postgres_schema():
        store = Store.open(url, clock=clock)
        migrate(store, backup_dir=None)
        yield store
        store.close()


@pytest.fixture
def sqlite_store(migrated: Path, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """As `store`, on SQLite alone."""
    shutil.copy(migrated, tmp_path / migrated.name)
    store = Store.open(sqlite_url(tmp_path), clock=clock)
    yield store
    store.close()


@pytest.fixture
def make(store: Store) -> Maker:
    return Maker(store)


def postgres_schema() -> Iterator[str]:
    """Yield an address whose tables live in a fresh schema; without a server fail in CI, else skip."""
    address = os.environ.get("KNOWHUB_TEST_PG")
    if not address:
        reason = "KNOWHUB_TEST_PG names no PostgreSQL; `python .ci/services.py --postgres -- pytest …` starts one."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    schema = f"t_{secrets.token_hex(8)}"
    server = create_engine(address, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
        url = make_url(address).update_query_dict({"options": f"-csearch_path={schema}"})
        yield url.render_as_string(hide_password=False)
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    server.dispose()


@pytest.fixture
def empty(empty_url):
    store = Store.open(empty_url)
    yield store
    store.close()
