"""How well the processes are shut in that open what was added: what `knowhub doctor` prints."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from knowhub_ext.backends.cage import walls
from knowhub_ext.backends.cage.outside import Task, ask
from knowhub_ext.backends.cage.tasks import Layers
from knowhub_ext.errors import KnowHubError


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The cage in use, the layers that a child found to hold, and how to get a better one.

    `tight`: other files and the network are out of reach. Limits of memory and time alone are not.
    """

    kind: str
    layers: tuple[str, ...]
    why: str
    tight: bool
    cure: str = ""


def standing() -> Standing:
    """Start a child and ask it. Raises nothing: a cage that cannot be asked is none."""
    try:
        wall = walls.current()
        layers = ask(Task(task="layers", path=Path(os.devnull), name="nothing"), Layers).names
    except KnowHubError as error:
        return Standing(kind="none", layers=(), why=error.message.rstrip("."), tight=False, cure=error.cure)
    inner = tuple(name for name in layers if name != wall.kind)
    tight = wall.kind == "bubblewrap" or {"landlock", "seccomp"} <= set(layers)
    better = "" if wall.kind == "bubblewrap" else walls.INSTALL if sys.platform.startswith("linux") else _ELSEWHERE
    return Standing(kind=wall.kind, layers=inner, why=wall.why, tight=tight, cure=better)


_ELSEWHERE = "On this system only Linux's cages are known; add files of people you trust, or run KnowHub on Linux."
