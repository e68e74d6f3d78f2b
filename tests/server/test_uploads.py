"""Uploads over HTTP: tus 1.0 word by word, and a client that is not ours."""

from __future__ import annotations

import base64
import hashlib
import io
import os
from collections.abc import Iterator
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
    made = world[0].holder().post("/courses", json={"slug": "c", "title": "Uploads"})
    assert made.status_code in (201, 409), "of another file of tests, where it is there already"
    yield "c"
    world[0].close_clients()


@pytest.fixture
def parts(data: Path, course: str) -> Path:
    return data / "uploads"


def checksum(piece: bytes, algorithm: str = "sha1") -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, piece).digest()).decode()}"


def being_written(parts: Path, path: str) -> bool:
    """Whether a writer has come to an upload that nobody wrote to before. Asking by PATCH would hold it."""
    return (parts / f"{path.rpartition('/')[2]}.part").exists()


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


def test_two_writers_one_wins_and_the_other_is_told(api: httpx.Client, parts: Path) -> None:
    path = begin(api, 10)
    first = Cut(api, path, 0, 10)
    first.send(b"abc")
    until(lambda: being_written(parts, path))
    assert patch(api, path, 0, b"x").status_code == 423
    refused = api.delete(path, headers=TUS)
    assert refused.status_code == 423
    assert refused.json()["cure"].endswith(".")
    first.send(b"defghij")
    assert first.status() == 204
    assert api.get(path).json()["state"] == "done"


def test_what_came_before_a_cut_counts_and_the_next_writer_is_let_in(api: httpx.Client, parts: Path) -> None:
    path = begin(api, 3_000_000)
    cut = Cut(api, path, 0, 3_000_000)
    cut.send(b"a" * 1_500_000)
    until(lambda: being_written(parts, path))
    cut.cut()
    assert until(lambda: offset_of(api, path)) == 1_500_000
    assert patch(api, path, 1_500_000, b"a" * 1_500_000).status_code == 204


def test_of_a_cut_piece_with_a_checksum_nothing_counts(api: httpx.Client, parts: Path) -> None:
    path = begin(api, 3_000_000)
    cut = Cut(api, path, 0, 3_000_000, **{"Upload-Checksum": checksum(b"a" * 3_000_000)})
    cut.send(b"a" * 1_500_000)
    until(lambda: being_written(parts, path))
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
