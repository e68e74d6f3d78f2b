"""A lecture plays on when the address of its medium ends, keeping its second, its speed and whether it plays."""

from __future__ import annotations

import itertools
import wave
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Request, Route

from knowhub_ext.testing.hubs import VTT, plain_hub, run_jobs
from tests.browser.pages import Visit
from tests.browser.servers import knowhub_serve

LIFETIME_S = 10
#: Much longer than what a browser reads ahead, so that it has to come back for more.
SECONDS, RATE = 240, 44_100
#: Where the playhead is over time, to see that it never jumps.
TRACE = """media => {
  window.trace = [];
  media.addEventListener('timeupdate', () => media.readyState > 0 && window.trace.push(media.currentTime));
}"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A server with a long recording, whose addresses are good for a moment only."""
    folder = tmp_path_factory.mktemp("short")
    with wave.open(str(folder / "celery.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(bytes(4 * RATE * SECONDS))
    (folder / "celery.vtt").write_text(VTT, encoding="utf-8")
    with plain_hub(folder / "data") as hub:
        hub.courses.create(hub.people.local(), "long")
        hub.ingest.add(hub.people.local(), "long", [folder / "celery.wav", folder / "celery.vtt"])
        run_jobs(hub)
    with knowhub_serve(folder / "serve", folder / "data", "long", media_lifetime_s=LIFETIME_S) as said:
        yield said


def addresses(visit: Visit) -> list[str]:
    """Keep the addresses that the browser fetches the medium from."""
    found: list[str] = []

    def note(request: Request) -> None:
        if "/knowhub/api/media/" in request.url and request.url not in found:
            found.append(request.url)

    visit.page.on("request", note)
    return found


def test_playing_across_the_end_of_an_address(visit: Callable[..., Visit], served: dict[str, Any]) -> None:
    me = visit(strict=True)
    fetched = addresses(me)
    me.page.goto(served["links"][0]["url"])
    me.ready()
    me.page.get_by_label("Speed").select_option("1.25")
    me.video.evaluate(TRACE)
    me.page.get_by_role("button", name="Play (k)").click()
    me.until("media => media.currentTime > 17", seconds=60)  # the first address ended seconds ago
    assert len(fetched) >= 2
    assert me.video.evaluate("media => !media.paused && media.playbackRate === 1.25")
    trace = me.page.evaluate("window.trace")
    assert min(later - earlier for earlier, later in itertools.pairwise(trace)) > -1.0
    assert max(later - earlier for earlier, later in itertools.pairwise(trace)) < 2.0


def test_a_refused_address_is_renewed_and_the_second_kept(visit: Callable[..., Visit], served: dict[str, Any]) -> None:
    me = visit()
    me.page.goto(served["links"][0]["url"])
    me.ready()
    me.page.locator("kh-player .stage").focus()
    refused: list[str] = []

    def refuse(route: Route) -> None:
        if not refused:
            refused.append(route.request.url)
            route.fulfill(status=403, content_type="application/problem+json", body="{}")
        else:
            route.continue_()

    me.page.route("**/knowhub/api/media/**", refuse)  # as for somebody who comes back after an hour and presses play
    me.page.keyboard.press("k")
    me.until("media => media.currentTime > 0.3")
    me.page.keyboard.press("8")
    there = float(me.video.evaluate("media => media.duration")) * 0.8
    me.until("(media, there) => media.currentTime > there && !media.paused && media.readyState > 2", there)
    assert me.time() < there + 10
    assert refused
    me.problems.clear()  # the browser reports the 403
