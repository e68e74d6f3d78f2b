"""Whatever was added is served so that no browser runs it: as a medium, or as a download; never as a page or script."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest

from knowhub_ext.server.mediatypes import UNKNOWN, media_type
from knowhub_ext.testing.hubs import plain_hub
from tests.server.harness import Jupyter
from tests.server.polyglots import corpus

HARMLESS = re.compile(rf"(audio|video)/[a-z0-9-]+|{UNKNOWN}")


@pytest.mark.parametrize("name", corpus())
def test_its_type_is_a_medium_s_or_none(name: str) -> None:
    for video in (True, False):
        assert HARMLESS.fullmatch(media_type(corpus()[name][:64], name, video=video))


@pytest.fixture(scope="module")
def addresses(
    world: tuple[Jupyter, dict[str, object]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Asset ids of the whole corpus, added as somebody would, by name; nobody has looked into the files yet."""
    folder = tmp_path_factory.mktemp("polyglots")
    for name, content in corpus().items():
        (folder / name).write_bytes(content)
    with plain_hub(Path(str(world[1]["data"]))) as hub:
        me = hub.people.local()
        hub.courses.create(me, "polyglots")
        added = hub.ingest.add(me, "polyglots", [folder / name for name in corpus()])
    rows = [row for lesson in added.lessons for row in lesson["assets"]]
    return {Path(row["path"]).name: row["asset"] for row in rows}


def test_all_are_served_as_data_alone(api: httpx.Client, server: Jupyter, addresses: dict[str, str]) -> None:
    assert len(addresses) >= 60
    inline = 0
    for name, asset in addresses.items():
        url = server.base.removesuffix("/a%40b") + api.get(f"/assets/{asset}/media").json()["url"]
        response = server.client().get(url)
        assert response.content == corpus()[name], name
        headers = response.headers
        kind = headers["Content-Type"]
        assert HARMLESS.fullmatch(kind), name
        policy = {row.split()[0]: row.split()[1:] for row in headers["Content-Security-Policy"].split(";")}
        assert policy["sandbox"] == [], "neither scripts nor our origin"
        assert policy["default-src"] == ["'none'"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        shown, _, given = headers["Content-Disposition"].partition("; filename*=UTF-8''")
        assert shown == ("attachment" if kind == UNKNOWN else "inline"), name
        assert re.fullmatch(r"[\w.%~-]+", given), "no letter ends the name early"
        assert unquote(given) == name
        assert "Set-Cookie" not in headers
        inline += shown == "inline"
    assert 0 < inline < len(addresses), "both ways are taken"
