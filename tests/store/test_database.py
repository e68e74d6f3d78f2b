from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from knowhub_ext.domain.courses import Course
from knowhub_ext.domain.documents import Document
from knowhub_ext.domain.ids import new_id
from knowhub_ext.errors import Busy, Conflict, DiskFull, InvalidSetting, NotFound
from knowhub_ext.store import engines, schema
from knowhub_ext.store.database import Store, sqlite_url

THREADS, ROUNDS = 8, 25


def at_once(work: Callable[[], None]) -> list[BaseException]:
    """Run `work` in `THREADS` threads that start together; return what they raised."""
    raised: list[BaseException] = []
    gate = threading.Barrier(THREADS)

    def body() -> None:
        gate.wait()
        try:
            for _ in range(ROUNDS):
                work()
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=body) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_threads_that_read_then_write_lose_nothing_and_never_fail(store, make):
    course = make.course(title="0")

    def work() -> None:
        with store.write() as tx:
            found = tx.courses.get(course.id)
            tx.courses.update(replace(found, title=str(int(found.title) + 1)))

    assert at_once(work) == []
    with store.read() as tx:
        assert tx.courses.get(course.id).title == str(THREADS * ROUNDS)


def test_control_a_deferred_begin_fails_under_the_same_load(sqlite_store):
    with sqlite_store.write() as tx:
        course = Course(id=new_id(), slug="x", title="0")
        tx.courses.add(course)
    failed: list[sqlite3.OperationalError] = []
    path = str(sqlite_store.engine.url.database)

    def work() -> None:
        with closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN DEFERRED")
                value = int(connection.execute("SELECT title FROM course").fetchone()[0])
                connection.execute("UPDATE course SET title = ?", (str(value + 1),))
                connection.execute("COMMIT")
            except sqlite3.OperationalError as error:
                failed.append(error)

    assert at_once(work) == []
    assert failed, "the load is too light to prove anything"
    with sqlite_store.read() as tx:
        assert int(tx.courses.get("x").title) == THREADS * ROUNDS - len(failed)


def test_an_error_rolls_everything_back(store, make):
    def work() -> None:
        with store.write() as tx:
            tx.courses.add(Course(id=new_id(), slug="gone", title="Gone"))
            tx.event("me", "c", "course.created", "x")
            tx.courses.get("no such course")

    with pytest.raises(NotFound):
        work()
    with store.read() as tx:
        assert tx.courses.all() == []
        assert tx.events.last() == 0


def test_a_read_transaction_sees_one_state_and_writes_nothing(store, make):
    make.course("one")
    with store.read() as tx:
        assert len(tx.courses.all()) == 1
        make.course("two")
        assert len(tx.courses.all()) == 1
    with store.read() as tx:
        assert len(tx.courses.all()) == 2
    with pytest.raises(DBAPIError), store.read() as tx:
        tx.courses.add(Course(id=new_id(), slug="three", title="Three"))
    with store.read() as tx:
        assert len(tx.courses.all()) == 2


def test_after_reading_the_same_thread_may_write(store, make):
    """A pooled connection must not stay read-only."""
    for number in range(5):
        with store.read() as tx:
            assert len(tx.courses.all()) == number
        make.course()


def test_a_writer_that_waits_too_long_is_told_to_come_back(monkeypatch, store):
    monkeypatch.setattr(engines, "PATIENCE_MS", 200)
    impatient = Store.open(store.url)
    with store.write(), pytest.raises(Busy), impatient.write():
        pass
    with impatient.write() as tx:
        tx.courses.add(Course(id=new_id(), slug="later", title="Later"))
    impatient.close()


def test_a_transaction_inside_a_transaction_is_refused_rather_than_waiting_for_itself(monkeypatch, store):
    monkeypatch.setattr(engines, "PATIENCE_MS", 200)
    impatient = Store.open(store.url)
    with impatient.write(), pytest.raises(Busy), impatient.write():
        pass
    with impatient.write() as tx:
        assert tx.courses.all() == []
    impatient.close()


def test_a_unique_value_taken_behind_our_back_is_a_conflict(store):
    insert = text("INSERT INTO blob (sha256, size, created_at) VALUES ('a', 1, 1)")
    with store.write() as tx:
        tx.session.run(insert)
    with pytest.raises(Conflict), store.write() as tx:
        tx.session.run(insert)


def test_sqlite_keeps_its_promises_on_every_connection(sqlite_store):
    pragmas = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": engines.PATIENCE_MS}
    for transaction in (sqlite_store.write, sqlite_store.read):
        with transaction() as tx:
            assert {name: tx.session.scalar(text(f"PRAGMA {name}")) for name in pragmas} == pragmas


def test_foreign_keys_hold(store):
    with pytest.raises(DBAPIError), store.write() as tx:
        tx.contents.put("nothing", 1, Document(text="", blocks=[]))


def test_a_full_disk_is_said_so_and_keeps_what_was_saved(sqlite_store):
    with sqlite_store.write() as tx:
        tx.courses.add(Course(id=new_id(), slug="kept", title="Kept"))
    with sqlite_store.write() as tx:
        pages = tx.session.scalar(text("PRAGMA page_count"))
        tx.session.scalar(text(f"PRAGMA max_page_count = {pages + 2}"))
    with pytest.raises(DiskFull), sqlite_store.write() as tx:
        tx.courses.add(Course(id=new_id(), slug="lost", title="x" * 100_000))
    with sqlite_store.write() as tx:
        tx.session.scalar(text("PRAGMA max_page_count = 1073741823"))
        assert [course.slug for course in tx.courses.all()] == ["kept"]
        tx.courses.add(Course(id=new_id(), slug="later", title="Later"))
    with sqlite_store.read() as tx:
        assert tx.session.scalar(text("PRAGMA integrity_check")) == "ok"


def test_a_full_disk_of_a_postgresql_server_is_said_so_too():
    class Full(Exception):
        sqlstate = "53100"

    with pytest.raises(DiskFull), engines.translated():
        raise DBAPIError("INSERT", {}, Full())


def test_a_new_sqlite_file_is_its_owners_alone(tmp_path):
    store = Store.open(sqlite_url(tmp_path / "deep" / "data"))
    with store.write():
        pass
    path = tmp_path / "deep" / "data" / "knowhub.sqlite3"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    store.close()


@pytest.mark.parametrize("name", ["a b", "ü", "100%", "a?b", "a#b"])
def test_any_folder_name_will_do(tmp_path: Path, name: str):
    store = Store.open(sqlite_url(tmp_path / name))
    with store.read():
        pass
    store.close()
    assert (tmp_path / name / "knowhub.sqlite3").exists()


@pytest.mark.parametrize("url", ["mysql://x/y", "", "no address", "sqlite:"])
def test_an_address_that_cannot_be_used_is_refused_with_the_cure(url):
    with pytest.raises(InvalidSetting) as refused:
        Store.open(url)
    assert refused.value.cure


NEIGHBOUR = """
import sqlite3, sys
other = sqlite3.connect(sys.argv[1])
other.execute("PRAGMA journal_mode = WAL")
other.execute("SELECT count(*) FROM course").fetchone()
other.close()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no POSIX locks to lose")
@pytest.mark.parametrize("careless", [False, True], ids=["as it is", "control: the file is opened and closed"])
def test_opening_a_store_again_loses_no_lock_of_the_connections_there_are(tmp_path, careless):
    """A neighbour that finds no lock takes itself for the last one and removes the write-ahead log under us."""
    url = sqlite_url(tmp_path)
    with closing(Store.open(url)) as store:
        schema.migrate(store, backup_dir=None)
        with store.write() as tx:
            tx.courses.add(Course(id=new_id(), slug="one", title="One"))
        file = next(tmp_path.glob("*.sqlite3"))
        Store.open(url).close()
        if careless:
            file.open("rb").close()
        subprocess.run([sys.executable, "-c", NEIGHBOUR, str(file)], check=True)
        assert file.with_name(f"{file.name}-wal").exists() is not careless
