"""Purging while somebody adds the same content: never a row without its bytes."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from knowhub_ext.domain.media import Blob
from knowhub_ext.errors import Busy, NotFound
from knowhub_ext.services.operating import Operating
from knowhub_ext.store import engines
from knowhub_ext.store.database import Store


class Watched:
    """A blob store that calls `before` ahead of each removal."""

    def __init__(self, blobs, before) -> None:
        self.blobs, self.before = blobs, before

    def remove(self, sha256: str) -> None:
        self.before(sha256)
        self.blobs.remove(sha256)


class Between:
    """A store that calls `act` after its first write transaction has ended."""

    def __init__(self, store, act) -> None:
        self.store, self.act = store, act

    @contextmanager
    def write(self):
        with self.store.write() as tx:
            yield tx
        act, self.act = self.act, lambda: None
        act()


@pytest.fixture
def trashed(hub, me, course):
    hub.operating.trash(me, course)
    return course


@pytest.fixture
def blobs(hub):
    return hub.ingest._blobs


def stored(hub) -> set[str]:
    return {path.name for path in hub.folder.blobs.iterdir()}


def test_purging_removes_the_bytes(hub, me, trashed):
    assert len(stored(hub)) == 2
    assert hub.operating.purge(me, trashed)["blobs_removed"] == 2
    assert stored(hub) == set()


def test_while_bytes_are_removed_an_add_of_the_same_content_waits(hub, me, trashed, blobs, monkeypatch):
    monkeypatch.setattr(engines, "PATIENCE_MS", 100)
    adder, told = Store.open(hub.store.url), []

    def add(sha256: str) -> None:
        try:
            with adder.write() as tx:
                tx.blobs.put(Blob(sha256=sha256, size=1))
        except Busy as error:
            told.append(error)

    Operating(hub.store, Watched(blobs, add), hub.folder).purge(me, trashed)
    assert len(told) == 2, "it could store a row for bytes that are about to go"
    with adder.write() as tx:  # control: afterwards it can
        tx.blobs.put(Blob(sha256="a" * 64, size=1))
    adder.close()


def test_content_that_was_added_again_since_its_row_went_keeps_its_bytes(hub, me, trashed, blobs):
    again, *_ = sorted(stored(hub))

    def add() -> None:
        with hub.store.write() as tx:
            tx.blobs.put(Blob(sha256=again, size=1))

    row = Operating(Between(hub.store, add), blobs, hub.folder).purge(me, trashed)
    assert row["blobs_removed"] == 1
    assert stored(hub) == {again}


def test_a_crash_while_bytes_are_removed_leaves_bytes_and_no_row(hub, me, trashed, blobs):
    def crash(_: str) -> None:
        raise RuntimeError("power cut")

    names = stored(hub)
    with pytest.raises(RuntimeError):
        Operating(hub.store, Watched(blobs, crash), hub.folder).purge(me, trashed)
    assert stored(hub) == names
    with hub.store.read() as tx:
        assert not any(tx.blobs.known(name) for name in names)
        with pytest.raises(NotFound):
            tx.trash.get(trashed)
