"""What every step of `make` shares: places, one way to run a program, and stamps.

Standard library only: these files run on a bare Python, before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: The environment everything is installed into. `KNOWHUB_VENV` names one that exists already (Binder does that).
VENV = Path(os.environ.get("KNOWHUB_VENV") or ROOT / ".venv").absolute()
PYTHON = VENV / "bin" / "python"
CACHE = ROOT / ".cache"
LOGS = CACHE / "logs"
LOCK = ROOT / "requirements.lock"
#: Where a try-out keeps its courses: beside the code, so that it leaves nothing in the home folder.
DATA = Path(os.environ.get("KNOWHUB_DATA") or ROOT / ".knowhub").absolute()
TAIL_LINES = 40


class StepFailed(Exception):
    """A step could not finish; the message is what a person should read."""


def child_env(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for programs of the project: the venv first on PATH, its data folder, no Python leftovers."""
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")}
    env["PATH"] = os.pathsep.join([str(VENV / "bin"), env.get("PATH", os.defpath)])
    env["VIRTUAL_ENV"] = str(VENV)
    env["KNOWHUB_DATA"] = str(DATA)
    env.setdefault("PYTHONUNBUFFERED", "1")
    return {**env, **(extra or {})}


def logged(name: str, command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> None:
    """Run `command` in the checkout with its output in `.cache/logs/NAME.log`.

    Raises StepFailed with the end of that log, so that nobody has to go and look for it.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name}.log"
    words = [str(word) for word in command]
    with log.open("a", encoding="utf-8") as out:
        out.write(f"$ {shlex.join(words)}\n")
        out.flush()
        status = subprocess.run(
            words, cwd=ROOT, env=env or child_env(), stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False
        ).returncode
    if status:
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-TAIL_LINES:])
        raise StepFailed(f"{shlex.join(words)}\nended with status {status}. The end of {log}:\n{tail}")


def fresh_log(name: str) -> None:
    """Forget what an earlier run wrote to `.cache/logs/NAME.log`."""
    (LOGS / f"{name}.log").unlink(missing_ok=True)


def files_under(*folders: Path) -> list[Path]:
    """Every file below the folders that exist, in a stable order."""
    return sorted(path for folder in folders if folder.is_dir() for path in folder.rglob("*") if path.is_file())


def digest(paths: Iterable[Path], *extra: str) -> str:
    """A SHA-256 over names and bytes of `paths` and over `extra`; a missing file counts as missing, not as an error."""
    total = hashlib.sha256()
    for path in paths:
        total.update(str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path).encode())
        total.update(hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"missing")
    for word in extra:
        total.update(word.encode() + b"\0")
    return total.hexdigest()


class Stamp:
    """Remembers for which inputs a step was last finished; kept beside what the step made."""

    def __init__(self, path: Path, inputs: str) -> None:
        self.path = path
        self.inputs = inputs

    def holds(self) -> bool:
        """True when the step finished for exactly these inputs."""
        return self.path.is_file() and self.path.read_text(encoding="utf-8").strip() == self.inputs

    def set(self) -> None:
        """Note that the step finished for these inputs."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.inputs + "\n", encoding="utf-8")
