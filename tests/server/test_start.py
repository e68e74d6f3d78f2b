"""Coming up and going away: what loading costs JupyterLab, waiting for the hub, telling where it is, cleaning up."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from knowhub_ext.backends.embedders.hashing import HashingEmbedder
from knowhub_ext.backends.runners.embedded import EmbeddedRunner
from knowhub_ext.client.addresses import data_folder
from knowhub_ext.config import KnowHub, load
from knowhub_ext.errors import DataLocked
from knowhub_ext.hub import build
from knowhub_ext.server import wing as wings
from knowhub_ext.server.app import _api_url
from knowhub_ext.server.contents import Contents
from knowhub_ext.server.problems import Unready
from knowhub_ext.server.wing import Wing
from knowhub_ext.store.database import Store
from knowhub_ext.testing.hubs import PLAIN, plain_hub
from tests.server.harness import Jupyter, until

#: What JupyterLab's start must not wait for, and who would bring it.
NEVER = (
    "sqlalchemy", "sqlmodel", "pydantic", "alembic", "numpy", "av", "ctranslate2", "faster_whisper", "chromadb",
    "langchain", "langchain_core", "langchain_ollama", "ollama", "panel", "voila", "click", "tqdm", "webvtt", "srt",
    "knowhub_ext.hub", "knowhub_ext.services", "knowhub_ext.store", "knowhub_ext.backends", "knowhub_ext.ports",
)
LOADING = """
import json, sys, time
from jupyter_server.serverapp import ServerApp
app = ServerApp(allow_root=True, open_browser=False, log_level=50)
app.initialize(argv=[], find_extensions=False, new_httpserver=False)
before = set(sys.modules)
started = time.perf_counter()
app.extension_manager.from_jpserver_extensions({"knowhub_ext": True})
app.extension_manager.link_all_extensions()
app.extension_manager.load_all_extensions()
took = time.perf_counter() - started
assert "knowhub" in app.web_app.settings, "the extension was not loaded"
print(json.dumps({"took_ms": took * 1000, "modules": sorted(set(sys.modules) - before)}))
"""


def loading(tmp_path: Path) -> dict[str, Any]:
    keys = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    clean = {f"JUPYTER_{key}": str(tmp_path / key.lower()) for key in keys} | {"JUPYTER_NO_CONFIG": "1"}
    done = subprocess.run(
        [sys.executable, "-c", LOADING], env={**os.environ, **clean}, capture_output=True, text=True, timeout=120,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def test_loading_the_extension_brings_no_vendor_no_database_and_no_hub(tmp_path: Path) -> None:
    found = loading(tmp_path)
    brought = [name for name in found["modules"] if name.startswith(NEVER) and not name.startswith("avro")]
    assert brought == []
    assert "knowhub_ext.server.app" in found["modules"], "the control: it was loaded after all"
    again = loading(tmp_path)["took_ms"]  # the first run may have had to compile
    print(f"loading the extension: {min(found['took_ms'], again):.0f} ms (target: at most 100 ms)")


def test_children_of_the_server_know_where_it_is(server: Jupyter, data: Path) -> None:
    assert server.environment == {
        "KNOWHUB_API_URL": server.api, "KNOWHUB_API_TOKEN": server.extension.wing.token, "KNOWHUB_DATA": str(data),
    }
    assert data_folder(None, server.environment) == data, "a kernel agrees, though only the server was configured"
    code = "import os, httpx; print(httpx.get(os.environ['KNOWHUB_API_URL'] + '/session', trust_env=False, " \
           "headers={'Authorization': 'Bearer ' + os.environ['KNOWHUB_API_TOKEN']}).json()['roles'])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=os.environ | server.environment
    )
    assert done.stdout.strip() == "['owner']", done.stderr


def test_the_data_folder_tells_where_the_server_is_to_its_owner_alone(server: Jupyter, data: Path) -> None:
    server.on_loop(server.extension.wing.hub)
    file = data / "run" / f"server-{os.getpid()}.json"
    assert json.loads(file.read_text()) == {
        "url": server.api, "token": server.extension.wing.token, "pid": os.getpid(),
    }
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("settings", "url"), [
    ({"ip": "0.0.0.0"}, "http://127.0.0.1:9/a/knowhub/api"), ({"ip": ""}, "http://127.0.0.1:9/a/knowhub/api"),
    ({"ip": "10.1.2.3"}, "http://10.1.2.3:9/a/knowhub/api"), ({"ip": "::1"}, "http://[::1]:9/a/knowhub/api"),
    ({"ip": "localhost", "certfile": "x"}, "https://127.0.0.1:9/a/knowhub/api"), ({"sock": "/tmp/s"}, ""),
])  # fmt: skip
def test_the_address_for_processes_of_this_machine(settings: dict[str, str], url: str) -> None:
    class App:
        sock, certfile, ip, port, base_url = "", "", "localhost", 9, "/a/"

    for name, value in settings.items():
        setattr(App, name, value)
    assert _api_url(App()) == url  # type: ignore[arg-type]


def test_a_job_queued_by_another_process_wakes_the_worker(
    server: Jupyter, wakes: list[EmbeddedRunner], monkeypatch: pytest.MonkeyPatch, data: Path, tmp_path: Path
) -> None:
    monkeypatch.setattr(wings, "LOOK_S", 0.05)
    (tmp_path / "queued.md").write_text("# Queued\n", encoding="utf-8")
    wing = server.extension.wing
    server.on_loop(wing.hub)
    with plain_hub(data) as hub:
        me = hub.people.local()
        hub.courses.create(me, "queued")
        before = len(wakes)
        hub.ingest.add(me, "queued", [tmp_path / "queued.md"])
        until(lambda: len(wakes) > before)
        until(lambda: server.extension.current_activity() is not None)
        hub.working.work(threading.Event(), idle_s=0)
    until(lambda: server.extension.current_activity() is None)


def built(build: Any, **settings: Any) -> Wing:
    return Wing(build, contents=Contents(), **settings)


def test_requests_wait_for_the_hub_while_it_is_built() -> None:
    async def scene() -> None:
        go = threading.Event()

        class Made:
            settings = KnowHub()

            def close(self) -> None: ...

        def build() -> Any:
            go.wait(10)
            return Made()

        wing = built(build)
        waiting = [asyncio.ensure_future(wing.hub()) for _ in range(3)]
        await asyncio.sleep(0.05)
        assert not any(task.done() for task in waiting)
        waiting[0].cancel()
        go.set()
        first, second = await asyncio.gather(*waiting[1:])
        assert first is second, "it is built once, and a client that leaves does not stop it"
        await wing.close()

    asyncio.run(scene())


def test_a_hub_that_cannot_be_built_says_why_and_is_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        tries: list[int] = []

        def build() -> Any:
            tries.append(1)
            raise DataLocked("Process 7 (knowhub restore) has it open.")

        wing = built(build)
        for _ in range(3):
            with pytest.raises(Unready) as caught:
                await wing.hub()
            assert caught.value.cause.message == "Process 7 (knowhub restore) has it open."
        assert len(tries) == 1, "not with every request"
        monkeypatch.setattr(wings, "AGAIN_S", 0.0)
        with pytest.raises(Unready):
            await wing.hub()
        assert len(tries) == 2
        await wing.close()

    asyncio.run(scene())


def test_an_unexpected_failure_of_the_build_is_unready_too() -> None:
    async def scene() -> None:
        def build() -> Any:
            raise RuntimeError("canary")

        wing = built(build)
        with pytest.raises(Unready) as caught:
            await wing.hub()
        assert "canary" not in caught.value.cause.message
        await wing.close()

    asyncio.run(scene())


@pytest.mark.parametrize("preload", [True, False])
def test_preload_does_at_the_start_what_the_first_search_would_wait_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, preload: bool
) -> None:
    embedded: list[Any] = []
    embed = HashingEmbedder.embed
    monkeypatch.setattr(HashingEmbedder, "embed", lambda one, texts: embedded.append(texts) or embed(one, texts))

    async def scene() -> None:
        wing = built(lambda: build(load(PLAIN | {"data": str(tmp_path), "preload": preload})))
        hub = await wing.hub()
        if wing._warming is not None:
            await wing._warming
        assert bool(embedded) is preload
        assert (hub.searching._shelves.chosen._index is not None) is preload
        await wing.close()

    asyncio.run(scene())


def test_the_data_folder_named_by_whoever_started_the_server_is_named_again_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KNOWHUB_DATA", "mine")

    async def scene() -> None:
        wing = built(lambda: build(load(PLAIN | {"data": str(tmp_path)})))
        wing.start("", data=str(tmp_path))
        assert os.environ["KNOWHUB_DATA"] == str(tmp_path)
        await wing.close()

    asyncio.run(scene())
    assert os.environ["KNOWHUB_DATA"] == "mine"


@pytest.fixture
def failing(server: Jupyter, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server as it is while its hub cannot be built."""

    async def failed() -> Any:
        raise Unready(DataLocked("Process 7 (knowhub restore) has it open."))

    monkeypatch.setattr(server.extension.wing, "hub", failed)


def test_while_there_is_no_hub_every_answer_is_503_with_the_cure(
    server: Jupyter, failing: None, alpha: dict[str, str]
) -> None:
    holder = server.holder()
    for path in ("/session", "/courses", f"/lessons/{alpha['lesson']}", f"/media/{alpha['asset']}?r=1&p=1&e=1&s=1"):
        response = holder.get(path)
        assert response.status_code == 503, path
        assert int(response.headers["Retry-After"]) > 0
        assert response.json()["detail"] == "Process 7 (knowhub restore) has it open."
        assert response.json()["cure"] == DataLocked.cure
    assert server.client().get("/session").status_code == 401, "strangers are not told why"


def test_closing_takes_back_all_that_was_announced(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOWHUB_API_URL", "before")
    monkeypatch.setenv("KNOWHUB_API_TOKEN", "before")
    closed: list[Store] = []
    monkeypatch.setattr(Store, "close", lambda store: closed.append(store))

    async def scene(folder: Path) -> None:
        wing = built(lambda: build(load(PLAIN | {"data": str(folder)})))
        wing.start("http://127.0.0.1:1/knowhub/api")
        await wing.hub()
        assert list((folder / "run").glob("server-*.json"))
        assert os.environ["KNOWHUB_API_TOKEN"] == wing.token
        await wing.close()

    folder = data.parent / "announced"
    asyncio.run(scene(folder))
    assert not list((folder / "run").glob("*.json"))
    assert "KNOWHUB_API_TOKEN" not in os.environ
    assert closed


def test_media_readers_do_not_starve_the_interface(server: Jupyter, api: httpx.Client, alpha: dict[str, str]) -> None:
    """A slow disk: every read takes its time in its own pool, and the interface answers meanwhile."""
    url = server.base.removesuffix("/a%40b") + api.get(f"/assets/{alpha['asset']}/media").json()["url"]
    blocked = threading.Event()
    real = os.pread

    def slow(file: int, count: int, at: int) -> bytes:
        blocked.wait(10)
        return real(file, count, at)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "pread", slow)
        readers = [threading.Thread(target=lambda: server.client().get(url)) for _ in range(16)]
        for reader in readers:
            reader.start()
        until(lambda: server.extension.wing.pools.media._taken == 16)
        began = time.monotonic()
        answers = [api.get("/session").status_code for _ in range(20)]
        assert answers == [200] * 20
        assert server.extension.wing.pools.media._taken == 16, "all of them were waiting all the while"
        print(f"20 calls beside 16 blocked readers: {(time.monotonic() - began) * 1000:.0f} ms")
        blocked.set()
        for reader in readers:
            reader.join(20)
