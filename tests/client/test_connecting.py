"""Where the client finds a hub, on real sockets and with real processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowhub_ext import errors
from knowhub_ext.client import KnowHub, addresses, private
from tests.standins.hub import TOKEN, HubStandIn, listening

#: Writes the run file of a hub that stands elsewhere, as `knowhub serve` writes its own, and waits to be ended.
SERVER = """
import json, os, sys, time
from pathlib import Path
run = Path(sys.argv[1]) / "run"
run.mkdir(parents=True, exist_ok=True)
file = run / f"server-{os.getpid()}.json"
file.touch(0o600)
file.write_text(json.dumps({"url": sys.argv[2], "token": sys.argv[3], "pid": os.getpid()}))
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def _no_hub_around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("KNOWHUB_API_URL", "KNOWHUB_API_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KNOWHUB_DATA", str(tmp_path / "data"))


@pytest.fixture
def url() -> Iterator[str]:
    with listening(HubStandIn()) as address:
        yield address


@pytest.fixture
def _stopped() -> Iterator[None]:
    yield
    for child in private.children:
        child.kill()
        child.wait()
    private.children.clear()


def run_file(data: Path, url: str, token: str = TOKEN, pid: int | None = None, mode: int = 0o600) -> Path:
    pid = os.getpid() if pid is None else pid
    file = data / "run" / f"server-{pid}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"url": url, "token": token, "pid": pid}))
    file.chmod(mode)
    return file


def dead_pid() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_arguments_come_before_the_environment(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOWHUB_API_URL", "http://127.0.0.1:9/knowhub/api")
    assert KnowHub(url, TOKEN).url == url


def test_the_environments_token_goes_to_the_environments_hub_alone(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOWHUB_API_URL", "http://127.0.0.1:9/knowhub/api")
    monkeypatch.setenv("KNOWHUB_API_TOKEN", TOKEN)
    with pytest.raises(errors.Unauthenticated):
        KnowHub(url)
    monkeypatch.setenv("KNOWHUB_API_URL", url)
    assert KnowHub(url).session().person["name"] == "You"


def test_the_environment_comes_before_the_run_file(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run_file(tmp_path / "data", "http://127.0.0.1:9/knowhub/api")
    monkeypatch.setenv("KNOWHUB_API_URL", url)
    monkeypatch.setenv("KNOWHUB_API_TOKEN", TOKEN)
    assert "from KNOWHUB_API_URL" in repr(KnowHub())


def test_a_data_folder_given_as_argument_comes_before_the_environment(
    url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KNOWHUB_API_URL", "http://127.0.0.1:9/knowhub/api")
    run_file(tmp_path / "mine", url)
    assert KnowHub(data=tmp_path / "mine").url == url


def test_a_server_of_the_data_folder_is_found(url: str, tmp_path: Path) -> None:
    run_file(tmp_path / "data", url)
    assert "running on" in repr(KnowHub())


@pytest.mark.parametrize("mode", [0o644, 0o660, 0o602])
def test_a_run_file_that_others_can_reach_is_not_trusted(url: str, tmp_path: Path, mode: int) -> None:
    assert addresses.read_run_file(run_file(tmp_path, url, mode=0o600)) is not None
    assert addresses.read_run_file(run_file(tmp_path, url, mode=mode)) is None


def test_a_run_file_of_a_dead_process_is_passed_over(url: str, tmp_path: Path) -> None:
    assert addresses.read_run_file(run_file(tmp_path, url, pid=dead_pid())) is None


def test_half_a_run_file_is_passed_over(tmp_path: Path) -> None:
    file = run_file(tmp_path, "http://127.0.0.1:9")
    file.write_text('{"url": "http://12')
    assert addresses.read_run_file(file) is None


def test_a_run_file_whose_process_is_another_one_now_is_passed_over(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    run_file(data, "http://127.0.0.1:9/knowhub/api", pid=os.getppid())
    old = run_file(data, url)
    os.utime(old, (1, 1))
    assert KnowHub().url == url


@pytest.mark.usefixtures("_stopped")
def test_a_private_server_is_started_where_none_runs(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    argv = [sys.executable, "-c", SERVER, str(tmp_path / "data"), url, TOKEN]
    monkeypatch.setattr(private, "command", lambda data: argv)
    hub = KnowHub()
    assert (hub.url, len(private.children)) == (url, 1)
    assert KnowHub().url == url
    assert len(private.children) == 1  # the second client found the first one's server


def test_the_private_server_is_ours_and_ends_when_idle(tmp_path: Path) -> None:
    argv = private.command(tmp_path)
    assert argv[:4] == [sys.executable, "-m", "knowhub_ext.cli", "serve"]
    assert argv[4:] == ["--port", "0", "--idle", "600", "--data", str(tmp_path)]


@pytest.mark.usefixtures("_stopped")
def test_a_server_that_ends_at_once_is_quoted(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", "import sys; sys.exit('The disk is full.')"]
    with pytest.raises(errors.HubUnreachable, match=r"ended at once: The disk is full\.") as caught:
        private.start(tmp_path, argv)
    assert "knowhub serve" in caught.value.cure


@pytest.mark.usefixtures("_stopped")
def test_a_server_that_is_never_ready_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(errors.HubUnreachable, match="not ready"):
        private.start(tmp_path, [sys.executable, "-c", "import time; time.sleep(60)"], patience_s=0.2)
    assert private.children[0].wait(10) != 0


def test_a_hub_that_moved_is_found_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with listening(HubStandIn()) as first:
        run_file(data, first)
        hub = KnowHub()
    with listening(HubStandIn()) as second:
        run_file(data, second)
        assert hub.courses()[0].course == "fullstack"
        assert hub.url == second


def test_a_given_address_where_nobody_answers_says_the_cure() -> None:
    with pytest.raises(errors.HubUnreachable, match="No KnowHub server answers at http://127") as caught:
        KnowHub("http://127.0.0.1:9", TOKEN)
    assert "JupyterLab" in caught.value.cure


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("http://h:1", "http://h:1/knowhub/api"),
        ("http://h:1/lab?token=abc", "http://h:1/knowhub/api"),
        ("http://h/user/x/knowhub/api/", "http://h/user/x/knowhub/api"),
        ("https://name:word@h/knowhub", "https://h/knowhub/api"),
    ],
)
def test_whatever_address_people_copy_means_the_hub(given: str, meant: str) -> None:
    assert addresses.api_url(given) == meant


def test_what_is_no_address_is_refused_without_repeating_its_query() -> None:
    with pytest.raises(errors.HubUnreachable) as caught:
        addresses.api_url("localhost:8888/?token=abc")
    assert "abc" not in caught.value.message


def test_importing_the_client_is_quick_to_the_kernel() -> None:
    """It brings no vendor, no server, no database: what a kernel pays is httpx."""
    code = "import sys, knowhub_ext.client; print(' '.join(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    heavy = {"sqlmodel", "sqlalchemy", "tornado", "jupyter_server", "anywidget", "ipywidgets", "panel", "numpy",
             "langchain_core", "chromadb", "faster_whisper", "IPython"}
    assert "httpx" in loaded
    assert not loaded & heavy
