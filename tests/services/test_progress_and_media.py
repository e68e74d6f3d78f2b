"""Progress by unique watched intervals; media addresses that are no bearer keys."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from knowhub_ext.errors import Forbidden, NotFound, UserError
from knowhub_ext.testing.fixtures import video
from knowhub_ext.testing.hubs import VTT, run_jobs


@pytest.fixture
def lesson(hub, me, tmp_path):
    video(tmp_path / "talk.mp4", seconds=30)
    (tmp_path / "talk.vtt").write_text(VTT)
    hub.courses.create(me, "c")
    hub.ingest.add(me, "c", [tmp_path / "talk.mp4", tmp_path / "talk.vtt"])
    run_jobs(hub)
    return hub.lessons.detail(me, "c/talk", lambda p: None)


def test_reports_are_idempotent_and_the_union_is_kept(hub, me, lesson):
    reports = [("event-one", 0, 10_000), ("event-two", 5_000, 15_000)]
    first = hub.progress.record(me, lesson["primary"], reports, 15_000)
    again = hub.progress.record(me, lesson["primary"], [*reversed(reports), *reports], 15_000)
    assert first.watched == again.watched == ((0, 15_000),)
    assert again.coverage == pytest.approx(0.5, abs=0.02)
    assert hub.progress.lesson(me, lesson["lesson"]).position_ms == 15_000


def test_seeking_to_the_end_is_not_watching(hub, me, lesson):
    hub.progress.record(me, lesson["primary"], [("jump-to-end", 29_000, 30_000)], 30_000)
    assert hub.progress.lesson(me, lesson["lesson"]).coverage < 0.05
    assert hub.progress.course(me, "c")["coverage"] < 0.05


def test_progress_is_each_persons_own(hub, me, lesson):
    with hub.store.write() as tx:
        other = replace(me, person_id=tx.people.ensure("hub:x", "ann"))
    hub.progress.record(me, lesson["primary"], [("event-one", 0, 10_000)], 10_000)
    assert hub.progress.lesson(other, lesson["lesson"]).watched == ()


def test_a_visitor_leaves_nothing_behind(hub, me, lesson):
    with pytest.raises(Forbidden):
        hub.progress.record(hub.people.visitor("c"), lesson["primary"], [("event-one", 0, 1)], 1)


def test_nonsense_is_refused(hub, me, lesson):
    with pytest.raises(UserError, match="ends before"):
        hub.progress.record(me, lesson["primary"], [("event-one", 5, 1)], None)
    with pytest.raises(NotFound):
        hub.progress.record(me, "nope", [], None)


def test_a_ticket_opens_the_medium_and_an_altered_expired_or_foreign_one_does_not(hub, me, lesson):
    asset, ticket = hub.media.ticket(me, lesson["primary"])
    opened, path = hub.media.open(ticket)
    assert opened.id == asset.id
    assert path.stat().st_size == asset.size
    altered = [
        replace(ticket, expires=ticket.expires + 1), replace(ticket, person_id="someone"), replace(ticket, revision=2),
        replace(ticket, asset_id="other"), replace(ticket, signature=ticket.signature[::-1]),
    ]
    for bad in altered:
        with pytest.raises(Forbidden, match="not valid"):
            hub.media.open(bad)
    with pytest.raises(Forbidden, match="expired"):
        hub.media.open(ticket, now=ticket.expires + 1)
    assert ticket.expires - time.time() <= 600


def test_a_link_opens_its_own_course_alone(hub, me, lesson):
    course_id = hub.courses.get(me, "c").id
    token = hub.media.link(course_id)
    assert hub.media.linked_course(token) == course_id
    assert hub.media.linked_course(token[::-1]) is None
    assert hub.media.linked_course("") is None
