"""The store: opens the database and hands out transactions. Nothing above it sees a connection, nothing here commits
but the end of a transaction."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL

from knowhub_ext.errors import Busy
from knowhub_ext.store import engines
from knowhub_ext.store.annotations import Annotations
from knowhub_ext.store.assets import Assets
from knowhub_ext.store.blobs import Blobs
from knowhub_ext.store.contents import Contents
from knowhub_ext.store.counters import Counters
from knowhub_ext.store.courses import Courses
from knowhub_ext.store.embeddings import Embeddings
from knowhub_ext.store.engines import parsed, postgres_engine, sqlite_engine, translated
from knowhub_ext.store.events import Events
from knowhub_ext.store.extents import ExtentCache
from knowhub_ext.store.history import History
from knowhub_ext.store.jobs import Jobs
from knowhub_ext.store.lessons import Lessons
from knowhub_ext.store.links import Links
from knowhub_ext.store.meta import Meta
from knowhub_ext.store.passages import Passages
from knowhub_ext.store.people import People
from knowhub_ext.store.progress import WatchLog
from knowhub_ext.store.session import Session
from knowhub_ext.store.slides import Slides
from knowhub_ext.store.speeds import Speeds
from knowhub_ext.store.transcripts import Transcripts
from knowhub_ext.store.trash import Trash
from knowhub_ext.store.uploads import Uploads
from knowhub_ext.store.vectors import Vectors
from knowhub_ext.store.workers import Workers


def now_ms() -> int:
    """Return this machine's clock as UTC milliseconds."""
    return time.time_ns() // 1_000_000


def sqlite_url(data: Path) -> str:
    """Return the address of the SQLite database of a data folder."""
    return URL.create("sqlite", database=str(data / "knowhub.sqlite3")).render_as_string()


class Tx:
    """One transaction with one repository a noun. `now` is the instant it began, UTC milliseconds."""

    def __init__(
        self, connection: Connection, clock: Callable[[], int], extents: ExtentCache | None = None
    ) -> None:
        session = Session(connection, clock)
        self.session = session
        self.now = session.now
        counters = Counters(session)
        self.events = Events(session, counters)
        self.people = People(session)
        self.courses = Courses(session)
        self.lessons = Lessons(session)
        self.blobs = Blobs(session)
        self.assets = Assets(session, self.blobs)
        self.links = Links(session)
        self.contents = Contents(session, self.links)
        self.slides = Slides(session)
        self.transcripts = Transcripts(session)
        self.passages = Passages(session, counters, extents)
        self.vectors = Vectors(session, counters)
        self.embeddings = Embeddings(session)
        self.trash = Trash(session, self.passages)
        self.jobs = Jobs(session, self.assets, self.events)
        self.uploads = Uploads(session)
        self.workers = Workers(session)
        self.speeds = Speeds(session)
        self.progress = WatchLog(session)
        self.history = History(session)
        self.annotations = Annotations(session)
        self.meta = Meta(session)

    def event(
        self, actor: str, course_id: str, kind: str, subject: str, data: Mapping[str, Any] | None = None
    ) -> int:
        """Record what this transaction changed; return its number. See `Events.add`."""
        return self.events.add(actor, course_id, kind, subject, data)


class Store:
    """A database that many threads may use at once. Close it when done."""

    def __init__(self, url: URL, writer: Engine, reader: Engine, clock: Callable[[], int]) -> None:
        self.url = url.render_as_string(hide_password=False)
        self.dialect: str = writer.dialect.name
        self.engine = writer
        self._reader = reader
        self._clock = clock
        self._turn = threading.Lock()
        self._extents = ExtentCache()

    @classmethod
    def open(cls, url: str, *, clock: Callable[[], int] = now_ms) -> Store:
        """Prepare to use the database at `url`; its tables are made by `schema.migrate`.

        A SQLite file is made readable by its owner alone, with the folders above it.

        Raises:
            InvalidSetting: the address is no SQLite's or PostgreSQL's.
            MissingBackend: PostgreSQL's driver is not installed.
        """
        address = parsed(url)
        if address.get_backend_name() == "sqlite":
            _make_private(address)
            writer = sqlite_engine(address, begin="BEGIN IMMEDIATE")
            return cls(address, writer, sqlite_engine(address, begin="BEGIN", query_only=True), clock)
        writer = postgres_engine(address)
        reader = writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        return cls(address, writer, reader, clock)

    def now(self) -> int:
        """Return the store's clock, UTC milliseconds."""
        return self._clock()

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """Open a transaction that may write; commit at its end, roll back on any error.

        The write lock is taken at once, so what is read inside stays true until the commit; other writers wait, so
        never hold it over a model call or a stream.

        Raises:
            DiskFull: there was no room; nothing of this transaction is kept.
            Busy: another transaction did not end in time.
        """
        with self._in_turn(), translated(), self.engine.begin() as connection:
            yield Tx(connection, self._clock)

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Let this process's writers queue here: SQLite's own waiting polls, and a writer may be passed over for
        seconds. PostgreSQL's lock is a queue already."""
        if self.dialect != "sqlite":
            yield
            return
        if not self._turn.acquire(timeout=engines.PATIENCE_MS / 1000):
            raise Busy("Another transaction of this process does not end.")
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """Open a transaction that sees one consistent state of the database and can write nothing."""
        with translated(), self._reader.connect() as connection, connection.begin():
            yield Tx(connection, self._clock, self._extents)

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()
        self._reader.dispose()


def _make_private(address: URL) -> None:
    path = Path(str(address.database))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        pass  # never opened here: closing it would drop this process's POSIX locks, also those of SQLite's connections
