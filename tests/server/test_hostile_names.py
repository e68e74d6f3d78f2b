"""Names are data on every route that takes one: nothing outside is read or written, and nothing of ours breaks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowhub_ext.testing.hubs import plain_hub, run_jobs
from tests.server.harness import Jupyter
from tests.server.hostile_names import names
from tests.server.tus import PIECE, TUS, metadata

CANARY = "canary-quagga-4711"
NAMES = names()
#: Addresses below the server's base with a name in them.
ADDRESSES = (
    "/knowhub/api/courses/{}", "/knowhub/api/courses/{}/search?q=x", "/knowhub/api/courses/{}/progress",
    "/knowhub/api/lessons/{}", "/knowhub/api/lessons?ref={}", "/knowhub/api/lessons/{}/transcript",
    "/knowhub/api/assets/{}", "/knowhub/api/assets/{}/media", "/knowhub/api/assets/{}/content",
    "/knowhub/api/media/{}?r=1&p=x&e=1&s=x", "/knowhub/api/uploads/{}", "/knowhub/api/uploads?course={}",
    "/knowhub/api/jobs?course={}", "/knowhub/static/{}", "/knowhub/lesson/{}", "/knowhub/course/{}", "/knowhub/api/{}",
)  # fmt: skip
OURS = re.compile(r"(uploads/[0-9a-f-]{36}\.part|blobs/[0-9a-f]{64}|knowhub\.sqlite3(-wal|-shm)?|run/.*)\Z")


@pytest.fixture(scope="module")
def canaries(world: tuple[Jupyter, dict[str, Any]]) -> Iterator[Path]:
    """Files outside of the server's root that its names must not reach; and one inside, which they may."""
    server = world[0]
    above = server.root.parent
    for folder in (above / "outside", above / "root-evil", above):
        folder.mkdir(exist_ok=True)
        (folder / "canary.md").write_text(f"# {CANARY}\n", encoding="utf-8")
    (server.root / "link.md").symlink_to(above / "outside" / "canary.md")
    (server.root / "inside.md").write_text(f"# {CANARY}-inside\n", encoding="utf-8")
    server.holder().post("/courses", json={"slug": "named", "title": "Named"}).raise_for_status()
    yield above
    server.close_clients()


def files(above: Path) -> set[str]:
    return {path.relative_to(above).as_posix() for path in above.rglob("*") if path.is_file()}


def sound(response: httpx.Response, what: object) -> httpx.Response:
    assert response.status_code < 500, (what, response.status_code, response.text)
    assert CANARY not in response.text, what
    return response


def offered(api: httpx.Client, **pairs: str) -> httpx.Response:
    content = b"# Of some name\n"
    headers = TUS | PIECE | {"Upload-Length": str(len(content)), "Upload-Metadata": metadata(**pairs)}
    return sound(api.post("/uploads", headers=headers, content=content), pairs)


def unreached(above: Path, before: set[str]) -> None:
    """Nothing was written but under names that the server made."""
    fresh = {name for name in files(above) - before if not OURS.search(name)}
    assert not fresh


def test_the_corpus_is_large() -> None:
    assert len(NAMES) >= 400
    assert any("\0" in name for name in NAMES)


def test_uploads_of_every_name_are_taken_as_data_or_refused(
    api: httpx.Client, canaries: Path, server: Jupyter, data: Path
) -> None:
    before, taken = files(canaries), 0
    for number, name in enumerate(NAMES):
        for pairs in ({"filename": name + ".md"}, {"filename": "a.md", "path": name})[number % 2 :]:
            answer = offered(api, course="named", **pairs)
            taken += answer.status_code == 201
            assert answer.status_code in (201, 400, 415), (pairs, answer.text)
    assert taken > 200, "the control: most are names like others"
    unreached(canaries, before)
    with plain_hub(data) as hub:
        assets = [asset for asset in all_assets(hub, "named")]
    assert assets
    for asset in assets:
        parts = asset.key.split("/")
        assert ".." not in parts
        assert "" not in parts
        assert not any(c < " " and c != "\t" for c in asset.key)


def all_assets(hub: Any, slug: str) -> list[Any]:
    with hub.store.read() as tx:
        return tx.assets.of_course(tx.courses.get(slug).id)  # type: ignore[no-any-return]


@pytest.mark.parametrize("field", ["course", "lesson", "batch"])
def test_every_other_field_of_an_upload_takes_every_name(api: httpx.Client, canaries: Path, field: str) -> None:
    before = files(canaries)
    for name in NAMES[:: 1 if field == "course" else 3]:
        offered(api, **({"course": "named", "filename": "field.md"} | {field: name}))
    unreached(canaries, before)


def test_no_address_reads_anything_outside(api: httpx.Client, server: Jupyter, canaries: Path) -> None:
    before = files(canaries)
    for number, name in enumerate(NAMES):
        for step in range(2):
            address = ADDRESSES[(number * 2 + step) % len(ADDRESSES)]
            for written in (quote(name, safe=""), quote(name, safe="/")):
                sound(api.get(server.base + address.format(written)), (address, name))
    unreached(canaries, before)


def test_every_address_refuses_what_climbs(api: httpx.Client, server: Jupyter, canaries: Path) -> None:
    for address in ADDRESSES:
        for name in ("../../outside/canary.md", "..\\..\\canary.md", "a\0b", "%2e%2e/canary.md", "\u00e9" * 200):
            for written in (quote(name, safe=""), quote(name, safe="/").replace("%2E", ".")):
                sound(api.get(server.base + address.format(written)), (address, name))


def test_contents_paths_stay_below_the_root(api: httpx.Client, canaries: Path, data: Path) -> None:
    before = files(canaries)
    for name in [*NAMES[::2], "link.md", "../root-evil/canary.md", str(canaries / "outside" / "canary.md")]:
        if "\0" in name or any("\ud800" <= c <= "\udfff" for c in name):
            continue
        sound(api.post("/courses/named/assets", json={"paths": [name], "lesson": None}), name)
    unreached(canaries, before)
    with plain_hub(data) as hub:
        run_jobs(hub)
        me = hub.people.local()
        assert not [hit for hit in hub.searching.search(me, "named", CANARY) if CANARY in hit.text]
    assert api.post("/courses/named/assets", json={"paths": ["inside.md"], "lesson": None}).status_code == 202
    with plain_hub(data) as hub:
        run_jobs(hub)
        found = hub.searching.search(hub.people.local(), "named", f"{CANARY}-inside")
        assert any(CANARY in hit.text for hit in found), "the control: what may be read is found"


anything = st.text(st.characters(codec="utf-8"), max_size=120)
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUIET
@given(name=anything, path=anything, lesson=anything)
def test_whatever_is_told_of_a_file_nothing_breaks(
    api: httpx.Client, canaries: Path, name: str, path: str, lesson: str
) -> None:
    offered(api, course="named", filename=name, path=path, lesson=lesson)


@QUIET
@given(header=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=300), length=anything)
def test_whatever_headers_an_upload_begins_with_nothing_breaks(
    api: httpx.Client, canaries: Path, header: str, length: str
) -> None:
    told = quote(length, safe="")[:80]
    sound(api.post("/uploads", headers=TUS | {"Upload-Length": told or "0", "Upload-Metadata": header.strip()}), header)


@QUIET
@given(name=anything, address=st.sampled_from(ADDRESSES))
def test_whatever_stands_in_an_address_nothing_breaks(
    api: httpx.Client, server: Jupyter, canaries: Path, name: str, address: str
) -> None:
    sound(api.get(server.base + address.format(quote(name, safe=""))), (address, name))


@QUIET
@given(path=anything)
def test_whatever_is_added_by_contents_path_nothing_breaks(api: httpx.Client, canaries: Path, path: str) -> None:
    content = json.dumps({"paths": [path], "lesson": path[:300]}).encode()
    sound(api.post("/courses/named/assets", content=content, headers={"Content-Type": "application/json"}), path)
