"""The bytes of media over HTTP: the signature is the credential, ranges are right, nothing else gets in."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import httpx
import pytest

from knowhub_ext.server.mediatypes import UNKNOWN, media_type
from knowhub_ext.testing.hubs import plain_hub, run_jobs
from tests.server.harness import Jupyter, write_wave
from tests.server.test_ranges import RANGES


@pytest.fixture
def signed(api: httpx.Client, server: Jupyter, alpha: dict[str, str]) -> str:
    path = api.get(f"/assets/{alpha['asset']}/media").json()["url"]
    assert path.startswith("/a%40b/knowhub/api/media/")
    return server.base.removesuffix("/a%40b") + path  # type: ignore[no-any-return]


@pytest.fixture
def content(world: tuple[Jupyter, dict[str, str]]) -> bytes:
    """What was added, as it lies outside the data folder."""
    data = Path(world[1]["data"])
    return (data.parent / "files" / "alpha" / "celery.wav").read_bytes()


def changed(url: str, **query: str) -> str:
    parts = urlsplit(url)
    values = {key: row[0] for key, row in parse_qs(parts.query).items()} | query
    return urlunsplit(parts._replace(query=urlencode(values)))


def test_the_whole_medium(server: Jupyter, signed: str, content: bytes) -> None:
    response = server.client().get(signed)
    assert response.status_code == 200
    assert response.content == content
    headers = response.headers
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["Content-Type"] == "audio/wav"
    assert headers["Content-Disposition"] == "inline; filename*=UTF-8''celery.wav"
    assert headers["Content-Security-Policy"].startswith("sandbox;")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "set-cookie" not in headers


def test_every_range_of_the_table_over_the_wire_and_head_says_the_same(
    server: Jupyter, signed: str, content: bytes
) -> None:
    client = server.client()
    size = len(content)
    for header in RANGES:
        asked = header.replace("999", str(size - 1)).replace("1000", str(size)) if len(header) < 30 else header
        if not asked.isascii() or asked != asked.strip():
            continue  # no client can send it
        got = client.get(signed, headers={"Range": asked})
        head = client.head(signed, headers={"Range": asked})
        assert got.status_code == head.status_code, asked
        if got.status_code == 206:
            start, end = (int(n) for n in got.headers["Content-Range"].removeprefix("bytes ").split("/")[0].split("-"))
            assert got.headers["Content-Range"].endswith(f"/{size}")
            assert got.content == content[start : end + 1], asked
        elif got.status_code == 416:
            assert got.headers["Content-Range"] == f"bytes */{size}"
            assert got.content == b""
        else:
            assert got.status_code == 200
            assert got.content == content, asked
        assert head.content == b""
        for name in ("Content-Length", "Content-Range", "Content-Type", "ETag", "Accept-Ranges"):
            assert head.headers.get(name) == got.headers.get(name), (asked, name)


def test_a_tag_spares_the_bytes_and_guards_a_range(server: Jupyter, signed: str, api: httpx.Client,
                                                   alpha: dict[str, str]) -> None:
    client = server.client()
    etag = client.head(signed).headers["ETag"]
    assert etag == api.get(f"/assets/{alpha['asset']}/media").json()["etag"]
    unchanged = client.get(signed, headers={"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.content, unchanged.headers["ETag"]) == (304, b"", etag)
    assert client.get(signed, headers={"If-Range": etag, "Range": "bytes=0-9"}).status_code == 206
    assert client.get(signed, headers={"If-Range": '"older"', "Range": "bytes=0-9"}).status_code == 200


@pytest.mark.parametrize("field", ["r", "p", "e", "s"])
def test_an_altered_address_is_refused(server: Jupyter, signed: str, field: str) -> None:
    client = server.client()
    assert client.get(signed, headers={"Range": "bytes=0-0"}).status_code == 206
    value = parse_qs(urlsplit(signed).query)[field][0]
    flipped = ("1" if value[-1] != "1" else "2") if field in "re" else "A" if value[-2] != "A" else "B"
    other = value[:-1] + flipped if field in "re" else value[:-2] + flipped + value[-1]
    response = client.get(changed(signed, **{field: other}))
    assert response.status_code == 403
    assert response.json()["cure"] == "Reload the lesson."


def test_an_address_of_another_asset_is_refused(
    server: Jupyter, signed: str, alpha: dict[str, str], beta: dict[str, str]
) -> None:
    assert server.client().get(signed.replace(alpha["asset"], beta["asset"])).status_code == 403


def test_an_address_without_its_parts_is_a_mistake_not_a_crash(server: Jupyter, signed: str) -> None:
    bare = signed.split("?")[0]
    for query in ("", "r=1", "r=x&p=1&e=1&s=1", "r=1&p=%00&e=1&s=1", "r=1&p=%ff&e=1&s=1", f"r={'9' * 99}&p=1&e=1&s=1"):
        assert server.client().get(f"{bare}?{query}").status_code == 400, query
    assert server.client().get(bare.rsplit("/", 1)[0] + "/%00?r=1&p=1&e=1&s=1").status_code == 404


def test_a_signature_of_other_letters_is_refused(server: Jupyter, signed: str) -> None:
    assert server.client().get(changed(signed, s="é")).status_code == 403


def test_an_expired_address_is_refused(server: Jupyter, alpha: dict[str, str]) -> None:
    hub = server.on_loop(server.extension.wing.hub)
    expires = int(time.time()) - 1
    me = hub.people.local().person_id
    signature = hub.media._sign("media", alpha["asset"], "1", me, str(expires))
    query = urlencode({"r": 1, "p": me, "e": expires, "s": signature})
    response = server.client().get(f"/media/{alpha['asset']}?{query}")
    assert response.status_code == 403
    assert "expired" in response.json()["detail"]
    later = expires + 60
    query = urlencode({"r": 1, "p": me, "e": later, "s": hub.media._sign("media", alpha["asset"], "1", me, str(later))})
    assert server.client().head(f"/media/{alpha['asset']}?{query}").status_code == 200, "the control"


def test_an_address_of_a_replaced_medium_is_refused(
    server: Jupyter, api: httpx.Client, data: Path, tmp_path: Path
) -> None:
    api.post("/courses", json={"slug": "revised"}).raise_for_status()
    with plain_hub(data) as hub:
        me = hub.people.local()
        added = hub.ingest.add(me, "revised", [write_wave(tmp_path / "talk.wav", 2)])
        run_jobs(hub)
        asset = added.lessons[0]["assets"][0]["asset"]
        old = api.get(f"/assets/{asset}/media").json()
        url = server.base.removesuffix("/a%40b") + old["url"]
        assert server.client().head(url).status_code == 200
        hub.ingest.add(me, "revised", [write_wave(tmp_path / "talk.wav", 3)])
        run_jobs(hub)
    assert server.client().head(url).status_code == 403
    new = api.get(f"/assets/{asset}/media").json()
    assert new["etag"] != old["etag"]
    assert server.client().head(server.base.removesuffix("/a%40b") + new["url"]).status_code == 200


def test_media_of_a_course_in_the_trash_are_gone_at_once(
    server: Jupyter, api: httpx.Client, data: Path, tmp_path: Path
) -> None:
    api.post("/courses", json={"slug": "trashed"}).raise_for_status()
    with plain_hub(data) as hub:
        me = hub.people.local()
        added = hub.ingest.add(me, "trashed", [write_wave(tmp_path / "talk.wav", 2)])
        run_jobs(hub)
        asset = added.lessons[0]["assets"][0]["asset"]
        url = server.base.removesuffix("/a%40b") + api.get(f"/assets/{asset}/media").json()["url"]
        assert server.client().head(url).status_code == 200
        hub.operating.trash(me, "trashed")
    assert server.client().head(url).status_code == 404


def test_a_document_has_no_media_address(api: httpx.Client, alpha: dict[str, str]) -> None:
    response = api.get(f"/assets/{alpha['note']}/media")
    assert response.status_code == 400
    assert "cannot be played" in response.json()["detail"]


def test_a_player_on_a_page_that_sends_no_referrer_gets_the_bytes(
    server: Jupyter, person: httpx.Client, signed: str
) -> None:
    cookies = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    headers = {"Cookie": cookies, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Site": "same-origin", "Range": "bytes=0-"}
    assert "Referer" not in headers
    response = server.client().get(signed, headers=headers)
    assert response.status_code == 206


def test_readers_that_leave_take_nothing_with_them(server: Jupyter, signed: str) -> None:
    parts = urlsplit(signed)
    for _ in range(30):
        with socket.create_connection((parts.hostname or "", parts.port or 0)) as wire:
            wire.sendall(f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
            wire.recv(1000)
    assert server.client().get(signed).status_code == 200
    pool = server.extension.wing.pools.media
    assert pool._taken <= 1


MP4 = b"\0\0\0\x18ftypisom" + bytes(52)
KINDS: list[tuple[bytes, str, bool, str]] = [
    (MP4, "a.mp4", True, "video/mp4"),
    (MP4, "a.m4a", False, "audio/mp4"),
    (MP4, "evil.html", True, "video/mp4"),
    (b"\0\0\0\x14ftypqt  " + bytes(52), "a.mov", True, "video/quicktime"),
    (b"\x1aE\xdf\xa3" + b"webm" * 3, "a.webm", True, "video/webm"),
    (b"\x1aE\xdf\xa3" + b"matroska", "a.mkv", True, "video/x-matroska"),
    (b"OggS" + bytes(60), "a.ogg", False, "audio/ogg"),
    (b"RIFF\0\0\0\0WAVE", "a.wav", False, "audio/wav"),
    (b"RIFF\0\0\0\0AVI ", "a.avi", True, "video/x-msvideo"),
    (b"fLaC", "a.flac", False, "audio/flac"),
    (b"ID3\x04", "a.mp3", False, "audio/mpeg"),
    (b"\xff\xfb\x90\x00", "a.mp3", False, "audio/mpeg"),
    (b"<html><script>", "a.mp4", True, UNKNOWN),
    (b"  \n<svg onload=", "a.mp3", False, UNKNOWN),
    (b"#EXTM3U\n", "a.mp4", True, UNKNOWN),
    (b"RIFF\0\0\0\0EVIL<script>", "a.txt", False, UNKNOWN),
    (bytes(64), "a.html", True, UNKNOWN),
]


@pytest.mark.parametrize(("head", "name", "video", "kind"), KINDS)
def test_the_type_comes_from_the_bytes_then_from_a_list_of_suffixes(
    head: bytes, name: str, video: bool, kind: str
) -> None:
    assert media_type(head, name, video=video) == kind
