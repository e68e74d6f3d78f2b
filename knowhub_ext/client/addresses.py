"""Where a hub is: given, named by the environment, running on the same data folder, or started for us.

Tokens are read here and go nowhere but the Authorization header: no repr, no message, no log shows one.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from knowhub_ext import errors

API_PATH = "/knowhub/api"


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """A hub's API address and the token for it. `found`: how we came by it, for people to read."""

    url: str
    token: str = field(default="", repr=False)
    found: str


def api_url(url: str) -> str:
    """Return the API address for whatever address of the hub's server was given, without credentials in it.

    `http://localhost:8888`, `…/lab`, `…/knowhub` and `…/knowhub/api/` all mean the same hub.

    Raises:
        HubUnreachable: this is not an http address.
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise errors.HubUnreachable(f"{url.split('?')[0]!r} is not the address of a hub: it must start with http://.")
    base = parts.path.rstrip("/").removesuffix("/api").removesuffix("/knowhub").removesuffix("/lab").rstrip("/")
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], base + API_PATH, "", ""))


def given(url: str | None, token: str | None, environ: Mapping[str, str]) -> Address | None:
    """Return the address named by arguments, with the environment's token only where it is the same hub's."""
    if url is None:
        return None
    ours = "KNOWHUB_API_URL" in environ and api_url(environ["KNOWHUB_API_URL"]) == api_url(url)
    return Address(
        url=api_url(url), token=token or (environ.get("KNOWHUB_API_TOKEN", "") if ours else ""), found="as given"
    )


def from_environment(environ: Mapping[str, str], token: str | None = None) -> Address | None:
    """Return the address a Jupyter server with KnowHub gave to its kernels and children."""
    if not environ.get("KNOWHUB_API_URL"):
        return None
    return Address(
        url=api_url(environ["KNOWHUB_API_URL"]), token=token or environ.get("KNOWHUB_API_TOKEN", ""),
        found="from KNOWHUB_API_URL",
    )


def data_folder(data: str | os.PathLike[str] | None, environ: Mapping[str, str]) -> Path:
    """Return the data folder: the argument, `KNOWHUB_DATA`, or `knowhub` in Jupyter's data folder."""
    if data is not None or environ.get("KNOWHUB_DATA"):
        return Path(data if data is not None else environ["KNOWHUB_DATA"]).expanduser().resolve()
    from jupyter_core.paths import jupyter_data_dir  # costs a kernel nothing where a server gave the address

    return Path(jupyter_data_dir()) / "knowhub"


def running(data: Path) -> Iterator[Address]:
    """Yield the addresses of live servers of that data folder, the newest first. They may still not answer."""
    files = sorted(data.glob("run/server-*.json"), key=_age)
    for file in files:
        address = read_run_file(file)
        if address is not None:
            yield address


def read_run_file(file: Path) -> Address | None:
    """Return what a server wrote about itself; None where it is gone, or others than its owner could write there."""
    try:
        if not _private(file):
            return None
        data = json.loads(file.read_text(encoding="utf-8"))
        if not _alive(int(data["pid"])):
            return None
        return Address(url=api_url(data["url"]), token=data["token"], found=f"running on {file.parent.parent}")
    except (OSError, ValueError, KeyError, TypeError, errors.HubUnreachable):
        return None  # half written, or by another version: as good as no server


def _age(file: Path) -> float:
    try:
        return -file.stat().st_mtime
    except OSError:
        return 0.0


def _private(file: Path) -> bool:
    """A run file names where our token goes: one that another user may write could send it elsewhere."""
    status = file.stat()
    if os.name != "posix":
        return True
    return status.st_uid == os.geteuid() and not stat.S_IMODE(status.st_mode) & 0o077


def _alive(pid: int) -> bool:
    if os.name != "posix":
        return True  # signal 0 would end the process there; whether it answers is asked anyway
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
