"""A server of our own, where none runs on the data folder: a child on loopback that ends when nobody uses it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from knowhub_ext import errors
from knowhub_ext.client.addresses import Address, read_run_file

#: Seconds without a request after which the child ends.
IDLE_S = 600
#: Seconds it may take to be ready: it imports SQLAlchemy and may write its first tables.
READY_S = 20.0
#: Kept so that an ended child is reaped, and so that it can be told from a live one.
children: list[subprocess.Popen[bytes]] = []


def command(data: Path) -> list[str]:
    serve = ["serve", "--port", "0", "--idle", str(IDLE_S), "--data", str(data)]
    return [sys.executable, "-m", "knowhub_ext.cli", *serve]


def start(data: Path, argv: Sequence[str] | None = None, patience_s: float = READY_S) -> Address:
    """Start a server on `data` and return its address once it has written its run file.

    It outlives this process until it is idle for `IDLE_S`, so that the next kernel finds it running.

    Raises:
        HubUnreachable: it ended, or was not ready after `patience_s` seconds; the message holds its last words.
    """
    reap()
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(
            list(argv or command(data)), stdin=subprocess.DEVNULL, stdout=said, stderr=said,
            env=_environment(), start_new_session=True,
        )
        children.append(child)
        return _wait(child, data, said, patience_s)


def _wait(child: subprocess.Popen[bytes], data: Path, said: IO[bytes], patience_s: float) -> Address:
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        address = read_run_file(data / "run" / f"server-{child.pid}.json")
        if address is not None:
            return Address(url=address.url, token=address.token, found=f"started for {data}")
        if child.poll() is not None:
            raise _failed(f"A private server on {data} ended at once", said)
        time.sleep(0.05)
    child.terminate()
    raise _failed(f"A private server on {data} was not ready after {patience_s:.0f} s", said)


def _failed(what: str, said: IO[bytes]) -> errors.HubUnreachable:
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    return errors.HubUnreachable(
        f"{what}: {lines[-1]}" if lines else f"{what}.",
        cure="Run `knowhub serve` in a terminal to see why, or start JupyterLab.",
    )


def _environment() -> dict[str, str]:
    """Our environment without the address of another hub, which the child would hand on to its own children."""
    return {name: value for name, value in os.environ.items() if name not in ("KNOWHUB_API_URL", "KNOWHUB_API_TOKEN")}


def reap() -> None:
    """Forget the children that have ended."""
    children[:] = [child for child in children if child.poll() is None]
