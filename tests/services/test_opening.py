"""Opening a data folder: held before it is looked at, made by one of many, its secrets told to nobody."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest
from sqlalchemy import text

from knowhub_ext import worker
from knowhub_ext.backends import registry
from knowhub_ext.config import KnowHub, load
from knowhub_ext.errors import DataLocked
from knowhub_ext.hub import SETTINGS, opening
from knowhub_ext.store import schema
from knowhub_ext.store.database import Store, sqlite_url
from knowhub_ext.store.folder import DataFolder
from knowhub_ext.testing.hubs import PLAIN, plain_hub, sample_course

OPENER = """
import json, sys, time
from pathlib import Path
from knowhub_ext.config import load
from knowhub_ext.hub import build
Path(sys.argv[3]).touch()
while not Path(sys.argv[2]).exists():
    time.sleep(0.001)
hub = build(load(json.loads(sys.argv[1])))
with hub.store.read() as tx:
    print(tx.meta.identity(), flush=True)
sys.stdin.read()
hub.close()
"""


def test_processes_that_start_at_once_on_a_fresh_folder_all_open_it(tmp_path):
    settings = KnowHub(**PLAIN, data=str(tmp_path / "data")).to_json()
    command = [sys.executable, "-c", OPENER, settings, str(tmp_path / "go")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    started = [subprocess.Popen([*command, str(tmp_path / f"ready-{n}")], **pipes) for n in range(3)]
    while len(list(tmp_path.glob("ready-*"))) < 3:
        assert all(process.poll() is None for process in started)
        time.sleep(0.01)
    (tmp_path / "go").touch()
    first = [process.stdout.readline().strip() for process in started]  # all hold it open now
    ended = [(process.communicate()[1], process.returncode) for process in started]
    assert ended == [("", 0)] * 3
    assert len(first[0]) == 32
    assert len(set(first)) == 1, "one of them made it, the others found it"


@pytest.fixture
def outdated(tmp_path):
    """A folder whose database stands at an earlier version."""
    folder = DataFolder(tmp_path / "data")
    with closing(Store.open(sqlite_url(folder.path))) as store, store.engine.begin() as connection:
        schema._upgrade(connection, "0002")
    return folder


def test_a_due_migration_waits_for_those_who_are_about_to_let_go(outdated):
    held, go = threading.Event(), threading.Event()

    def other() -> None:
        with outdated.hold():
            held.set()
            go.wait()

    thread = threading.Thread(target=other)
    thread.start()
    held.wait()
    threading.Timer(0.5, go.set).start()
    with plain_hub(outdated.path) as hub, hub.store.read() as tx:
        assert tx.meta.identity()
    thread.join()


def test_a_due_migration_gives_up_when_others_stay(outdated, monkeypatch):
    monkeypatch.setattr(opening, "PATIENCE_S", 0.3)
    with outdated.hold(), pytest.raises(DataLocked), plain_hub(outdated.path):
        pass
    store = Store.open(sqlite_url(outdated.path))
    with store.read() as tx:
        assert tx.session.scalar(text("SELECT version_num FROM alembic_version")) == "0002"
    store.close()


def test_the_folder_is_held_before_the_database_is_looked_at(tmp_path, monkeypatch):
    with plain_hub(tmp_path / "data"):
        pass
    refused, whole = [], Store.open

    def watched(url: str) -> Store:
        with pytest.raises(DataLocked), DataFolder(tmp_path / "data").hold(exclusive=True):
            pass
        refused.append(url)
        return whole(url)

    monkeypatch.setattr(Store, "open", watched)
    with plain_hub(tmp_path / "data"):
        pass
    assert len(refused) == 1


def test_a_hub_lets_go_of_its_folder(outdated):
    with plain_hub(outdated.path):
        pass
    with outdated.hold(exclusive=True):
        pass


class Seen(Exception):
    """Stands in for the index: says with which options it was to be made."""


def test_the_index_of_a_server_is_tied_to_its_database(tmp_path, monkeypatch):
    whole = registry.create

    def create(seam: str, backend: str, /, **options):
        if (seam, backend) == ("indexes", "chroma"):
            raise Seen(options)
        return whole(seam, backend, **options)

    with plain_hub(tmp_path / "data") as hub:
        sample_course(hub, tmp_path / "files")
        with hub.store.read() as tx:
            expected = {"database": tx.meta.identity(), "last": tx.vectors.last()}
    assert expected["last"] > 0
    monkeypatch.setattr(registry, "create", create)
    with plain_hub(tmp_path / "data", door="server", index="auto") as hub, pytest.raises(Seen) as seen:
        hub.searching.refresh()
    assert expected.items() <= seen.value.args[0].items()


def test_another_database_in_the_same_folder_is_searched_by_its_own_vectors(tmp_path):
    """The second database has as many changes as the first: by their numbers alone nothing would seem to be new."""
    pytest.importorskip("chromadb")
    data = tmp_path / "data"
    for name in ("one", "two"):
        url = sqlite_url(tmp_path / name)
        with plain_hub(data, database_url=url) as hub:
            sample_course(hub, tmp_path / "files")
        with plain_hub(data, door="server", index="chroma", database_url=url) as hub:
            course = hub.courses.get(hub.people.local(), "demo")
            (vector,) = hub.chosen.embedder.embed(["posting list"])
            hits = hub.searching._shelves.chosen._fed().search(vector, course_id=course.id, limit=5)
            assert hits, f"the index holds nothing of database {name}"


def test_a_server_tells_its_worker_the_settings_where_no_other_user_reads_them(tmp_path):
    with plain_hub(tmp_path / "data", door="server", ollama_url="http://ada:hush@127.0.0.1:9") as hub:
        hub.runner.wake()
        end = time.monotonic() + 30
        while not (pid := hub.runner.pid) or "knowhub_ext.worker" not in (shown := command_line(pid)):
            assert time.monotonic() < end
            time.sleep(0.01)
    assert "hush" not in shown


def command_line(pid: int) -> str:
    """What every user of this machine is shown of a process."""
    done = subprocess.run(["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.stdout


def test_a_worker_takes_its_settings_from_the_environment_and_removes_them_there(tmp_path, monkeypatch):
    built = []

    def build(settings, *, door):
        built.append((settings.database_url, settings.folder(), door))
        raise DataLocked

    monkeypatch.setattr(worker, "build", build)
    monkeypatch.setenv(SETTINGS, load({"database_url": "postgresql://ada:hush@db/k"}).to_json())
    assert worker.main(["--data", str(tmp_path)]) == 2
    assert built == [("postgresql://ada:hush@db/k", tmp_path, "worker")]
    assert SETTINGS not in os.environ
