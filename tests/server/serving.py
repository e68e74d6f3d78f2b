"""`knowhub serve` as a process of its own, for tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

SETTINGS = {
    "KNOWHUB_EMBEDDER": "hashing", "KNOWHUB_INDEX": "memory", "KNOWHUB_TRANSCRIBER": "captions",
    "KNOWHUB_CHAT_MODEL": "quote",
}
#: What would make the child somebody else's.
FOREIGN = ("KNOWHUB_API_URL", "KNOWHUB_API_TOKEN", "KNOWHUB_DATA", "KNOWHUB_DATABASE_URL")


@dataclass
class Serving:
    """A running `serve`: what it printed, where it is, and its token as the data folder tells it."""

    process: subprocess.Popen[str]
    printed: dict[str, Any]
    token: str
    clients: list[httpx.Client] = field(default_factory=list)

    @property
    def api(self) -> str:
        return self.printed["api"]  # type: ignore[no-any-return]

    @property
    def origin(self) -> str:
        return self.api.removesuffix("/knowhub/api")

    def client(self, **headers: str) -> httpx.Client:
        self.clients.append(httpx.Client(base_url=self.api, headers=headers, timeout=20, trust_env=False))
        return self.clients[-1]

    def visitor(self) -> httpx.Client:
        """Return a browser that followed the first link."""
        client = self.client()
        client.get(self.printed["links"][0]["url"], follow_redirects=True).raise_for_status()
        client.headers["X-XSRFToken"] = client.get("/session").raise_for_status().json()["xsrf"]
        return client


def command(data: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "knowhub_ext.server.serve", "--data", str(data), "--port", "0", "--json", *more]


def environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k not in FOREIGN} | SETTINGS


@contextmanager
def serving(data: Path, *more: str) -> Iterator[Serving]:
    process = subprocess.Popen(
        command(data, *more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.communicate(timeout=10)[1]
        run = json.loads((data / "run" / f"server-{process.pid}.json").read_text())
        running = Serving(process=process, printed=json.loads(line), token=run["token"])
        yield running
        for client in running.clients:
            client.close()
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=30)
