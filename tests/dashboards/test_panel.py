"""The Panel page: what its Python side holds, and the process that jupyter-server-proxy starts."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import httpx
import pytest
from bokeh.client import pull_session
from bokeh.document import Document
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.ioloop import IOLoop
from tornado.websocket import websocket_connect

from knowhub_ext import dashboards
from knowhub_ext.dashboards.progress import element, progress_app
from tests.standins.hub import LESSON, TOKEN, HubStandIn, listening

ROOT = Path(__file__).parents[2]
PREFIX = "/user/x/knowhub-panel"


@pytest.fixture
def _hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with listening(HubStandIn()) as url:
        monkeypatch.setenv("KNOWHUB_API_URL", url)
        monkeypatch.setenv("KNOWHUB_API_TOKEN", TOKEN)
        yield


@pytest.fixture
def _no_hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("KNOWHUB_API_URL", raising=False)
    monkeypatch.setenv("KNOWHUB_DATA", str(tmp_path))


def elements(page: Any) -> list[Any]:
    return page.select(element())  # type: ignore[no-any-return]


@pytest.mark.usefixtures("_hub")
def test_the_page_hosts_the_elements_of_the_course() -> None:
    found = elements(progress_app("/user/x/knowhub/api"))
    assert {(one.kind, one.course, one.api) for one in found} == {
        (kind, "fullstack", "/user/x/knowhub/api") for kind in ("course", "progress", "ask")
    }


@pytest.mark.usefixtures("_hub")
def test_the_course_may_be_named() -> None:
    assert {one.course for one in elements(progress_app("/knowhub/api", "second"))} == {"second"}


@pytest.mark.usefixtures("_hub")
@pytest.mark.parametrize("kind", ["course", "progress", "ask"])
def test_a_lesson_opened_anywhere_on_the_page_is_shown_on_it(kind: str) -> None:
    page = progress_app("/knowhub/api")
    clicked = next(one for one in elements(page) if one.kind == kind)
    for second in (0.0, 101.2):
        clicked.opened = {"lesson": LESSON, "time": second}
        (lesson,) = [one for one in elements(page) if one.kind == "lesson"]
        assert (lesson.lesson, lesson.time, lesson.api) == (LESSON, second, "/knowhub/api")


@pytest.mark.usefixtures("_hub")
def test_no_token_and_no_persons_data_is_in_the_document() -> None:
    page = progress_app("/knowhub/api")
    document = written(page.server_doc(Document()))
    assert "fullstack" in document
    assert TOKEN not in document
    assert not {"progress", "answer", "question"} & set(element().param)


@pytest.mark.usefixtures("_no_hub")
@pytest.mark.parametrize("api", ["", "/knowhub/api"])
def test_without_a_hub_the_page_is_one_sentence_with_the_cure(api: str, tmp_path: Path) -> None:
    page = progress_app(api)
    assert page.object == (
        "This page shows a KnowHub hub, and none runs at this address. "
        "Start JupyterLab where knowhub-ext is installed and open /knowhub-panel/ at its address."
    )
    assert list(tmp_path.iterdir()) == []  # no private hub was started: no browser could log in to it


def test_a_jupyter_server_finds_the_entry_and_pays_nothing_for_it() -> None:
    (entry,) = entry_points(group="jupyter_serverproxy_servers", name=dashboards.NAME)
    assert entry.value == "knowhub_ext.dashboards:panel_server"
    code = "import sys, knowhub_ext.dashboards as d; d.panel_server(); print(' '.join(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"panel", "bokeh", "httpx", "anywidget", "tornado"} & set(ran.stdout.split())


def test_the_process_gets_neither_the_cookie_nor_the_token_of_the_browser() -> None:
    headers = dashboards.panel_server()["request_headers_override"]
    assert (headers["Cookie"], headers["Authorization"]) == ("", "")
    assert Path(dashboards.panel_server()["launcher_entry"]["icon_path"]).is_file()


def written(document: Document) -> str:
    """Everything of a document that goes to a browser."""
    return repr(document.to_json())


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def until(good: Callable[[], bool], patience_s: float = 60) -> bool:
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        if good():
            return True
        time.sleep(0.1)
    return False


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).is_success
    except httpx.HTTPError:
        return False


@contextmanager
def served(argv: list[str], url: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, *argv], cwd=ROOT)
    try:
        assert until(lambda: answers(url)), f"{argv} does not answer at {url}"
        yield process
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.slow
@pytest.mark.usefixtures("_hub")
def test_the_process_serves_the_page_below_its_prefix_to_its_own_origin_alone() -> None:
    port = free_port()
    argv = ["-m", "knowhub_ext.dashboards", "--port", str(port), "--prefix", PREFIX]
    with served(argv, f"http://127.0.0.1:{port}{PREFIX}/"):
        session = pull_session(url=f"http://127.0.0.1:{port}{PREFIX}/")
        document = written(session.document)
        session.close()
        assert "'/user/x/knowhub/api'" in document
        assert TOKEN not in document
        address = f"ws://127.0.0.1:{port}{PREFIX}/ws"
        with pytest.raises(HTTPClientError, match="403"):
            IOLoop(make_current=False).run_sync(lambda: _connect(address, "http://elsewhere.example"))
        IOLoop(make_current=False).run_sync(lambda: _connect(address, f"http://127.0.0.1:{port}"))


async def _connect(address: str, origin: str) -> None:
    (await websocket_connect(HTTPRequest(address, headers={"Origin": origin}))).close()


@pytest.mark.slow
@pytest.mark.usefixtures("_no_hub")
def test_panel_alone_shows_the_sentence() -> None:
    port = free_port()
    argv = ["-m", "panel", "serve", "dashboards/progress.py", "--port", str(port), "--address", "127.0.0.1"]
    with served(argv, f"http://127.0.0.1:{port}/progress"):
        session = pull_session(url=f"http://127.0.0.1:{port}/progress")
        assert "none runs at this address. Start JupyterLab" in written(session.document)
        session.close()


@pytest.mark.slow
@pytest.mark.usefixtures("_hub")
def test_the_process_ends_when_the_one_that_started_it_was_killed() -> None:
    port = free_port()
    start = (
        "import subprocess, sys, time; subprocess.Popen([sys.executable, '-m', 'knowhub_ext.dashboards', "
        f"'--port', '{port}']); time.sleep(300)"
    )
    with served(["-c", start], f"http://127.0.0.1:{port}/knowhub-panel/") as parent:
        os.kill(parent.pid, signal.SIGKILL)
        assert until(lambda: not _listens(port), 30)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
