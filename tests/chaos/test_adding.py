"""A9: power fails between any two statements of adding a file: no job without its file, no file without its job.

Fast: once before each statement. Under `make chaos`: 50 times before each.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from knowhub_ext.hub import Hub
from knowhub_ext.testing.hubs import run_jobs
from tests.chaos.harness import World, add, check_file, count, rows_of

ORPHANS = {
    "jobs without a file": "SELECT count(*) FROM job WHERE asset_id NOT IN (SELECT id FROM asset)",
    "files without a job": "SELECT count(*) FROM asset WHERE status = 'queued' "
    "AND id NOT IN (SELECT asset_id FROM job)",
    "files without content": "SELECT count(*) FROM asset WHERE sha256 NOT IN (SELECT sha256 FROM blob)",
    "jobs nobody was told of": "SELECT count(*) FROM job WHERE id NOT IN "
    "(SELECT substr(data, instr(data, 'job') + 6, 36) FROM event WHERE kind = 'asset.added')",
}


def statements(world: World, at: int, *, torn: bool = False) -> int:
    """Add a file in a process of its own that dies before its `at`-th statement; return how many it came to.

    `torn`: what was done until then is committed first, as if each statement were a transaction.
    """
    ends, tells = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with world.hub() as hub:
                seen = _fail_at(hub, at, torn)
                add(hub, world.folder / "in", ["one.md"])
                os.write(tells, str(seen[0]).encode())
        finally:
            os._exit(9)
    os.waitpid(child, 0)
    os.close(tells)
    with os.fdopen(ends) as said:
        return int(said.read() or 0)


def _fail_at(hub: Hub, at: int, torn: bool) -> list[int]:
    seen = [0]

    @event.listens_for(hub.store.engine, "before_cursor_execute")
    def failing(connection: Connection, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(("BEGIN", "PRAGMA")):
            return
        seen[0] += 1
        if seen[0] == at:
            if torn:
                connection.connection.dbapi_connection.execute("COMMIT")  # type: ignore[union-attr]
            os._exit(9)

    return seen


def orphans(world: World) -> dict[str, int]:
    with world.hub() as hub, hub.store.read() as tx:
        found = {what: tx.session.connection.exec_driver_sql(query).scalar() for what, query in ORPHANS.items()}
    return {what: number for what, number in found.items() if number}


@pytest.fixture
def total(world: World) -> int:
    """How many statements adding takes, found by adding in a folder that nobody looks at."""
    with world.hub():
        pass
    trial = World(world.folder / "trial")
    trial.folder.mkdir()
    with trial.hub():
        pass
    number = statements(trial, at=0)
    assert number > 10
    return number


def test_power_fails_between_any_two_statements_of_adding(
    world: World, total: int, chance: random.Random, figure: Callable[[str], None]
) -> None:
    moments = [at for _ in range(count(1, 50)) for at in chance.sample(range(1, total + 1), total)]
    for at in moments:
        statements(world, at)
        assert orphans(world) == {}, f"before statement {at} of {total}"
    check_file(world.data / "knowhub.sqlite3")
    with world.hub() as hub:
        asset = add(hub, world.folder / "in", ["one.md"])["one.md"]
        run_jobs(hub)
        rows = rows_of(hub, asset)
        assert rows["passages"] == rows["vectors"] > 0
        lessons = hub.courses.detail(hub.people.local(), "c")["lessons"]
    assert len(lessons) == 1, "added again, it is one file of one lesson"
    figure(f"A9 power failed before each of {total} statements of adding, {len(moments)} times: no orphan")


def test_control_if_each_statement_were_a_transaction_there_would_be_orphans(world: World, total: int) -> None:
    found: set[str] = set()
    for at in range(1, total + 1):
        torn = World(world.folder / f"torn-{at}")
        Path(torn.folder).mkdir()
        with torn.hub():
            pass
        statements(torn, at, torn=True)
        found |= set(orphans(torn))
        if len(found) > 1:
            break
    assert found
