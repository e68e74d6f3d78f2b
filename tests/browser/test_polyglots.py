"""Media that are pages or scripts too: nothing of them runs in our origin, however a page of ours would embed them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error

from knowhub_ext.testing.hubs import VTT, plain_hub, run_jobs
from tests.browser.pages import Visit
from tests.browser.servers import knowhub_serve
from tests.server.polyglots import corpus

#: One of each kind of trick.
NAMES = (
    "none-bare.mp4", "none-html.mp4", "none-svg.mp4", "none-js.mp4", "mp4-html.mp4", "mp3-bare.mp3", "ogg-html.mp3",
    "wav-svg.mp3", "gif-js.mp3", "page-after-nuls.mp4", "page-at-kilobyte.mp3", "mime.mp4",
)
#: Embed an address as each thing that runs; `src` or `data` is what a careless page of ours might write.
EMBED = """async address => {
  const kinds = { script: 'src', iframe: 'src', embed: 'src', object: 'data', img: 'src' };
  await Promise.all(Object.entries(kinds).map(([tag, key]) => new Promise(over => {
    const made = document.createElement(tag);
    made.onload = made.onerror = over;
    setTimeout(over, 1000);
    made[key] = address;
    document.body.append(made);
  })));
}"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    """The address of a page of ours, and the ids of those files."""
    folder = tmp_path_factory.mktemp("polyglots")
    (folder / "celery.vtt").write_text(VTT, encoding="utf-8")
    for name in NAMES:
        (folder / name).write_bytes(corpus()[name])
    with plain_hub(folder / "data") as hub:
        me = hub.people.local()
        hub.courses.create(me, "odd")
        added = hub.ingest.add(me, "odd", [folder / "celery.vtt", *(folder / name for name in NAMES)])
        run_jobs(hub)
    ids = {Path(row["path"]).name: row["asset"] for lesson in added.lessons for row in lesson["assets"]}
    with knowhub_serve(folder / "serve", folder / "data", "odd") as said:
        yield said["links"][0]["url"], [ids[name] for name in NAMES]


def signed(me: Visit, asset: str) -> str:
    return str(me.page.evaluate("id => fetch(`/knowhub/api/assets/${id}/media`).then(r => r.json())", asset)["url"])


def embedded(me: Visit, address: str) -> Any:
    """What a script in it has left behind in our page."""
    me.page.evaluate(EMBED, address)
    return me.page.evaluate("window.hit")


def opened(me: Visit, address: str) -> str:
    """The title that a script in it gives to a page of its own."""
    page = me.context.new_page()
    with suppress(Error):  # a download is no page
        page.goto(me.page.evaluate("path => new URL(path, location.href).href", address))
    title = page.title()
    page.close()
    return title


def test_nothing_of_them_runs_embedded_or_opened(visit: Callable[..., Visit], served: tuple[str, list[str]]) -> None:
    me = visit()
    link, assets = served
    me.page.goto(link)
    addresses = [signed(me, asset) for asset in assets]
    for address in addresses:
        assert embedded(me, address) is None, address
        assert opened(me, address) != "hit", address
    as_it_claims(me, b"top.hit=1", "text/javascript")
    assert embedded(me, addresses[0]) == 1, "the control: a careless server's script does run"
    as_it_claims(me, corpus()["none-html.mp4"], "text/html")
    assert opened(me, addresses[0]) == "hit", "and its page"
    me.problems.clear()  # that the browser refused the others is what was wanted


def as_it_claims(me: Visit, body: bytes, kind: str) -> None:
    """From now on answer for the server, as one that believes what a file claims to be."""
    me.context.unroute_all()
    me.context.route("**/knowhub/api/media/**", lambda route: route.fulfill(body=body, content_type=kind))
