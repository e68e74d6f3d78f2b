"""Uploads that are refused: what cannot be taken, who may not, and that they hear why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.server.harness import Jupyter
from tests.server.serving import Serving, serving
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


def test_the_log_names_no_file(api: httpx.Client, course: str, caplog: pytest.LogCaptureFixture) -> None:
    begin(api, 3, filename="canary-file-name.md")
    assert not re.search("canary", caplog.text)


def test_a_course_over_its_quota_refuses_before_a_byte_is_sent_and_says_what_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "jupyter_knowhub_config.py").write_text("c.KnowHub.course_quota_bytes = 100\n", encoding="utf-8")
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    with serving(tmp_path / "data") as running:
        api = running.client(Authorization=f"Bearer {running.token}")
        api.post("/courses", json={"slug": "c", "title": "Small"}).raise_for_status()
        assert patch(api, begin(api, 60), 0, b"x" * 60).status_code == 204
        promised = begin(api, 40, filename="b.md")
        headers = TUS | {"Upload-Length": "1", "Upload-Metadata": metadata(course="c", filename="d.md")}
        refused = api.post("/uploads", headers=headers)
        assert (refused.status_code, refused.json()["type"]) == (413, "/knowhub/problems/quota-exceeded")
        assert "100 B of 100 B" in refused.json()["detail"]
        assert "course_quota_bytes" in refused.json()["cure"]
        assert api.delete(promised, headers=TUS).status_code == 204
        assert api.post("/uploads", headers=headers).status_code == 201, "control: what was promised is free again"
