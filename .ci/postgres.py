"""A throw-away PostgreSQL for tests: its own folder, a free port on loopback, a random password, nothing durable."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from base import StepFailed

USER = "knowhub"
#: Speed instead of safety: the folder is deleted afterwards.
SETTINGS = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "shared_buffers=64MB",
    "autovacuum=off", "max_wal_size=512MB", "listen_addresses=127.0.0.1", "timezone=UTC",
)
PATIENCE_S = 60


@contextmanager
def running(programs: Path) -> Iterator[str]:
    """Yield the address of an empty cluster, as SQLAlchemy wants it; stop it and delete its folder afterwards.

    `programs` is the folder with `initdb` and `postgres`. As root the server runs as another user, since
    PostgreSQL refuses root. Raises StepFailed with the server's log when it does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="knowhub-pg-"))
    owner = unprivileged()
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    password = secrets.token_hex(16)
    server = None
    try:
        initialise(programs, folder, password, owner)
        server, port = start(programs, folder, owner)
        yield f"postgresql+psycopg://{USER}:{password}@127.0.0.1:{port}/postgres"
    finally:
        if server:
            stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def unprivileged() -> pwd.struct_passwd | None:
    """Who runs the server when we are root: `postgres`, which Debian's package makes, else `nobody`."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise StepFailed("PostgreSQL refuses to run as root, and there is no user 'postgres' or 'nobody' to run it as.")


def identity(owner: pwd.struct_passwd | None) -> dict[str, Any]:
    """How `subprocess` starts a program as `owner`."""
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}


def initialise(programs: Path, folder: Path, password: str, owner: pwd.struct_passwd | None) -> None:
    """`initdb`: one superuser with a password, UTF-8, an ordering that is the same everywhere."""
    secret = folder / "password"
    secret.touch(mode=0o600)
    secret.write_text(password, encoding="utf-8")
    if owner:
        os.chown(secret, owner.pw_uid, owner.pw_gid)
    command: list[str | Path] = [
        programs / "initdb", "-D", folder / "data", "-U", USER, f"--pwfile={secret}", "-A", "scram-sha-256",
        "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **identity(owner))
    if done.returncode:
        raise StepFailed(f"initdb ended with status {done.returncode}:\n{done.stdout}{done.stderr}")


def start(programs: Path, folder: Path, owner: pwd.struct_passwd | None) -> tuple[subprocess.Popen[bytes], int]:
    """Start the server; another port is tried when somebody was quicker at taking the free one."""
    for _ in range(3):
        port = free_port()
        options = [word for setting in SETTINGS for word in ("-c", setting)]
        command: list[str | Path] = [programs / "postgres", "-D", folder / "data", "-p", str(port), "-k", folder]
        with (folder / "log").open("wb") as log:
            # a session of its own: Ctrl-C reaches the tests first, and we stop the server after them
            server = subprocess.Popen(
                [*command, *options], cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, **identity(owner),
            )
        if answers(programs, server, port):
            return server, port
        stop(server)
    raise StepFailed(f"PostgreSQL did not start:\n{(folder / 'log').read_text(encoding='utf-8', errors='replace')}")


def free_port() -> int:
    """A port of loopback that nobody holds right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(programs: Path, server: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until the server takes connections; False when it ended or took too long."""
    ready: list[str | Path] = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and server.poll() is None:
        if not subprocess.run(ready, check=False).returncode:
            return True
        time.sleep(0.05)
    return False


def stop(server: subprocess.Popen[bytes]) -> None:
    """A fast shutdown; then an immediate one."""
    for signal_number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is None:
            server.send_signal(signal_number)
            try:
                server.wait(timeout=15)
            except subprocess.TimeoutExpired:
                continue
