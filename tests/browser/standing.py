"""A page that holds one element over a stand-in hub: no server, the browser's requests are answered in this process."""

from __future__ import annotations

from typing import Any

import httpx
from playwright.sync_api import Route

from knowhub_ext import bundles
from tests.browser.pages import Visit
from tests.sample import ROOT
from tests.standins.hub import TOKEN, HubStandIn

ORIGIN = "http://hub.test"
STATIC = ROOT / "knowhub_ext" / "static"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<title>One element</title><style>:root {{ color-scheme: light dark }} body {{ margin: 24px }}</style>
<script type="module" src="/bundle.js"></script>
<main><{element} api="/knowhub/api" {attributes}></{element}></main></html>"""


def stand(visit: Visit, hub: HubStandIn, element: str, **attributes: str) -> None:
    """Open a page with one element; an attribute that is given as empty is there without a value."""
    words = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    html = PAGE.format(element=element, attributes=words)
    name = bundles.name("bundle")
    assert name, "The bundle is not built: make setup"

    def answer(route: Route) -> None:
        path = httpx.URL(route.request.url).path
        if path == "/":
            route.fulfill(content_type="text/html", body=html)
        elif path == "/bundle.js":
            route.fulfill(content_type="text/javascript", body=(STATIC / name).read_text(encoding="utf-8"))
        else:
            route.fulfill(**reply(hub, route))

    visit.page.route(f"{ORIGIN}/**", answer)
    visit.page.route_web_socket("**/live*", lambda _socket: None)  # open, and nothing ever happens
    visit.page.goto(f"{ORIGIN}/")


def reply(hub: HubStandIn, route: Route) -> dict[str, Any]:
    """What the stand-in says to a request of the browser, as Playwright takes it."""
    asked = route.request
    headers = {**asked.headers, "Authorization": f"Bearer {TOKEN}"}
    response = hub.handle(httpx.Request(asked.method, asked.url, headers=headers, content=asked.post_data_buffer))
    kept = {name: value for name, value in response.headers.items() if name != "content-length"}
    return {"status": response.status_code, "headers": kept, "body": response.content}
