"""Which cage this process uses: bubblewrap where it can really start, the kernel's own limits elsewhere, and why.

Chosen once per process, since the callers of `audio` and `probing` have nothing to say about it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from knowhub_ext.backends.cage import places
from knowhub_ext.backends.cage.limits import SCRATCH_BYTES
from knowhub_ext.errors import InvalidSetting, MissingCage

KINDS = ("auto", "bubblewrap", "limits")
#: Where the one file lies inside bubblewrap.
INPUT = "/input"
INSTALL = "Install bubblewrap (`apt install bubblewrap`, `dnf install bubblewrap`)."
_ENVIRONMENT = {"LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wall:
    """One kind of cage: `bubblewrap`, `limits`, or `bare`, a child without any, for tests that need the difference."""

    kind: str
    why: str = ""
    program: str = ""


#: For controls of tests alone; no setting leads here.
BARE = Wall(kind="bare", why="no cage at all")

_lock = threading.Lock()
_wanted = "auto"
_chosen: Wall | None = None


def use(setting: str) -> None:
    """Choose by the setting `auto`, `bubblewrap` or `limits`; what `auto` means is found out when it is needed.

    Raises:
        InvalidSetting: it is none of these.
        MissingCage: bubblewrap is asked for and cannot start here.
    """
    global _wanted, _chosen
    if setting not in KINDS:
        raise InvalidSetting(f"There is no cage '{setting}'; there are: {', '.join(KINDS)}.")
    with _lock:
        if setting != _wanted:
            _wanted, _chosen = setting, None
    if setting == "bubblewrap":
        current()


def current() -> Wall:
    """Return the cage in use.

    Raises:
        MissingCage: as `use`.
    """
    global _chosen
    with _lock:
        if _chosen is None:
            _chosen = _choose(_wanted)
        return _chosen


@contextmanager
def using(wall: Wall) -> Iterator[Wall]:
    """Use another cage inside the block, for tests."""
    global _chosen
    with _lock:
        before, _chosen = _chosen, wall
    try:
        yield wall
    finally:
        with _lock:
            _chosen = before


def _choose(wanted: str) -> Wall:
    if wanted == "limits":
        return Wall(kind="limits", why="it is set in the configuration")
    program = shutil.which("bwrap") if sys.platform.startswith("linux") else None
    trouble = "bubblewrap is not installed" if program is None else _trouble(program)
    if not trouble:
        return Wall(kind="bubblewrap", program=program or "", why="it starts here")
    if wanted == "bubblewrap":
        raise MissingCage(f"The cage `bubblewrap` is asked for, but {trouble}.")
    return Wall(kind="limits", why=trouble)


def _trouble(program: str) -> str:
    """Return why a Python does not start under bubblewrap on this machine, or nothing: only a real start tells."""
    wall = Wall(kind="bubblewrap", program=program)
    command = command_line(wall, os.devnull, (), code="print('inside')")
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL, timeout=60,
            check=False, env=environment(),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bubblewrap does not start: {error}"
    if done.stdout.strip() == "inside":
        return ""
    said = (done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"])[-1]
    return f"bubblewrap cannot start here: {said.removeprefix('bwrap: ').rstrip('.')}"


def environment() -> Mapping[str, str]:
    """Return the whole environment of a child."""
    found = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}
    return _ENVIRONMENT | found  # without the first, Pythons of some build services do not find their own library


def command_line(wall: Wall, path: str, modules: Sequence[str], *, code: str) -> list[str]:
    """Return the command that runs Python `code` in a cage with the file at `path` and these modules in reach."""
    start = f"import sys; sys.path += {places.search_path(modules)!r}; {code}"
    python = [places.interpreter(), "-I", "-S", "-B", "-X", "utf8", "-c", start]
    return [*_bubblewrap(wall, path, modules), *python] if wall.kind == "bubblewrap" else python


def _bubblewrap(wall: Wall, path: str, modules: Sequence[str]) -> list[str]:
    words = [
        wall.program, "--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
        "--uid", "65534", "--gid", "65534", "--clearenv", "--size", str(SCRATCH_BYTES), "--tmpfs", "/tmp",
        "--dev-bind", "/dev/null", "/dev/null", "--dev-bind", "/dev/urandom", "/dev/urandom",
    ]
    for name, value in environment().items():
        words += ["--setenv", name, value]
    for place in places.readable(modules):
        if os.path.islink(place):
            words += ["--symlink", os.readlink(place), place]
        else:
            words += ["--ro-bind", place, place]
    return [*words, "--ro-bind", path, INPUT, "--chdir", "/", "--"]
