from __future__ import annotations

import threading

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowhub_ext.domain.progress import union

LENGTH = 60_000
REPORT = st.tuples(st.integers(0, LENGTH + 5_000), st.integers(0, 10_000)).map(lambda p: (p[0], p[0] + p[1]))


def record(store, person, asset, events, position=None, limit=LENGTH):
    with store.write() as tx:
        return tx.progress.record(person, asset.id, events, position_ms=position, limit_ms=limit)


def watched(store, person, asset):
    with store.read() as tx:
        return tx.progress.get(person, asset.id)


def test_one_who_never_watched_has_nothing(store, make):
    assert watched(store, make.person(), make.asset()) == ((), 0)


def test_reports_add_up_and_are_cut_to_the_medium(store, make):
    person, asset = make.person(), make.asset()
    assert record(store, person, asset, [("a", 0, 1000), ("b", 5000, 6000)], 6000)
    assert record(store, person, asset, [("c", 900, 2000), ("d", 59_000, 90_000)], 60_000)
    assert watched(store, person, asset) == (((0, 2000), (5000, 6000), (59_000, 60_000)), 60_000)


def test_a_report_sent_again_changes_nothing(store, make):
    person, asset = make.person(), make.asset()
    record(store, person, asset, [("a", 0, 1000)], 1000)
    record(store, person, asset, [("b", 1000, 2000)], 2000)
    assert not record(store, person, asset, [("a", 0, 1000)], 1000)
    assert not record(store, person, asset, [("a", 0, 50_000)], 1000)
    assert watched(store, person, asset) == (((0, 2000),), 2000)


def test_a_position_alone_is_kept(store, make):
    person, asset = make.person(), make.asset()
    assert record(store, person, asset, [], 40_000)
    assert watched(store, person, asset) == ((), 40_000)
    assert not record(store, person, asset, [], 40_000)
    assert not record(store, person, asset, [], None)


def test_people_and_media_are_kept_apart(store, make):
    ada, bob = make.person("Ada"), make.person("Bob")
    one, two = make.asset(), make.asset()
    record(store, ada, one, [("a", 0, 1000)])
    record(store, bob, one, [("a", 2000, 3000)])
    record(store, ada, two, [("b", 4000, 5000)])
    assert watched(store, ada, one)[0] == ((0, 1000),)
    assert watched(store, bob, one)[0] == ((2000, 3000),)
    assert watched(store, ada, two)[0] == ((4000, 5000),)


def test_a_medium_of_unknown_length_is_not_cut(store, make):
    person, asset = make.person(), make.asset()
    record(store, person, asset, [("a", 0, 999_999_999)], limit=0)
    assert watched(store, person, asset)[0] == ((0, 999_999_999),)


def test_two_devices_at_once_lose_nothing(store, make):
    person, asset = make.person(), make.asset()
    raised: list[BaseException] = []
    gate = threading.Barrier(4)

    def work(device: int) -> None:
        gate.wait()
        try:
            for number in range(10):
                start = (number * 4 + device) * 1000
                record(store, person, asset, [(f"{device}-{number}", start, start + 1000)])
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert raised == []
    assert watched(store, person, asset)[0] == ((0, 40_000),)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reports=st.lists(REPORT, max_size=8), data=st.data())
def test_order_repetition_and_batches_of_reports_change_nothing(store, make, reports, data):
    person, asset = make.person(), make.asset()
    events = [(f"e{number}", start, end) for number, (start, end) in enumerate(reports)]
    sent = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=6) if events else
                                                        st.just([]))))
    cut = data.draw(st.integers(0, len(sent)))
    for batch in (sent[:cut], sent[cut:], sent):
        record(store, person, asset, batch)
    assert watched(store, person, asset)[0] == union(reports, limit_ms=LENGTH)


# A course at once


def test_a_course_is_what_was_watched_of_its_own_media_by_one_person(store, make):
    ada, bob = make.person("Ada"), make.person("Bob")
    one = make.asset()
    two, elsewhere = make.asset(), make.asset()
    record(store, ada, one, [("a", 0, 1000)], 900)
    record(store, bob, two, [("a", 2000, 3000)])
    record(store, ada, elsewhere, [("b", 4000, 5000)])
    with store.read() as tx:
        found = tx.progress.states(ada, one.course_id)
        assert set(found) == {row.id for row in (one, elsewhere) if row.course_id == one.course_id}
        assert found[one.id][:2] == (((0, 1000),), 900)
        assert 0 < found[one.id][2] <= tx.now
        assert tx.progress.states(bob, one.course_id).keys() <= {two.id}


def test_what_was_watched_lately_counts_each_minute_once(store, make):
    person, asset = make.person(), make.asset()
    record(store, person, asset, [("a", 0, 2000)])
    record(store, person, asset, [("b", 1000, 3000), ("c", 7000, 8000)])
    with store.read() as tx:
        watched_ms, first_at = tx.progress.lately(person, asset.course_id, tx.now - 60_000)
        assert watched_ms == 4000
        assert tx.now - 60_000 <= first_at <= tx.now
        assert tx.progress.lately(person, asset.course_id, tx.now + 1) == (0, 0), "the control: nothing so late"
        assert tx.progress.lately(make.person("Bob"), asset.course_id, 0) == (0, 0)
