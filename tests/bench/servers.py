"""Resident memory of servers: idle, after an ingest, after the first search; an empty Jupyter server beside them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from knowhub_ext.client import KnowHub
from knowhub_ext.client.addresses import running
from knowhub_ext.domain.jobs import JobState
from knowhub_ext.errors import HubUnreachable
from tests.bench.figures import Figure, Peer, Section
from tests.bench.loading import OURS, isolated
from tests.bench.measuring import MB, ROOT, SAMPLE, Options, Unavailable, child, resident

EMPTY = "empty Jupyter server"
_LESSON = ("rag-cites.mp4", "rag-cites.vtt", "rag-cites.ipynb")
_PATIENCE_S = 90.0
_SETTLE_S = 1.0
_OVER = {state.value for state in JobState} - {JobState.QUEUED.value, JobState.RUNNING.value}


def sections(options: Options) -> list[Section]:
    """Return one section.

    Raises:
        Unavailable: the server wing is not there.
    """
    if find_spec("knowhub_ext.server") is None or find_spec("knowhub_ext.server.serve") is None:
        raise Unavailable("knowhub_ext.server is not in this checkout")
    peer = Peer(name=EMPTY, value=_empty(options.scratch) / MB)
    figures = []
    for label, module, arguments in (
        ("knowhub serve", "knowhub_ext.cli", ("serve", "--port", "0")),
        ("Jupyter server with KnowHub", "tests.bench.jupyter", (OURS,)),
    ):
        folder = options.scratch / label.replace(" ", "-")
        folder.mkdir()
        for moment, size in _moments(module, arguments, folder).items():
            figures.append(Figure(
                what=f"{label}, {moment}", value=size / MB, unit="MB", peer=peer, headline="search" not in moment
            ))
    about = "resident size; the ingest is a captioned sample lesson with video and notebook, done by a worker process"
    return [Section(title="Memory of a server", about=about, figures=figures)]


def _empty(scratch: Path) -> int:
    with child("tests.bench.jupyter", env=isolated(scratch / "empty")) as process:
        process.stdout.readline()
        return _settled(process.pid)


def _moments(module: str, arguments: tuple[str, ...], folder: Path) -> dict[str, int]:
    """Return the server's resident size in bytes at each moment of its life."""
    env = isolated(folder)
    data = Path(env["KNOWHUB_DATA"])
    with child(module, *arguments, env=env) as process, _client(process, data) as hub:
        sizes = {"idle": _settled(process.pid)}
        _ingest(data, hub, env)
        sizes["after an ingest"] = _settled(process.pid)
        hub.search("bench", "Where does the time of a citation come from?")
        sizes["after the first search"] = _settled(process.pid)
    return sizes


@contextmanager
def _client(process: subprocess.Popen[str], data: Path) -> Iterator[KnowHub]:
    """Wait until the server answers."""
    def found() -> KnowHub | None:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended: {process.stderr.read()[-2000:] if process.stderr else ''}")
        for address in running(data):
            try:
                return KnowHub(address.url, address.token)
            except HubUnreachable:
                continue
        return None

    with _until(found, "the server answers") as hub:
        yield hub


def _ingest(data: Path, hub: KnowHub, env: dict[str, str]) -> None:
    """Queue a lesson by the command line; the server has it done."""
    paths = [str(SAMPLE / name) for name in _LESSON]
    for words in (["course", "create", "bench"], ["add", "bench", *paths, "--no-wait"]):
        subprocess.run(
            [sys.executable, "-m", "knowhub_ext.cli", *words, "--data", str(data)], check=True, capture_output=True,
            cwd=ROOT, env=os.environ | env,
        )

    def done() -> bool:
        jobs = hub.jobs("bench")
        return bool(jobs) and all(job.state in _OVER for job in jobs)

    _until(done, "the jobs end")
    wrong = [job.error for job in hub.jobs("bench") if job.state != JobState.DONE.value]
    if wrong:
        raise RuntimeError(f"the ingest failed: {wrong}")


def _until(look: Callable[[], Any], what: str) -> Any:
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.2)
    raise RuntimeError(f"it took more than {_PATIENCE_S:.0f} s until {what}")


def _settled(pid: int) -> int:
    time.sleep(_SETTLE_S)
    return resident(pid)
