"""Real servers to test against: a Jupyter server in a thread of this process, and the data folder they serve."""

from __future__ import annotations

import asyncio
import os
import threading
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from jupyter_server.serverapp import ServerApp
from traitlets.config import Config

from knowhub_ext.hub import Hub
from knowhub_ext.server.app import KnowHubApp
from knowhub_ext.testing.hubs import PLAIN, VTT, plain_hub, run_jobs

RATE = 8000
JUPYTER_TOKEN = "jupyter-token-of-the-tests"
NOTEBOOK = """{"cells": [{"cell_type": "markdown", "id": "intro", "metadata": {}, "source": ["# Redelivery"]}],
 "metadata": {}, "nbformat": 4, "nbformat_minor": 5}"""


def write_wave(path: Path, seconds: float = 30.0) -> Path:
    """Write a mono wave file whose bytes all differ from their neighbours, so that a wrong range shows."""
    count = int(seconds * RATE)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(b"".join((n * 7919 % 65536 - 32768).to_bytes(2, "little", signed=True) for n in range(count)))
    return path


def seed(data: Path, files: Path) -> dict[str, Any]:
    """Fill a data folder with the courses `alpha` and `beta`; return the ids that tests ask for, by course."""
    files.mkdir(parents=True, exist_ok=True)
    found: dict[str, Any] = {}
    with plain_hub(data) as hub:
        for slug in ("alpha", "beta"):
            folder = files / slug
            folder.mkdir()
            write_wave(folder / "celery.wav")
            (folder / "celery.vtt").write_text(VTT, encoding="utf-8")
            (folder / "redis.ipynb").write_text(NOTEBOOK, encoding="utf-8")
            (folder / "notes.md").write_text("# Redis\n\nRedis is the broker here.\n", encoding="utf-8")
            hub.courses.create(hub.people.local(), slug, slug.title())
            hub.ingest.add(hub.people.local(), slug, [folder])
            run_jobs(hub)
            found[slug] = ids(hub, slug)
    return found


def ids(hub: Hub, slug: str) -> dict[str, str]:
    """Return the ids of a seeded course and what it holds."""
    me = hub.people.local()
    course = hub.courses.detail(me, slug)
    lesson = next(row for row in course["lessons"] if row["title"] == "celery")
    detail = hub.lessons.detail(me, lesson["lesson"], lambda path: None)
    text = next(row for row in course["lessons"] if row["title"] == "notes")
    note = hub.lessons.detail(me, text["lesson"], lambda path: None)["assets"][0]
    jobs, _ = hub.jobs.page(me, course=slug)
    return {
        "course": slug, "id": course["id"], "lesson": lesson["lesson"], "asset": detail["primary"],
        "note": note["asset"], "job": jobs[0]["job"],
    }


@dataclass
class Jupyter:
    """A running Jupyter server with KnowHub in it. `api` and `base` are addresses without a trailing slash."""

    app: ServerApp
    extension: KnowHubApp
    loop: asyncio.AbstractEventLoop
    base: str
    root: Path
    stop: asyncio.Event
    #: What the server put into its environment; taken out again, since other tests share this process.
    environment: dict[str, str] = field(default_factory=dict)
    clients: list[httpx.Client] = field(default_factory=list)

    @property
    def api(self) -> str:
        return f"{self.base}/knowhub/api"

    def client(self, **headers: str) -> httpx.Client:
        """Return a client that knows nothing of this server but its address."""
        client = httpx.Client(base_url=self.api, headers=headers, timeout=20, trust_env=False)
        self.clients.append(client)
        return client

    def holder(self) -> httpx.Client:
        """Return a client with the API token."""
        return self.client(Authorization=f"Bearer {self.extension.wing.token}")

    def person(self) -> httpx.Client:
        """Return a client that is signed in to Jupyter as a browser is: by cookie, with the XSRF header."""
        client = self.client()
        client.get(f"{self.base}/api/me", params={"token": JUPYTER_TOKEN}).raise_for_status()
        client.headers["X-XSRFToken"] = client.get("/session").raise_for_status().json()["xsrf"]
        return client

    def close_clients(self) -> None:
        """Close the clients that were made since the last time."""
        while self.clients:
            self.clients.pop().close()

    def on_loop(self, call: Any, *args: Any) -> Any:
        """Run a coroutine function on the server's event loop and return what it returns."""
        return asyncio.run_coroutine_threadsafe(call(*args), self.loop).result(30)


@contextmanager
def jupyter(folder: Path, data: Path, **settings: Any) -> Iterator[Jupyter]:
    """Run a Jupyter server with no configuration but ours, below `folder`, with KnowHub on the data folder."""
    root = folder / "root"
    root.mkdir(parents=True, exist_ok=True)
    config = Config({
        "KnowHub": PLAIN | {"data": str(data)} | settings.pop("knowhub", {}),
        "IdentityProvider": {"token": JUPYTER_TOKEN},
        "ServerApp": {"allow_unauthenticated_access": False} | settings,
    })
    ready = threading.Event()
    made: list[Jupyter] = []
    thread = threading.Thread(target=lambda: asyncio.run(_live(config, root, made, ready)), daemon=True)
    with pytest.MonkeyPatch.context() as patch:  # for the start alone: other tests share this process
        for name in ("CONFIG", "DATA", "RUNTIME"):
            patch.setenv(f"JUPYTER_{name}_DIR", str(folder / name.lower()))
        patch.setenv("JUPYTER_NO_CONFIG", "1")
        thread.start()
        assert ready.wait(30), "the server did not start"
    assert made, "the server failed to start: see above"
    server = made[0]
    names = ("KNOWHUB_API_URL", "KNOWHUB_API_TOKEN", "KNOWHUB_DATA")
    server.environment = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield server
    finally:
        server.loop.call_soon_threadsafe(server.stop.set)
        thread.join(30)
        ServerApp.clear_instance()


async def _live(config: Config, root: Path, made: list[Jupyter], ready: threading.Event) -> None:
    try:
        app = ServerApp.instance(
            config=config, root_dir=str(root), port=0, open_browser=False, allow_root=True, log_level="WARN",
            base_url="/a%40b/", jpserver_extensions={"knowhub_ext": True},
        )
        app.init_signal = lambda: None  # type: ignore[method-assign]
        app.initialize(argv=[], find_extensions=False)
        await asyncio.sleep(0.05)  # the socket is bound by a callback of the loop
        extension = next(iter(app.extension_manager.extension_apps["knowhub_ext"]))
        server = Jupyter(
            app=app, extension=extension, loop=asyncio.get_running_loop(), root=root,
            base=f"http://127.0.0.1:{app.port}/a%40b", stop=asyncio.Event(),
        )
        await app.extension_manager.start_all_extensions()
        made.append(server)
    finally:
        ready.set()
    await server.stop.wait()
    app.http_server.stop()
    await app._cleanup()


def until(holds: Any, *, seconds: float = 15.0) -> Any:
    """Wait until `holds()` returns something true, and return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = holds()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"this did not become true within {seconds} s")
