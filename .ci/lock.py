"""`make lock`: write `requirements.lock`, every Python package with the hashes of its files.

Keeps the versions it finds; `make lock UPGRADE=1` takes the newest. The lock names no registry, no path of this
machine and no build of one machine alone: it is resolved without the user's own configuration of extra places.
"""

from __future__ import annotations

import os
import subprocess
import sys

from base import LOCK, ROOT, VENV, child_env

OPTIONS = (
    "--all-extras", "--universal", "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links",
    "--python-version", "3.11", "--custom-compile-command", "make lock", "--quiet",
)


def main() -> int:
    """Resolve pyproject.toml with all extras, for every system and Python 3.11 or newer."""
    upgrade = ["--upgrade"] if os.environ.get("UPGRADE") else []
    env = child_env({"UV_PYTHON_DOWNLOADS": "never"})
    for name in ("UV_FIND_LINKS", "UV_INDEX", "UV_EXTRA_INDEX_URL"):
        env.pop(name, None)
    uv = str(VENV / "bin" / "uv")
    command = [uv, "pip", "compile", "pyproject.toml", *OPTIONS, *upgrade, "-o", LOCK.name]
    return subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
