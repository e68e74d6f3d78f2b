"""A search of a part of a course: the part is searched, not what happens to be left of a search of the whole."""

from __future__ import annotations

import pytest

from knowhub_ext.domain.media import AssetKind
from knowhub_ext.domain.people import Actor, Role
from knowhub_ext.domain.scope import Scope
from knowhub_ext.services.searching import CANDIDATES
from knowhub_ext.testing.hubs import run_jobs


def cues(lines):
    return "WEBVTT\n\n" + "".join(
        f"00:{n // 6:02}:{n % 6}0.000 --> 00:{n // 6:02}:{n % 6}9.000\n{line}\n\n" for n, line in enumerate(lines)
    )


@pytest.fixture
def shelf(hub, me, tmp_path):
    """Three lectures in which the same matter comes up, one of them all the time, and a handout."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    (folder / "loud.vtt").write_text(cues([f"The heap keeps entry {n} in order." for n in range(CANDIDATES + 30)]))
    (folder / "quiet.vtt").write_text(cues(["We speak of cooking.", "A heap of flour.", *["And of salt."] * 20]))
    (folder / "silent.vtt").write_text(cues(["We speak of the weather."] * 3))
    (folder / "handout.md").write_text("# Handout\n\nA heap keeps its entries in order, says the handout.\n")
    hub.courses.create(me, "shelf", "Shelf")
    hub.ingest.add(me, "shelf", sorted(folder.iterdir()))
    run_jobs(hub)
    with hub.store.read() as tx:
        lessons = tx.lessons.of_course(tx.courses.get("shelf").id)
    return {lesson.title: lesson.id for lesson in lessons}


def titles(hub, who, **scope):
    hits = hub.searching.search(who, "shelf", "heap in order", limit=50, scope=Scope(**scope))
    return {hit.passage.title for hit in hits}


def test_lessons_asked_for_and_left_out(hub, me, shelf):
    assert titles(hub, me) == {"loud"}, "the best fifty are all of one lecture"
    assert titles(hub, me, lessons=frozenset([shelf["quiet"]])) == {"quiet"}, "though the whole has better ones"
    assert "loud" not in titles(hub, me, without=frozenset([shelf["loud"]]))
    assert "quiet" in titles(hub, me, without=frozenset([shelf["loud"]]))
    assert titles(hub, me, lessons=frozenset(["no such lesson"])) == set()


def test_kinds(hub, me, shelf):
    assert titles(hub, me, kinds=frozenset([AssetKind.DOCUMENT])) == {"handout"}
    assert "handout" not in titles(hub, me, kinds=frozenset([AssetKind.CAPTIONS]))
    assert titles(hub, me, kinds=frozenset([AssetKind.VIDEO])) == set()


def test_only_what_i_have_watched(hub, me, shelf):
    assert titles(hub, me, watched=True) == set()
    with hub.store.write() as tx:
        [asset] = tx.assets.of_lesson(shelf["quiet"])
        tx.progress.record(me.person_id, asset.id, [("e", 0, 60_000)], position_ms=60_000, limit_ms=0)
    hits = hub.searching.search(me, "shelf", "heap salt", limit=50, scope=Scope(watched=True))
    assert {hit.passage.title for hit in hits} == {"quiet"}
    assert all(hit.locator.start_ms < 60_000 for hit in hits), "the rest of the lecture is still unseen"
    other = Actor(person_id="other", roles=frozenset({Role.LEARNER}))
    assert titles(hub, other, watched=True) == set(), "what I have watched, not what anybody has"


def test_control_a_filter_after_the_search_would_find_nothing(hub, me, shelf):
    """The best candidates of the whole are all of one lecture: another one's would be filtered away."""
    best, _ = hub.searching._ranked(me, "shelf", "heap in order", Scope())
    with hub.store.read() as tx:
        homes = tx.passages.homes([i for i, _ in best])
    assert shelf["silent"] not in {lesson for _, lesson in homes.values()}
    assert titles(hub, me, lessons=frozenset([shelf["silent"]])) == {"silent"}
