"""Uploads over HTTP: tus 1.0 word by word, what is refused and how it is told, and who may."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest
from tusclient.client import TusClient

from knowhub_ext.server import incoming
from knowhub_ext.server.contract import contract
from tests.server.harness import Jupyter, until
from tests.server.serving import Serving
from tests.server.tus import PIECE, TUS, Cut, begin, metadata, offset_of, patch


@pytest.fixture(scope="module")
def course(world: tuple[Jupyter, dict[str, object]]) -> Iterator[str]:
    world[0].holder().post("/courses", json={"slug": "c", "title": "Uploads"}).raise_for_status()
    yield "c"
    world[0].close_clients()


@pytest.fixture
def parts(data: Path, course: str) -> Path:
    return data / "uploads"


def checksum(piece: bytes, algorithm: str = "sha1") -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, piece).digest()).decode()}"


def locked(client: httpx.Client, path: str) -> bool:
    """Whether somebody writes there; asked in a way that writes nothing where nobody does."""
    return patch(client, path, 1, b"").status_code == 423


def test_options_tells_what_is_spoken_here(api: httpx.Client, course: str) -> None:
    for path in ("/uploads", begin(api, 3)):
        told = api.options(path)
        assert told.status_code == 204
        assert told.headers["Tus-Version"] == told.headers["Tus-Resumable"] == "1.0.0"
        assert told.headers["Tus-Extension"] == "creation,creation-with-upload,termination,checksum,expiration"
        assert told.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"
        assert int(told.headers["Tus-Max-Size"]) == 16 << 30


def test_a_file_goes_in_by_pieces_and_head_knows_how_far(api: httpx.Client, course: str) -> None:
    content = b"# Uploaded\n\nA sentence about zygotes.\n"
    path = begin(api, len(content), filename="zygotes.md", batch="drop-1")
    head = api.head(path, headers=TUS)
    assert (head.headers["Upload-Offset"], head.headers["Upload-Length"]) == ("0", str(len(content)))
    assert head.headers["Upload-Metadata"] == metadata(course="c", filename="zygotes.md", batch="drop-1")
    assert head.headers["Cache-Control"] == "no-store"
    assert parsedate_to_datetime(head.headers["Upload-Expires"]).year > 2020
    answer = patch(api, path, 0, content[:10])
    assert (answer.status_code, answer.headers["Upload-Offset"], answer.content) == (204, "10", b"")
    row = api.get(path).json()
    assert (row["state"], row["offset"], row["course"], row["batch"]) == ("receiving", 10, "c", "drop-1")
    assert patch(api, path, 10, content[10:]).headers["Upload-Offset"] == str(len(content))
    row = api.get(path).json()
    assert row["state"] == "done"
    assert not list(contract().validator(schema("Upload")).iter_errors(row))
    assert api.get(f"/assets/{row['asset']}").json()["key"] == "zygotes.md"
    assert offset_of(api, path) == len(content), "after the end, too"


def schema(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def test_the_list_is_of_ones_own_unfinished_uploads(api: httpx.Client, course: str) -> None:
    before = [row["upload"] for row in api.get("/uploads?course=c&limit=100").json()["items"]]
    fresh = [begin(api, 5, filename=f"{n}.md").rpartition("/")[2] for n in range(3)]
    page = api.get("/uploads", params={"course": "c", "limit": 100}).json()
    assert not list(contract().validator(schema("UploadPage")).iter_errors(page))
    assert [row["upload"] for row in page["items"]] == [*before, *fresh]
    first = api.get("/uploads", params={"course": "c", "limit": 1}).json()
    assert first["next"] == first["items"][0]["upload"]
    assert api.get("/uploads?course=alpha").json() == {"items": [], "next": None}
    assert api.get("/uploads?course=nope").status_code == 404


def test_a_piece_that_was_sent_before_is_refused_and_changes_no_byte(api: httpx.Client, parts: Path) -> None:
    path = begin(api, 10)
    assert patch(api, path, 0, b"abcde").status_code == 204
    file = parts / f"{path.rpartition('/')[2]}.part"
    before = file.read_bytes()
    for piece in (b"abcde", b"ABCDE"):
        refused = patch(api, path, 0, piece)
        assert refused.status_code == 409
        assert "HEAD" in refused.json()["cure"]
    assert file.read_bytes() == before
    assert patch(api, path, 6, b"x").status_code == 409
    assert offset_of(api, path) == 5


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_damaged_piece_is_460_and_counts_for_nothing(api: httpx.Client, course: str, algorithm: str) -> None:
    content = f"one, {algorithm}".encode()
    path = begin(api, len(content), filename=f"{algorithm}.md")
    refused = patch(api, path, 0, content[:4], **{"Upload-Checksum": checksum(b"other", algorithm)})
    assert (refused.status_code, refused.json()["type"]) == (460, "/knowhub/problems/checksum-mismatch")
    assert offset_of(api, path) == 0
    assert patch(api, path, 0, content, **{"Upload-Checksum": checksum(content, algorithm)}).status_code == 204
    assert api.get(path).json()["state"] == "done"
    for wrong in ("md5 AAAA", "sha1", "sha1 AAAA", "sha1 *"):
        assert patch(api, begin(api, 3), 0, b"abc", **{"Upload-Checksum": wrong}).status_code == 400


def test_two_writers_one_wins_and_the_other_is_told(api: httpx.Client, course: str) -> None:
    path = begin(api, 10)
    first = Cut(api, path, 0, 10)
    first.send(b"abc")
    until(lambda: locked(api, path))
    refused = api.delete(path, headers=TUS)
    assert refused.status_code == 423
    assert refused.json()["cure"].endswith(".")
    first.send(b"defghij")
    assert first.status() == 204
    assert api.get(path).json()["state"] == "done"


def test_what_came_before_a_cut_counts_and_the_next_writer_is_let_in(api: httpx.Client, course: str) -> None:
    path = begin(api, 3_000_000)
    cut = Cut(api, path, 0, 3_000_000)
    cut.send(b"a" * 1_500_000)
    until(lambda: locked(api, path))
    cut.cut()
    assert until(lambda: offset_of(api, path)) == 1_500_000
    assert patch(api, path, 1_500_000, b"a" * 1_500_000).status_code == 204


def test_of_a_cut_piece_with_a_checksum_nothing_counts(api: httpx.Client, course: str) -> None:
    path = begin(api, 3_000_000)
    cut = Cut(api, path, 0, 3_000_000, **{"Upload-Checksum": checksum(b"a" * 3_000_000)})
    cut.send(b"a" * 1_500_000)
    until(lambda: locked(api, path))
    cut.cut()
    until(lambda: patch(api, path, 0, b"").status_code == 204)
    assert offset_of(api, path) == 0


def test_a_connection_on_which_nothing_comes_keeps_nobody_out(
    server: Jupyter, api: httpx.Client, course: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "STALL_S", 0.5)
    path = begin(api, 10)
    stalled = Cut(api, path, 0, 10)
    stalled.send(b"abc")
    assert until(lambda: offset_of(api, path)) == 3
    assert patch(api, path, 3, b"defghij").status_code == 204
    until(lambda: server.extension.wing.requests == 0)  # one that broke is no longer counted as one under way
    stalled.cut()


def test_more_than_was_declared_never_counts(api: httpx.Client, course: str) -> None:
    path = begin(api, 10)
    refused = patch(api, path, 0, b"x" * 11)
    assert (refused.status_code, refused.json()["type"]) == (413, "/knowhub/problems/file-too-large")
    lying = Cut(api, path, 0, None)
    lying.send_chunk(b"x" * 11)
    lying.send(b"0\r\n\r\n")
    assert lying.status() == 413
    assert offset_of(api, path) == 0
    honest = Cut(api, path, 0, None)
    honest.send_chunk(b"abcdefghij")
    honest.send(b"0\r\n\r\n")
    assert honest.status() == 204


def test_a_body_without_end_is_stopped(api: httpx.Client, course: str) -> None:
    endless = Cut(api, begin(api, 10), 5, None)
    sent = 0
    with suppress(OSError):
        while sent < 200:
            endless.send_chunk(b"x" * (1 << 20))
            sent += 1
    assert 0 < sent < 200


def test_the_first_piece_may_come_with_the_beginning(api: httpx.Client, course: str) -> None:
    headers = TUS | PIECE | {"Upload-Length": "12", "Upload-Metadata": metadata(course="c", filename="first.md")}
    half = api.post("/uploads", headers=headers, content=b"# Half")
    assert (half.status_code, half.headers["Upload-Offset"]) == (201, "6")
    path = "/uploads/" + half.headers["Location"].rpartition("/")[2]
    assert patch(api, path, 6, b" whole").status_code == 204
    whole = api.post("/uploads", headers=headers | {"Upload-Checksum": checksum(b"# Half whole")},
                     content=b"# Half whole")
    assert (whole.status_code, whole.headers["Upload-Offset"]) == (201, "12")
    assert api.post("/uploads", headers=headers | {"Upload-Checksum": checksum(b"?")},
                    content=b"# Half whole").status_code == 460


def test_an_empty_file_is_done_at_once(api: httpx.Client, course: str) -> None:
    assert api.get(begin(api, 0, filename="empty.md")).json()["state"] == "done"


def test_an_upload_can_be_ended(api: httpx.Client, parts: Path) -> None:
    path = begin(api, 10)
    patch(api, path, 0, b"abc")
    assert api.delete(path, headers=TUS).status_code == 204
    assert not (parts / f"{path.rpartition('/')[2]}.part").exists()
    for response in (api.head(path, headers=TUS), api.delete(path, headers=TUS), patch(api, path, 3, b"d")):
        assert response.status_code == 404


def test_post_stands_in_for_methods_a_proxy_does_not_know(api: httpx.Client, course: str) -> None:
    path = begin(api, 10)
    meant = TUS | PIECE | {"X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0"}
    assert api.post(path, headers=meant, content=b"abc").headers["Upload-Offset"] == "3"
    assert api.post(path, headers=TUS | {"X-HTTP-Method-Override": "GET"}).status_code == 405
    assert api.post(path, headers=TUS | {"X-HTTP-Method-Override": "DELETE"}).status_code == 204


def test_another_version_of_tus_is_412(api: httpx.Client, course: str) -> None:
    path = begin(api, 10)
    for version in ({}, {"Tus-Resumable": "0.2.2"}):
        for call in (
            lambda v: api.post("/uploads", headers=v), lambda v: api.head(path, headers=v),
            lambda v: api.patch(path, headers=v | PIECE | {"Upload-Offset": "0"}, content=b"abc"),
            lambda v: api.delete(path, headers=v),
        ):
            refused = call(version)
            assert (refused.status_code, refused.headers["Tus-Version"]) == (412, "1.0.0")
    assert offset_of(api, path) == 0


@pytest.mark.parametrize(("given", "status", "says"), [
    ({"Upload-Length": None}, 400, "Upload-Length is missing"), ({"Upload-Length": "-1"}, 400, "whole number"),
    ({"Upload-Length": "x"}, 400, "whole number"), ({"Upload-Metadata": None}, 400, "`course`"),
    ({"Upload-Metadata": "course ***"}, 400, "Base64"), ({"Upload-Defer-Length": "1"}, 400, "length must be told"),
    ({"Upload-Length": str(17 << 30)}, 413, "17 GiB; at most 16 GiB"),
    ({"Upload-Metadata": metadata(course="nope", filename="a.md")}, 404, "no course 'nope'"),
    ({"Upload-Metadata": metadata(course="c", filename="a.exe")}, 415, ".exe files cannot be added"),
    ({"Upload-Metadata": metadata(course="c", filename="..")}, 400, "no name"),
])
def test_what_cannot_be_taken_is_refused_before_a_byte_is_sent(
    api: httpx.Client, course: str, given: dict[str, str | None], status: int, says: str
) -> None:
    good = TUS | {"Upload-Length": "5", "Upload-Metadata": metadata(course="c", filename="a.md")}
    headers = {name: value for name, value in (good | given).items() if value is not None}
    refused = api.post("/uploads", headers=headers)
    assert refused.status_code == status
    assert says in refused.json()["detail"]
    assert refused.headers["Content-Type"] == "application/problem+json"
    large = api.post("/uploads", headers=headers | PIECE, content=b"x" * (8 << 20))
    assert large.status_code == status, "a client that sends a body with it hears it as well"
    assert api.post("/uploads", headers=good).status_code == 201, "the control"


def test_a_refused_piece_of_a_usual_size_is_answered_and_not_cut_off(api: httpx.Client, course: str) -> None:
    path = begin(api, 20 << 20)
    for headers, status in (({"Upload-Offset": "1"}, 409), ({"Content-Type": "text/plain"}, 415)):
        assert patch(api, path, 0, b"x" * (8 << 20), **headers).status_code == status
    assert patch(api, path, 0, b"x" * (8 << 20)).status_code == 204, "the control"


def test_only_pieces_are_patched(api: httpx.Client, course: str) -> None:
    path = begin(api, 10)
    for offset in ("-1", "x", ""):
        assert patch(api, path, 0, b"abc", **{"Upload-Offset": offset}).status_code == 400
    assert api.patch(path, headers=TUS | PIECE, content=b"abc").status_code == 400
    assert offset_of(api, path) == 0


def test_a_person_uploads_with_cookie_and_xsrf_header_and_not_without(
    server: Jupyter, person: httpx.Client, course: str
) -> None:
    path = begin(person, 10)
    assert patch(person, path, 0, b"abc").status_code == 204
    del person.headers["X-XSRFToken"]
    refused = patch(person, path, 3, b"x" * (8 << 20))
    assert (refused.status_code, "X-XSRFToken" in refused.json()["cure"]) == (403, True)
    assert person.delete(path, headers=TUS).status_code == 403
    origin = {"Origin": "http://evil.example"}
    assert patch(person, path, 3, b"d", **origin).status_code in (403, 404)
    assert offset_of(server.holder(), path) == 3


def test_a_stranger_writes_no_byte(server: Jupyter, api: httpx.Client, parts: Path) -> None:
    path = begin(api, 10)
    stranger = server.client()
    assert patch(stranger, path, 0, b"abc").status_code in (401, 403)
    assert stranger.post("/uploads", headers=TUS | {"Upload-Length": "1"}).status_code in (401, 403)
    assert not (parts / f"{path.rpartition('/')[2]}.part").exists()
    assert offset_of(api, path) == 0


def test_a_visitor_by_link_may_not_upload(served: Serving) -> None:
    visitor = served.visitor()
    named = metadata(course="alpha", filename="a.md")
    refused = visitor.post("/uploads", headers=TUS | {"Upload-Length": "1", "Upload-Metadata": named})
    assert refused.status_code == 403
    assert visitor.get("/uploads?course=alpha").status_code == 403
    owner = served.client(Authorization=f"Bearer {served.token}")
    path = begin(owner, 1, course="alpha")
    for response in (visitor.get(path), visitor.head(path, headers=TUS), visitor.delete(path, headers=TUS)):
        assert response.status_code == 404, "not even that it exists"


def test_many_pieces_at_once_are_taken_or_told_to_wait(server: Jupyter, api: httpx.Client, course: str) -> None:
    pool = server.extension.wing.pools.uploads
    path = begin(api, 10)
    taken, pool._taken = pool._taken, pool._room
    try:
        refused = patch(api, path, 0, b"abc")
    finally:
        pool._taken = taken
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "3")
    assert patch(api, path, 0, b"abc").status_code == 204


@pytest.mark.parametrize("checked", [False, True])
def test_tuspy_which_is_not_ours_sends_a_file_and_goes_on_where_it_was(
    served: Serving, known: dict[str, Path], checked: bool
) -> None:
    content = os.urandom(5 << 20)
    client = TusClient(f"{served.api}/uploads", headers={"Authorization": f"Bearer {served.token}"})
    pairs = {"course": "alpha", "filename": f"tuspy-{checked}.mp4"}
    first = client.uploader(
        file_stream=io.BytesIO(content), chunk_size=1 << 20, metadata=pairs, upload_checksum=checked
    )
    first.upload(stop_at=2 << 20)
    again = client.uploader(file_stream=io.BytesIO(content), url=first.url, chunk_size=1 << 20, upload_checksum=checked)
    assert again.offset == 2 << 20
    again.upload()
    assert first.url
    row = served.client(Authorization=f"Bearer {served.token}").get(first.url).json()
    assert (row["state"], row["size"]) == ("done", len(content))
    assert (known["data"] / "blobs" / hashlib.sha256(content).hexdigest()).read_bytes() == content


def test_the_log_names_no_file(api: httpx.Client, course: str, caplog: pytest.LogCaptureFixture) -> None:
    begin(api, 3, filename="canary-file-name.md")
    assert not re.search("canary", caplog.text)
