"""Who is turned away: strangers from every route, other sites' pages from every method, other hosts from the server."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import websocket
from jupyter_server.utils import JupyterServerAuthWarning
from tornado.routing import PathMatches

from knowhub_ext.server.base import Doorway
from knowhub_ext.server.routes import rules
from tests.server.harness import Jupyter

#: Routes that ask nobody who they are, and why. At most six.
OPEN = {
    ("GET", "/knowhub/api/media/([^/]+)"): "the signature in the address is the credential",
    ("HEAD", "/knowhub/api/media/([^/]+)"): "the same",
    ("GET", "/knowhub/static/(.*)"): "public code",
    ("HEAD", "/knowhub/static/(.*)"): "the same",
}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def ours(server: Jupyter) -> Iterator[tuple[str, Any]]:
    """Yield pattern and handler of every rule of this server that is KnowHub's."""
    for outer in server.app.web_app.default_router.rules:
        for rule in getattr(outer.target, "rules", ()):
            if isinstance(rule.matcher, PathMatches) and "/knowhub" in rule.matcher.regex.pattern:
                yield rule.matcher.regex.pattern, rule.target


def routed(pattern: str) -> str:
    """Return an address that a pattern matches."""
    path = pattern.rstrip("$").replace("\\", "")
    path = path.replace("(?:/.*)?", "/nothing").replace("([^/]+(?:/[^/]+)?)", "x").replace("/?", "/")
    return re.sub(r"\(.*?\)", "x", path)


def test_the_walk_meets_every_rule_we_have(server: Jupyter) -> None:
    assert len(list(ours(server))) == len(rules())
    assert len(OPEN) <= 6


def test_a_stranger_is_turned_away_from_every_route_and_method(server: Jupyter) -> None:
    client = server.client()
    origin = server.base.removesuffix("/a%40b")
    opened = set()
    for pattern, _ in ours(server):
        for method in METHODS:
            response = client.request(method, origin + routed(pattern))
            turned_away = response.status_code in (401, 403) or (
                response.status_code == 302 and "/login?" in response.headers["Location"]
            )
            if not turned_away and response.status_code != 405:
                opened.add((method, pattern.rstrip("$").removeprefix("/a%40b")))
    assert opened <= set(OPEN), opened - set(OPEN)


def test_a_stranger_that_brings_its_own_xsrf_pair_is_still_a_stranger(server: Jupyter, alpha: dict[str, str]) -> None:
    client = server.client(**{"X-XSRFToken": "2|00000000|" + "0" * 32 + "|1700000000"})
    client.cookies.set("_xsrf", "2|00000000|" + "0" * 32 + "|1700000000")
    assert client.post("/courses", json={"slug": "strange"}).status_code in (401, 403)
    assert client.post(f"/jobs/{alpha['job']}/cancel").status_code in (401, 403)


def test_every_verb_carries_the_two_decorators(server: Jupyter) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", JupyterServerAuthWarning)
        server.app.web_app.add_handlers("never.example$", rules())
    for _, handler in ours(server):
        for method in METHODS:
            verb = getattr(handler, method.lower())
            if issubclass(handler, Doorway) and verb is not Doorway._unimplemented_method:
                open_here = getattr(verb, "__allow_unauthenticated", False)
                inner = getattr(verb, "__wrapped__", None)
                assert open_here or "authorized" in inner.__code__.co_qualname, (handler, method)


def origins(netloc: str) -> list[str]:
    host, port = netloc.split(":")
    return [
        "http://evil.example", "https://evil.example", "null", "file://", f"http://{netloc}.evil.example",
        f"http://evil{netloc}", f"http://{host}", f"http://{host}:1{port}", f"http://{host}:{port}0",
        f"http://{host}.:{port}", f"http://user@{netloc}", f"http://{netloc}@evil.example", f"http://localhost:{port}",
        f"http://[::1]:{port}", f"http://127.1:{port}", f"http://2130706433:{port}", f"http://0.0.0.0:{port}",
        f"http://xn--evil-127-0-0-1:{port}", f"http://evil.example:{port}", f"http://evil.example/{netloc}",
        f"http://evil.example#{netloc}", f"http://evil.example?{netloc}", f"chrome-extension://{netloc}x",
        "http://", "evil",
    ]


def test_pages_of_other_origins_can_neither_write_nor_read_media_nor_listen(
    server: Jupyter, person: httpx.Client, alpha: dict[str, str]
) -> None:
    netloc = server.base.split("/")[2]
    report = {"events": [], "position": None}
    path = f"/assets/{alpha['asset']}/watched"
    media = person.get(f"/assets/{alpha['asset']}/media").json()["url"]
    media = server.base.removesuffix("/a%40b") + media
    assert person.post(path, json=report, headers={"Origin": f"http://{netloc}"}).status_code == 200, "the control"
    assert person.get(media, headers={"Origin": f"http://{netloc}", "Range": "bytes=0-0"}).status_code == 206
    listening(server, person, f"http://{netloc}").close()
    foreign = origins(netloc)
    assert len(foreign) >= 25
    for origin in foreign:
        assert person.post(path, json=report, headers={"Origin": origin}).status_code in (403, 404), origin
        assert person.delete("/session", headers={"Origin": origin}).status_code in (403, 404), origin
        got = person.get(media, headers={"Origin": origin})
        assert got.status_code in (403, 404), origin
        assert "Access-Control-Allow-Origin" not in got.headers
        with pytest.raises(websocket.WebSocketBadStatusException) as refused:
            listening(server, person, origin)
        assert refused.value.status_code == 403, origin


def listening(server: Jupyter, person: httpx.Client, origin: str) -> websocket.WebSocket:
    cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    return websocket.create_connection(
        server.api.replace("http", "ws", 1) + "/live", origin=origin, cookie=cookie, timeout=5
    )


def test_a_write_without_the_xsrf_header_is_refused_with_the_cure(person: httpx.Client, alpha: dict[str, str]) -> None:
    del person.headers["X-XSRFToken"]
    response = person.post(f"/assets/{alpha['asset']}/watched", json={"events": [], "position": None})
    assert response.status_code == 403
    assert response.headers["Content-Type"] == "application/problem+json"
    assert "X-XSRFToken" in response.json()["cure"]


def test_a_form_of_another_site_is_refused(person: httpx.Client) -> None:
    headers = {"Origin": "http://evil.example", "Sec-Fetch-Mode": "no-cors", "Content-Type": "text/plain"}
    response = person.post("/courses", content=b'{"slug":"forged"}', headers=headers)
    assert response.status_code in (403, 404)
    assert person.get("/courses/forged").status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "10.0.0.1"])
def test_a_name_that_points_here_from_outside_opens_nothing(server: Jupyter, host: str) -> None:
    holder = server.holder()
    assert holder.get("/session", headers={"Host": host}).status_code == 403
    assert server.client().get(f"{server.base}/knowhub/", headers={"Host": host}).status_code == 403
    assert holder.get("/session").status_code == 200


def test_a_socket_needs_a_person(server: Jupyter) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        websocket.create_connection(server.api.replace("http", "ws", 1) + "/live", timeout=5)
    assert refused.value.status_code in (401, 403)


def test_no_credential_reaches_the_log(
    server: Jupyter, alpha: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    server.app.log.propagate = True
    server.client().get(f"/media/{alpha['asset']}?r=1&p=x&e=1&s=canary-signature")
    server.client(Authorization="Bearer canary-token").get("/session?link=canary-link")
    logged = caplog.text
    assert "/knowhub/api/media/" in logged
    assert "canary" not in logged
