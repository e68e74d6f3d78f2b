"""One `pip install` of the wheel, without Node: server extension, labextension, kernel spec and commands, all working.

The clean environment sees the locked packages of the checkout's one, but not the checkout.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.house.source import ROOT, listed

pytestmark = pytest.mark.slow

BUILT = ("knowhub_ext/labextension", "knowhub_ext/static")
TOKEN = "packaging"


def copied(folder: Path) -> Path:
    """The repository's files and what the builder made of them, elsewhere: what a release is built from."""
    for name in listed():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    for name in BUILT:
        assert (ROOT / name).is_dir(), f"{name} is not built; run: make setup"
        shutil.copytree(ROOT / name, folder / name)
    return folder


def build(source: Path, into: Path) -> Path:
    """The wheel, built with nothing on PATH: whoever needs Node here fails."""
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--skip-dependency-check", "--outdir", into]
    env = {"PATH": str(into), "HOME": str(into), "SOURCE_DATE_EPOCH": "1790000000"}
    done = subprocess.run([*command, source], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = into.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(source, tmp_path_factory.mktemp("dist"))


class Clean:
    """A virtual environment with the wheel and the locked packages, and a home of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "venv" / "bin" / "python"

    def make(self, wheel: Path) -> None:
        venv.create(self.folder / "venv", with_pip=False, symlinks=True)
        site = Path(sysconfig.get_path("purelib", vars={"base": str(self.folder / "venv")}))
        (site / "locked.pth").write_text(f"{self.others()}\n", encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "--python", self.python, "install", "--no-deps", "--no-index", wheel]
        done = subprocess.run(pip, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def others(self) -> Path:
        """A folder with links to every installed package but this project."""
        others = self.folder / "locked"
        others.mkdir()
        for path in Path(sysconfig.get_path("purelib")).iterdir():
            if "knowhub" not in path.name and path.suffix != ".pth":
                (others / path.name).symlink_to(path)
        return others

    @property
    def env(self) -> dict[str, str]:
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        return {"PATH": str(self.python.parent), "HOME": str(home), "KNOWHUB_DATA": str(home / "data")}

    def run(self, *words: str) -> str:
        """What a command printed; it must end well."""
        done = subprocess.run([self.python, *words], env=self.env, capture_output=True, text=True, check=False, cwd="/")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def clean(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Clean:
    found = Clean(tmp_path_factory.mktemp("clean"))
    found.make(wheel)
    return found


def built_names(source: Path) -> dict[str, str]:
    """Which built file is which."""
    manifest = source / "knowhub_ext" / "static" / "manifest.json"
    names: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))
    return {entry: name for entry, name in names.items() if name}


def test_the_wheel_holds_all_that_is_not_python(source: Path, wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    data = next(name for name in names if ".data/" in name).partition("/")[0] + "/data"
    lab = f"{data}/share/jupyter/labextensions/@knowhub/jupyterlab"
    assert {
        "knowhub_ext/server/openapi.yaml",
        "knowhub_ext/store/migrations/script.py.mako",
        "knowhub_ext/static/manifest.json",
        *(f"knowhub_ext/static/{name}" for name in built_names(source).values()),
        f"{lab}/package.json", f"{lab}/install.json", f"{lab}/static/style.js",
        f"{lab}/schemas/@knowhub/jupyterlab/plugin.json",
        f"{data}/etc/jupyter/jupyter_server_config.d/knowhub_ext.json",
        f"{data}/share/jupyter/kernels/knowhub/kernel.json",
    } <= names  # fmt: skip
    assert any(name.startswith("knowhub_ext/store/migrations/versions/0001") for name in names)


def test_the_wheel_holds_every_module_and_nothing_else_of_the_repository(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    modules = {name for name in listed() if name.startswith("knowhub_ext/") and name.endswith(".py")}
    assert modules | {"knowhub_ext/_version.py"} == {name for name in names if name.endswith(".py")}
    strangers = {name.split("/")[0] for name in names if ".data/" not in name and ".dist-info/" not in name}
    assert strangers == {"knowhub_ext"}


def test_building_again_gives_the_same_bytes(source: Path, wheel: Path, tmp_path: Path) -> None:
    again = build(source, tmp_path)
    assert again.name == wheel.name
    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(wheel.read_bytes()).digest()


def test_the_clean_environment_has_neither_node_nor_the_checkout(clean: Clean) -> None:
    assert shutil.which("node", path=clean.env["PATH"]) is None
    where = clean.run("-c", "import knowhub_ext; print(knowhub_ext.__file__)").strip()
    assert Path(where).is_relative_to(clean.folder)


#: `jupyter … list` -> what it must say. Run by module, since the clean environment has nobody else's scripts.
LISTS = {
    "jupyter server extension list": (
        "from jupyter_server.extension.serverextension import main; main()", ["knowhub_ext enabled", "OK"],
    ),
    "jupyter labextension list": (
        "from jupyterlab.labextensions import main; main()",
        ["@knowhub/jupyterlab v", "enabled OK (python, knowhub-ext)"],
    ),
    "jupyter kernelspec list": (
        "from jupyter_client.kernelspecapp import KernelSpecApp as K; K.launch_instance()",
        ["knowhub", "share/jupyter/kernels/knowhub"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("command", LISTS)
def test_jupyter_lists_what_the_wheel_brought(clean: Clean, command: str) -> None:
    code, expected = LISTS[command]
    said = " ".join(plain(clean.run("-c", code, "list")).split())
    assert [words for words in expected if words not in said] == []


def plain(text: str) -> str:
    """Terminal text without colours."""
    return "".join(part.partition("m")[2] if i else part for i, part in enumerate(text.split("\x1b[")))


def test_the_command_runs(clean: Clean) -> None:
    knowhub = str(clean.python.parent / "knowhub")
    version = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["version"]
    assert version in clean.run(knowhub, "--version")
    report = json.loads(clean.run(knowhub, "doctor", "--json").splitlines()[-1])
    assert report["ok"] is True
    assert json.loads(clean.run(knowhub, "course", "create", "mine", "--json"))["course"] == "mine"


def test_backends_are_found_by_their_entry_points(clean: Clean) -> None:
    code = "from knowhub_ext.backends import registry as r; print({s: r.names(s) for s in r.SEAMS})"
    assert "'transcribers': ['captions', 'faster_whisper']" in clean.run("-c", code)


@pytest.fixture
def server(clean: Clean) -> Iterator[str]:
    """Address of a JupyterLab of the clean environment, on loopback. Its own pages are the locked JupyterLab's."""
    runtime = clean.folder / "runtime"
    words = ["-m", "jupyterlab", "--no-browser", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", "--allow-root"]
    pages = Path(sysconfig.get_path("data")) / "share" / "jupyter" / "lab"
    own = {"JUPYTER_RUNTIME_DIR": str(runtime), "JUPYTER_TOKEN": TOKEN, "JUPYTERLAB_DIR": str(pages)}
    env = {**clean.env, **own}
    with (clean.folder / "server.log").open("wb") as log:
        process = subprocess.Popen([clean.python, *words], env=env, stdout=log, stderr=log, cwd=clean.folder / "home")
    try:
        yield address(runtime / f"jpserver-{process.pid}.json", process)
    finally:
        process.terminate()
        process.wait(timeout=30)


def address(path: Path, process: subprocess.Popen[bytes]) -> str:
    """Return where the server listens; it says so a moment before it does."""
    for _ in range(600):
        if path.exists() and path.stat().st_size:
            said = json.loads(path.read_text(encoding="utf-8"))
            with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", said["port"]), timeout=5):
                return str(said["url"])
        assert process.poll() is None, "the server ended at once"
        time.sleep(0.1)
    raise AssertionError("the server never listened")


def test_jupyterlab_of_the_clean_environment_serves_the_hub_and_its_elements(server: str, source: Path) -> None:
    session = json.loads(fetch(f"{server}knowhub/api/session"))
    assert session["api"] == 1
    assert session["roles"] == ["owner"]
    assert b"kh-player" in fetch(f"{server}knowhub/static/{built_names(source)['bundle']}")
    assert b'"@knowhub/jupyterlab"' in fetch(f"{server}lab"), "JupyterLab's page loads our extension"
    assert fetch(f"{server}lab/extensions/@knowhub/jupyterlab/static/style.js")


def fetch(url: str) -> bytes:
    request = urllib.request.Request(url, headers={"Authorization": f"token {TOKEN}"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=60) as response:
        body: bytes = response.read()
    return body
