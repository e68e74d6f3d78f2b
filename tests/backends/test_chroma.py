"""Chroma has one owner, survives its death, and is emptied when in doubt."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from knowhub_ext.backends.indexes import chroma
from knowhub_ext.backends.indexes.chroma import ChromaIndex
from knowhub_ext.errors import Busy, DiskFull
from knowhub_ext.ports import IndexEntry


def entry(number: int) -> IndexEntry:
    return IndexEntry(passage_id=f"p{number}", course_id="c", vector=[1.0, number / 10, 0.0])


Open = Callable[..., ChromaIndex]


@pytest.fixture
def open_index(tmp_path: Path) -> Iterator[Open]:
    opened: list[ChromaIndex] = []

    def open_index(name: str = "model", dimensions: int = 3, **of: Any) -> ChromaIndex:
        opened.append(ChromaIndex(path=tmp_path / "index", name=name, dimensions=dimensions, **of))
        return opened[-1]

    yield open_index
    for index in opened:
        index.close()


def found(index: ChromaIndex) -> list[str]:
    return [hit.passage_id for hit in index.search([1.0, 0.0, 0.0], course_id="c", limit=10)]


def test_what_was_added_and_marked_is_there_when_it_is_opened_again(open_index: Open) -> None:
    index = open_index()
    index.add([entry(1), entry(2)])
    index.mark(17)
    index.close()
    again = open_index()
    assert again.seen() == 17
    assert found(again) == ["p1", "p2"]


def test_a_second_opening_is_refused_until_the_first_is_closed(open_index: Open) -> None:
    index = open_index()
    with pytest.raises(Busy, match=r"owner\.lock is held by process \d+"):
        open_index()
    index.close()
    open_index()


OWNER = """
import sys, time
from pathlib import Path
from knowhub_ext.backends.indexes.chroma import ChromaIndex
from knowhub_ext.ports import IndexEntry
index = ChromaIndex(path=Path(sys.argv[1]), name="model", dimensions=3)
index.add([IndexEntry(passage_id=f"p{n}", course_id="c", vector=[1.0, n / 10, 0.0]) for n in (1, 2)])
index.mark(5)
index.add([IndexEntry(passage_id="p3", course_id="c", vector=[1.0, 0.3, 0.0])])
print("ready", flush=True)
time.sleep(600)
"""


def test_another_process_owns_it_until_it_is_killed_and_nothing_is_lost(open_index: Open, tmp_path: Path) -> None:
    command = [sys.executable, "-c", OWNER, str(tmp_path / "index")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as owner:
        try:
            assert owner.stdout is not None
            assert owner.stdout.readline() == "ready\n"
            with pytest.raises(Busy, match=f"process {owner.pid}"):
                open_index()
        finally:
            owner.kill()
    index = open_index()
    assert index.seen() == 5, "what came after the mark is fed again"
    index.add([entry(3)])
    assert found(index) == ["p1", "p2", "p3"]


def test_another_model_starts_empty_and_the_former_files_go(open_index: Open, tmp_path: Path) -> None:
    index = open_index()
    index.add([entry(1)])
    index.mark(3)
    index.close()
    other = open_index("sentence model/2 ÄÖ", 4)
    assert other.seen() == 0
    assert other.search([1.0, 0.0, 0.0, 0.0], course_id="c", limit=3) == []
    assert len(list((tmp_path / "index").glob("chroma-*"))) == 1


def test_another_database_starts_empty(open_index: Open) -> None:
    index = open_index(database="one", last=3)
    index.add([entry(1)])
    index.mark(3)
    index.close()
    again = open_index(database="one", last=3)  # control: the same one goes on
    assert (again.seen(), found(again)) == (3, ["p1"])
    again.close()
    other = open_index(database="two", last=3)
    assert (other.seen(), found(other)) == (0, [])
    other.mark(2)
    other.close()
    assert open_index(database="two", last=3).seen() == 2


def test_a_database_that_was_set_back_is_fed_again(open_index: Open) -> None:
    index = open_index(database="one", last=7)
    index.add([entry(1)])
    index.mark(7)
    index.close()
    back = open_index(database="one", last=6)
    assert (back.seen(), found(back)) == (0, [])


@pytest.mark.parametrize("damage", [b"", b"not a database" * 900])
def test_a_damaged_database_is_rebuilt(open_index: Open, tmp_path: Path, damage: bytes) -> None:
    index = open_index()
    index.add([entry(1)])
    index.mark(3)
    index.close()
    (path,) = (tmp_path / "index").glob("chroma-*/chroma.sqlite3")
    path.write_bytes(damage)
    again = open_index()
    assert again.seen() == 0
    again.add([entry(1)])
    assert found(again) == ["p1"]


def test_fewer_entries_than_were_marked_mean_feeding_again(open_index: Open, tmp_path: Path) -> None:
    index = open_index()
    index.add([entry(1)])
    index.mark(3)
    index.close()
    state = tmp_path / "index" / "state.json"
    state.write_text(json.dumps({**json.loads(state.read_text()), "count": 2}))
    assert open_index().seen() == 0


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"name": "kh-model-3", "folder": "../../etc"}'])
def test_a_damaged_state_means_feeding_again(open_index: Open, tmp_path: Path, text: str) -> None:
    index = open_index()
    index.add([entry(1)])
    index.mark(3)
    index.close()
    (tmp_path / "index" / "state.json").write_text(text)
    assert open_index().seen() == 0


def test_damage_that_shows_while_searching_empties_it(open_index: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    index = open_index()
    index.add([entry(1)])
    index.mark(3)

    def broken(**_: object) -> None:
        raise RuntimeError("Error executing plan: Internal error")

    monkeypatch.setattr(index._made("c"), "query", broken)
    assert found(index) == []
    assert index.seen() == 0
    index.add([entry(1)])
    assert found(index) == ["p1"]


@pytest.mark.parametrize("error", [
    RuntimeError("Query error: Database error: (code: 13) database or disk is full"),
    OSError(errno.ENOSPC, "No space left on device"),
])
def test_a_full_disk_is_told_as_one_and_what_was_there_is_found(
    open_index: Open, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    index = open_index()
    index.add([entry(1)])

    def no_room(**_: object) -> None:
        raise error

    monkeypatch.setattr(index._made("c"), "upsert", no_room)
    with pytest.raises(DiskFull, match="the vector index in"):
        index.add([entry(2)])
    assert index._client is None, "its connections may be locked for ever: it is opened anew"
    assert found(index) == ["p1"]
    monkeypatch.setattr(index._made("c"), "delete", no_room)
    with pytest.raises(DiskFull):
        index.forget(["p1"])
    assert found(index) == ["p1"]
    index.add([entry(2)])
    assert sorted(found(index)) == ["p1", "p2"]


def test_without_room_chroma_is_not_asked_to_write(open_index: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    index = open_index()
    index.add([entry(1)])
    monkeypatch.setattr(chroma, "_ROOM", 1 << 62)
    monkeypatch.setattr(index._made("c"), "upsert", lambda **_: pytest.fail("it was asked"))
    with pytest.raises(DiskFull):
        index.add([entry(2)])
    assert found(index) == ["p1"]


def test_an_index_damaged_while_the_disk_was_full_is_rebuilt_once_there_is_room(
    open_index: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = open_index()
    index.add([entry(1)])
    index.mark(3)
    monkeypatch.setattr(index._made("c"), "upsert", lambda **_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "no room")))
    with pytest.raises(DiskFull):
        index.add([entry(2)])
    connect, broken = index._connect, [ValueError("malformed")]
    monkeypatch.setattr(index, "_connect", lambda: (_ for _ in ()).throw(broken.pop()) if broken else connect())
    assert found(index) == []
    assert index.seen() == 0, "so that SQL feeds it again"
    index.add([entry(1)])
    assert found(index) == ["p1"]


def test_a_deletion_that_was_not_marked_is_no_loss(open_index: Open) -> None:
    index = open_index()
    index.add([entry(1), entry(2)])
    index.mark(3)
    index.forget(["p1"])
    index.close()
    again = open_index()  # fewer than marked: it cannot know why, so it is fed again
    assert again.seen() == 0
