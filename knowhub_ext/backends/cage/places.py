"""What a child has to read besides its one file: Python, its packages and this one. No home, no checkout, no data."""

from __future__ import annotations

import importlib.util
import os
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

#: The name of this package, without importing it: it stands above us.
_PACKAGE = __name__.partition(".")[0]
_SYSTEM = ("/usr", "/usr/local")
_LIBRARIES = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/etc/localtime", "/nix/store", "/gnu/store",
)


def interpreter() -> str:
    """Return the Python that runs the child: the one below any virtual environment, links followed."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def packages() -> list[str]:
    """Return the folders of installed packages, in the order in which they are searched."""
    named = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    found = [p for p in sys.path if os.path.basename(p) in ("site-packages", "dist-packages")]
    return [p for p in dict.fromkeys([*found, *named]) if p and os.path.isdir(p)]


def homes(modules: Sequence[str]) -> dict[str, str]:
    """Return where this package and `modules` lie outside those folders: path of each top-level package → its folder.

    A package under development lies in somebody's checkout. Of that the child gets the package alone.
    """
    found: dict[str, str] = {}
    for top in dict.fromkeys(name.partition(".")[0] for name in (_PACKAGE, *modules)):
        for place in _of(top):
            if not any(place.is_relative_to(folder) for folder in packages()):
                found[str(place)] = str(place.parent)
    return found


def _of(top: str) -> list[Path]:
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return []
    if spec is None:
        return []
    if spec.submodule_search_locations:
        return [Path(place).absolute() for place in spec.submodule_search_locations]
    return [Path(spec.origin).absolute()] if spec.origin and os.path.isfile(spec.origin) else []


def readable(modules: Sequence[str]) -> list[str]:
    """Return all files and folders that the child may read besides its input, the shorter before the longer."""
    prefixes = {os.path.realpath(sys.base_prefix), os.path.realpath(sys.base_exec_prefix)}
    own = [p for p in prefixes if p not in _SYSTEM and p != "/"]
    system = [f"{p}/{lib}" for p in prefixes if p in _SYSTEM for lib in ("lib", "lib64")]
    found = [*_LIBRARIES, *own, *system, interpreter(), *packages(), *homes(modules)]
    return sorted(p for p in dict.fromkeys(found) if os.path.exists(p))


def search_path(modules: Sequence[str]) -> list[str]:
    """Return what the child appends to Python's own path."""
    return [*packages(), *dict.fromkeys(homes(modules).values())]
