"""What was watched: posted as intervals with ids that count once, kept while the hub is away, shown as what is missing.

Progress belongs to the one local person of a data folder: these tests have a folder, and each a lesson, of their own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Request, expect

from tests.browser.labs import show
from tests.browser.pages import Visit
from tests.browser.servers import Lab, jupyter_lab, sample_hub, until


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("progress")
    with jupyter_lab(folder, *sample_hub(folder)) as running:
        yield running


def details(lab: Lab, slug: str) -> dict[str, Any]:
    return dict(lab.get(f"/lessons?ref=fullstack/{slug}"))


def progress(lab: Lab, slug: str) -> dict[str, Any]:
    return dict(lab.get(f"/lessons/{details(lab, slug)['lesson']}/progress"))


def opened(visit: Visit, lab: Lab, slug: str) -> list[Request]:
    """Open a lesson's page; return the list that its reports of watching go to."""
    sent: list[Request] = []
    visit.page.on("request", lambda request: sent.append(request) if request.url.endswith("/watched") else None)
    visit.page.goto(lab.url(f"/knowhub/lesson/fullstack/{slug}"))
    visit.ready()
    return sent


def events(requests: list[Request]) -> list[dict[str, Any]]:
    return [event for request in requests for event in json.loads(request.post_data or "{}")["events"]]


def watch(visit: Visit, start: float, seconds: float) -> None:
    """Play from `start` for a while, at double speed."""
    visit.page.get_by_label("Speed").select_option("2")
    visit.video.evaluate("(media, start) => { media.currentTime = start; }", start)
    visit.at(start)
    visit.page.get_by_role("button", name="Play (k)").click()
    visit.until("(media, end) => media.currentTime >= end", start + seconds)
    visit.page.get_by_role("button", name="Pause (k)").click()
    visit.until("media => media.paused")


def test_what_was_played_counts_once_is_resumed_and_what_is_missing_is_shown(
    visit: Callable[..., Visit], lab: Lab
) -> None:
    me = visit(strict=True)
    sent = opened(me, lab, "rag-cites")
    watch(me, 20, 5)
    stopped = me.time()
    until(lambda: progress(lab, "rag-cites")["coverage"] > 0)
    first = progress(lab, "rag-cites")
    assert first["watched"] == [[pytest.approx(20, abs=0.5), pytest.approx(stopped, abs=0.6)]]
    assert first["position"] == pytest.approx(stopped, abs=0.6)

    again = [(row.url, json.loads(row.post_data or "{}")) for row in sent]
    assert again
    with lab.client() as client:
        for url, body in again:  # delivered twice, as after a lost reply
            client.post(url, json=body).raise_for_status()
    assert progress(lab, "rag-cites")["watched"] == first["watched"]
    ids = [event["id"] for event in events(sent)]
    assert len(ids) == len(set(ids)) > 0

    me.page.reload()
    me.ready()
    expect(me.page.locator("kh-player .notices")).to_contain_text("Resumed at 0:2")
    me.at(stopped, within=1)
    show(me, "Progress")
    shown = me.page.locator("kh-lesson kh-progress")
    expect(shown).to_contain_text("Missing")
    parts = shown.locator(".missing button")
    expect(parts).to_have_count(2)
    expect(parts.first).to_have_text("0:00–0:20")
    parts.first.click()
    me.at(0)


def test_jumping_to_the_end_is_not_watching(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit(strict=True)
    opened(me, lab, "gin-finds-words")
    duration = float(me.video.evaluate("media => media.duration"))
    me.page.locator("kh-player .stage").focus()
    for key in "123456789":
        me.page.keyboard.press(key)
        me.at(duration * int(key) / 10)
    me.page.get_by_label("Seek").fill(str(round(duration - 3, 1)))
    me.at(duration - 3)
    me.page.get_by_role("button", name="Play (k)").click()
    me.until("media => media.ended")
    until(lambda: progress(lab, "gin-finds-words")["coverage"] > 0)  # positive control: the last seconds were played
    seen = progress(lab, "gin-finds-words")
    assert seen["coverage"] < 0.03
    assert all(start > duration - 4 for start, _ in seen["watched"])


def test_what_is_watched_while_the_hub_is_away_is_kept_and_arrives_later(
    visit: Callable[..., Visit], lab: Lab
) -> None:
    me = visit()
    sent = opened(me, lab, "celery-worker-dies")
    me.context.route("**/watched", lambda route: route.abort("internetdisconnected"))
    watch(me, 40, 3)
    mine = "Object.keys(localStorage).filter(key => key.includes('watched:'))"
    kept = f"() => {mine}.map(key => localStorage[key]).join()"
    me.page.wait_for_function(f"() => ({kept})().includes('events')")
    missing = json.loads(me.page.evaluate(kept))["events"]
    assert missing[-1]["start"] == pytest.approx(40, abs=0.5)
    assert not any(start <= 41 <= end for start, end in progress(lab, "celery-worker-dies")["watched"])

    me.page.close()  # as if the browser had been closed meanwhile
    me.context.unroute_all()
    later = me.context.new_page()
    later.goto(lab.url("/knowhub/"))
    until(lambda: any(start <= 41 <= end for start, end in progress(lab, "celery-worker-dies")["watched"]))
    later.wait_for_function(f"() => !({kept})().includes('events')")
    assert sent
    me.problems.clear()  # the browser reports the requests that failed
