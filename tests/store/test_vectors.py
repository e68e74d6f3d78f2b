from __future__ import annotations

from array import array

import pytest

from knowhub_ext.store.database import Store
from knowhub_ext.store.packing import pack_vector, unpack_vector


def put(store, model, rows):
    with store.write() as tx:
        tx.vectors.put(model, rows)


class Index:
    """A derived index that is fed by changes, `limit` at a time."""

    def __init__(self, store: Store, model: str, limit: int) -> None:
        self.store, self.model, self.limit = store, model, limit
        self.held: dict[str, list[float]] = {}
        self.seq = 0

    def catch_up(self) -> None:
        more = True
        while more:
            with self.store.read() as tx:
                changes = tx.vectors.changes(self.model, self.seq, self.limit)
            assert len(changes.entries) + len(changes.gone) <= self.limit
            for entry in changes.entries:
                self.held[entry.passage_id] = list(entry.vector)
            for passage_id in changes.gone:
                self.held.pop(passage_id, None)
            self.seq, more = changes.seq, changes.more


def test_a_vector_is_little_endian_float32():
    assert pack_vector([1.0, -2.5]) == b"\x00\x00\x80\x3f\x00\x00\x20\xc0"
    assert unpack_vector(pack_vector(array("f", [1.0, -2.5]))) == array("f", [1.0, -2.5])


def test_pending_shrinks_as_vectors_come_and_knows_models_apart(store, make):
    asset = make.asset()
    ids = [p.id for p in make.passages(asset, ["a", "b", "c"])]
    put(store, "m", [(ids[1], [1.0, 0.0])])
    with store.read() as tx:
        assert [p.id for p in tx.vectors.pending(asset.id, "m", 9)] == [ids[0], ids[2]]
        assert [p.id for p in tx.vectors.pending(asset.id, "m", 1)] == [ids[0]]
        assert [p.text for p in tx.vectors.pending(asset.id, "other", 9)] == ["a", "b", "c"]


def test_vectors_of_some_passages_are_those_of_one_model(store, make):
    ids = [p.id for p in make.passages(make.asset(), ["a", "b", "c"])]
    put(store, "m", [(ids[0], [1.0, 0.0]), (ids[1], [0.0, 1.0])])
    put(store, "other", [(ids[2], [1.0, 1.0])])
    with store.read() as tx:
        assert {i: list(v) for i, v in tx.vectors.some("m", [*ids[1:], "unknown"]).items()} == {ids[1]: [0.0, 1.0]}
        assert tx.vectors.some("m", []) == {}


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_an_index_that_follows_the_changes_holds_what_sql_holds(store, make, limit):
    one, two = make.asset(), make.asset()
    index = Index(store, "m", limit)
    index.catch_up()
    assert (index.held, index.seq) == ({}, 0)
    first = [p.id for p in make.passages(one, ["a", "b", "c"])]
    put(store, "m", [(i, [float(n), 1.0]) for n, i in enumerate(first)])
    index.catch_up()
    assert index.held == {i: [float(n), 1.0] for n, i in enumerate(first)}
    second = [p.id for p in make.passages(two, ["d", "e"])]
    put(store, "m", [(second[0], [7.0, 7.0])])
    put(store, "m", [(first[1], [9.0, 9.0])])
    put(store, "other", [(second[1], [8.0])])
    index.catch_up()
    assert index.held[first[1]] == [9.0, 9.0]
    assert set(index.held) == {*first, second[0]}
    third = [p.id for p in make.passages(one, ["x"])]
    put(store, "m", [(third[0], [5.0, 5.0])])
    index.catch_up()
    assert index.held == {second[0]: [7.0, 7.0], third[0]: [5.0, 5.0]}
    late = Index(store, "m", limit)
    late.catch_up()
    assert (late.held, late.seq) == (index.held, index.seq)


def test_entries_say_which_course_they_belong_to(store, make):
    asset = make.asset()
    stored = make.passages(asset, ["a"])
    put(store, "m", [(stored[0].id, [0.5])])
    with store.read() as tx:
        changes = tx.vectors.changes("m", 0, 10)
        assert [(e.passage_id, e.course_id, list(e.vector)) for e in changes.entries] == [
            (stored[0].id, asset.course_id, [0.5])
        ]
        assert not changes.more
        again = tx.vectors.changes("m", changes.seq, 10)
        assert (again.entries, again.gone, again.seq, again.more) == ([], [], changes.seq, False)


def test_passages_give_their_vectors_in_one_run(store, make):
    asset = make.asset()
    stored = [p.id for p in make.passages(asset, ["a", "b", "c"])]
    put(store, "m", [(passage_id, [number, 0.5]) for number, passage_id in enumerate(stored)])
    with store.read() as tx:
        ids, data, dimensions = tx.vectors.packed("m", [stored[2], "unknown", stored[0]])
        rows = dict(zip(ids, [unpack_vector(data[:8]), unpack_vector(data[8:])], strict=True))
        assert rows == {stored[0]: array("f", [0, 0.5]), stored[2]: array("f", [2, 0.5])}
        assert dimensions == 2
        assert tx.vectors.packed("other", stored) == tx.vectors.packed("m", []) == ([], b"", 0)


def test_a_failed_transaction_gives_its_numbers_back(store, make):
    stored = make.passages(make.asset(), ["a", "b"])
    put(store, "m", [(stored[0].id, [1.0])])
    with pytest.raises(ZeroDivisionError), store.write() as tx:
        tx.vectors.put("m", [(stored[1].id, [1.0 / 0])])
    put(store, "m", [(stored[1].id, [2.0])])
    with store.read() as tx:
        assert tx.vectors.changes("m", 0, 10).seq == 2
