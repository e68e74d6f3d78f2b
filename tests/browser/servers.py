"""Servers that the browser visits: JupyterLab, and `knowhub serve`, as processes of their own on free ports."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.sample import ROOT, ingest, sample_data

TOKEN = "token-of-the-browser-tests"
PATIENCE_S = 90
#: Popups of JupyterLab that ask for the network.
QUIET = {"fetchNews": "false", "checkForUpdates": False}


@dataclass(frozen=True)
class Lab:
    """A JupyterLab on the sample course. `base` ends without a slash; `root` is what its file browser shows."""

    base: str
    root: Path
    data: Path
    process: subprocess.Popen[bytes]

    @property
    def api(self) -> str:
        return f"{self.base}/knowhub/api"

    def url(self, path: str, **query: str) -> str:
        """Return an address that signs in; `path` begins with a slash."""
        pairs = "&".join(f"{name}={value}" for name, value in {"token": TOKEN, **query}.items())
        return f"{self.base}{path}?{pairs}"

    def client(self) -> httpx.Client:
        """Return a client that may do what the person in the browser may."""
        headers = {"Authorization": f"token {TOKEN}"}
        return httpx.Client(base_url=self.api, headers=headers, timeout=60, trust_env=False)

    @property
    def port(self) -> int:
        return int(self.base.rpartition(":")[2])

    def kill(self) -> None:
        """End the server and all it started as a power cut does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def get(self, path: str) -> Any:
        """Return a JSON document of the interface."""
        with self.client() as client:
            return client.get(path).raise_for_status().json()

    def forget(self, course: str = "fullstack") -> None:
        """Delete what was asked, so that a page begins without a conversation."""
        with self.client() as client:
            client.delete(f"/courses/{course}/history").raise_for_status()


def until(holds: Callable[[], Any], *, seconds: float = PATIENCE_S) -> Any:
    """Wait until `holds()` returns something true, and return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := holds():
            return value
        time.sleep(0.1)
    raise AssertionError(f"this did not become true within {seconds:g} s")


def checkout_copy(root: Path) -> Path:
    """Copy what people open, so that no test changes the checkout."""
    skip = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__", "studio", "scripts")
    for name in ("notebooks", "dashboards"):
        shutil.copytree(ROOT / name, root / name, ignore=skip)
    return root


def sample_hub(folder: Path) -> tuple[Path, Path]:
    """Return a root for Jupyter and a data folder that knows the course as lying in it."""
    root, data = checkout_copy(folder / "root"), sample_data(folder / "data")
    ingest(data, root / "notebooks" / "fullstack")  # known already: nothing is transcribed, only found again
    return root, data


def environment(folder: Path, data: Path) -> dict[str, str]:
    """The environment of a server that reads nobody's configuration and answers with quotes."""
    own = {f"JUPYTER_{name}_DIR": str(folder / "jupyter" / name.lower()) for name in ("CONFIG", "RUNTIME")}
    own |= {f"JUPYTERLAB_{name}_DIR": str(folder / "lab" / name.lower()) for name in ("SETTINGS", "WORKSPACES")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KNOWHUB_API")}
    hub = {"KNOWHUB_DATA": str(data), "KNOWHUB_CHAT_MODEL": "quote", "IPYTHONDIR": str(folder / "ipython")}
    return kept | own | hub


def settle(folder: Path, **settings: Any) -> None:
    """Write the settings of the hub and of the Lab."""
    config, lab = folder / "jupyter" / "config", folder / "lab" / "settings" / "@jupyterlab" / "apputils-extension"
    config.mkdir(parents=True, exist_ok=True)
    lab.mkdir(parents=True, exist_ok=True)
    (config / "jupyter_knowhub_config.json").write_text(json.dumps({"KnowHub": settings}))
    (lab / "notification.jupyterlab-settings").write_text(json.dumps(QUIET))


@contextmanager
def jupyter_lab(folder: Path, root: Path, data: Path, *, port: int = 0, **settings: Any) -> Iterator[Lab]:
    """Run JupyterLab as `make run` does, below `folder`, until the block ends. `port` 0: a free one."""
    settle(folder, **settings)
    env = environment(folder, data)
    if "chat_model" in settings:
        del env["KNOWHUB_CHAT_MODEL"]  # the environment wins over settings
    words = [
        "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--no-browser",
        f"--ServerApp.root_dir={root}",
        f"--IdentityProvider.token={TOKEN}", "--allow-root", "--Application.log_level=WARN",
        "--LabApp.expose_app_in_browser=True",  # tests ask it what the notebook really holds
    ]
    log = folder / "lab.log"
    with running([sys.executable, "-m", "jupyterlab", *words], env, log) as process:
        runtime = Path(env["JUPYTER_RUNTIME_DIR"]) / f"jpserver-{process.pid}.json"
        info = until(lambda: written(runtime, process, log))
        lab = Lab(info["url"].rstrip("/"), root, data, process)
        until(lambda: reachable(f"{lab.api}/session"))
        yield lab


@contextmanager
def knowhub_serve(folder: Path, data: Path, course: str, **settings: Any) -> Iterator[dict[str, Any]]:
    """Run `knowhub serve --course`; yield what it says: `{"url", "api", "links": [{"course", "url"}]}`."""
    settle(folder, **settings)
    words = ["serve", "--data", str(data), "--port", "0", "--course", course, "--json"]
    said = folder / "serve.out"
    with running([sys.executable, "-m", "knowhub_ext.cli", *words], environment(folder, data), said) as process:
        yield until(lambda: document(said, process))


@contextmanager
def running(command: list[str], env: dict[str, str], out: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process in a session of its own and end it in order; what it says goes to `out` and `out`.err."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("wb") as say, Path(f"{out}.err").open("wb") as complain:
        process = subprocess.Popen(
            command, cwd=out.parent, env=env, stdin=subprocess.DEVNULL, stdout=say, stderr=complain,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def document(path: Path, process: subprocess.Popen[bytes]) -> Any:
    """Return the JSON document that a process has written, None while it has not. Fails when the process ended."""
    assert process.poll() is None, Path(f"{path}.err").read_text()
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return None


def written(path: Path, process: subprocess.Popen[bytes], log: Path) -> Any:
    assert process.poll() is None, Path(f"{log}.err").read_text()
    return document(path, process) if path.exists() else None


def reachable(url: str) -> bool:
    """Whether a server answers there and its hub is up."""
    try:
        return httpx.get(url, headers={"Authorization": f"token {TOKEN}"}, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
