"""Programs that tests need from the system: found, or installed with apt where that is allowed.

With `CI=true` a missing program fails the run. Elsewhere, what cannot be installed is skipped, loudly.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from glob import glob
from pathlib import Path

from base import StepFailed

LOUD = "!" * 100
POSTGRES_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")


def postgres_bin() -> Path | None:
    """The folder with `initdb` and `postgres`: on PATH, or where distributions hide it (newest version)."""
    on_path = shutil.which("initdb")
    if on_path and (Path(on_path).resolve().parent / "postgres").exists():
        return Path(on_path).resolve().parent
    places = [Path(found) for pattern in POSTGRES_PLACES for found in glob(pattern)]
    usable = [place for place in places if (place / "initdb").exists()]
    return max(usable, key=lambda place: [int(n) for n in place.parent.name.split(".") if n.isdigit()], default=None)


def chromium() -> Path | None:
    """A Chromium that plays H.264: the one of `KNOWHUB_TEST_CHROMIUM`, or on PATH."""
    named = os.environ.get("KNOWHUB_TEST_CHROMIUM")
    if named:
        return Path(named)
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name)
        if found:
            return Path(found)
    return None


def bubblewrap() -> bool:
    """Whether bubblewrap is installed; whether it can start here, the tests find out."""
    return shutil.which("bwrap") is not None


def espeak() -> bool:
    """Whether there is a synthesiser that speaks the languages of the tests."""
    return shutil.which("espeak-ng") is not None


def install(*packages: str) -> bool:
    """`apt-get install` as root or through a passwordless sudo; False where neither works."""
    prefix = as_root()
    if prefix is None or not shutil.which("apt-get"):
        return False
    print(f"Installing {', '.join(packages)} with apt-get …", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    wanted = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120", *packages]
    for command in (["apt-get", "update", "-q"], wanted):
        if subprocess.run([*prefix, *command], env=env, stdin=subprocess.DEVNULL, check=False).returncode:
            print(f"{' '.join(command)} failed.", file=sys.stderr, flush=True)
    return True


def as_root() -> list[str] | None:
    """The words before a command that make it run as root, or None when there is no way."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and not subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode:
        return ["sudo", "-n"]
    return None


def missing(what: str, packages: str) -> None:
    """Say what is left out for want of `what`; with CI=true raise StepFailed instead."""
    cure = f"Install it: apt-get install {packages}"
    if os.environ.get("CI") == "true":
        raise StepFailed(f"{what} is missing and could not be installed, and nothing is skipped with CI=true. {cure}")
    print(f"\n{LOUD}\n!! {what} is missing and could not be installed: its tests are SKIPPED.\n!! {cure}\n{LOUD}\n",
          file=sys.stderr, flush=True)
