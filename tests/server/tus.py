"""Tus as a client speaks it, for tests: headers, and a connection that can be cut in the middle of a piece."""

from __future__ import annotations

import base64
import socket
from typing import Any
from urllib.parse import urlsplit

import httpx

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {"Content-Type": "application/offset+octet-stream"}


def metadata(**pairs: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}".strip() for key, value in pairs.items())


def begin(client: httpx.Client, size: int, *, course: str = "c", filename: str = "a.md", **pairs: str) -> str:
    """Begin an upload; return its address below the API."""
    named = metadata(course=course, filename=filename, **pairs)
    response = client.post("/uploads", headers=TUS | {"Upload-Length": str(size), "Upload-Metadata": named})
    assert response.status_code == 201, response.text
    return "/uploads/" + response.headers["Location"].rpartition("/")[2]


def patch(client: httpx.Client, path: str, offset: int, piece: Any, **headers: str) -> httpx.Response:
    return client.patch(path, content=piece, headers=TUS | PIECE | {"Upload-Offset": str(offset)} | headers)


def offset_of(client: httpx.Client, path: str) -> int:
    response = client.head(path, headers=TUS)
    assert response.status_code == 200, response.status_code
    return int(response.headers["Upload-Offset"])


class Cut:
    """A connection of its own that begins a PATCH and does with its body what it likes."""

    def __init__(self, client: httpx.Client, path: str, offset: int, length: int | None, **headers: str) -> None:
        url = urlsplit(str(client.base_url).rstrip("/") + path)
        assert url.hostname
        assert url.port
        self.socket = socket.create_connection((url.hostname, url.port), timeout=30)
        rows = {"Host": url.netloc} | TUS | PIECE | {"Upload-Offset": str(offset)} | headers
        if "Authorization" in client.headers:
            rows["Authorization"] = client.headers["Authorization"]
        rows |= {"Transfer-Encoding": "chunked"} if length is None else {"Content-Length": str(length)}
        head = f"PATCH {url.path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in rows.items()) + "\r\n"
        self.socket.sendall(head.encode())

    def send(self, piece: bytes) -> None:
        self.socket.sendall(piece)

    def send_chunk(self, piece: bytes) -> None:
        self.socket.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))

    def status(self) -> int:
        """Wait for the answer; return its status, 0 where the connection ended without one."""
        line = self.socket.makefile("rb").readline()
        return int(line.split()[1]) if line else 0

    def cut(self) -> None:
        self.socket.close()
