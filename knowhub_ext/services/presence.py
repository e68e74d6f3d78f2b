"""Who works here: names of worker processes, and whether the process behind a name of this machine still lives.

Only the very system that a name was made on can tell: another container of the same host name numbers its processes
apart. Of all others, and where the system does not say, nobody is called dead; their leases run out.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from pathlib import Path
from zlib import crc32

from knowhub_ext.domain.ids import new_id

_PROC = Path("/proc")


def machine() -> str:
    """Return this system's name: host, and since when and in which process space it runs; ends with a colon."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        place = f"{crc32((boot + os.readlink(_PROC / 'self/ns/pid')).encode()):08x}"
    except OSError:
        place = "0"
    return f"{socket.gethostname()}:{place}:"


def worker_name() -> str:
    """Return a new name for a worker of this process."""
    pid = os.getpid()
    return f"{machine()}{pid}:{_born(pid) or 0}:{new_id()[-6:]}"


def dead(names: Iterable[str]) -> set[str]:
    """Return those of the names whose process was on this system and is gone."""
    here = machine()
    return {name for name in names if name.startswith(here) and _gone(name.removeprefix(here))}


def _gone(rest: str) -> bool:
    """Tell whether the process of `pid:born:…` is gone; a number that another process got meanwhile is no life sign."""
    pid, born = (int(part) if part.isdigit() else 0 for part in (*rest.split(":"), "", "")[:2])
    if not pid or not born:
        return False
    now = _born(pid)
    return not _exists(pid) if now is None else now != born


def _born(pid: int) -> int | None:
    """Return when a process began, in ticks since the system did, 0 for what remains of one; None: it is not shown."""
    try:
        row = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    fields = row[row.rindex(")") + 2 :].split()  # a name may hold spaces and brackets; man 5 proc, fields 3 and 22
    return 0 if fields[0] in ("Z", "X") else int(fields[19])


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True
