"""Steps 1 and 2: the virtual environment and the Python packages of the hashed lock.

Works without `ensurepip`, without pip and without the network names of any registry: pip comes from the wheel in
`.ci/vendor` (its SHA-256 is checked), packages come from wherever the user's pip is configured to look.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from base import (
    CACHE,
    LOCK,
    LOGS,
    PYTHON,
    ROOT,
    VENV,
    Stamp,
    StepFailed,
    child_env,
    digest,
    files_under,
    fresh_log,
    logged,
)

PIP_WHEEL = ROOT / ".ci" / "vendor" / "pip-26.3-py3-none-any.whl"
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
OLDEST = (3, 11)
STAMPS = VENV / ".stamps"
#: What an editable install copies or generates; a change of any of these means installing again.
PROJECT_FILES = ("pyproject.toml", "package.json", "install.json", "README.md", "LICENSE")
PROJECT_FOLDERS = ("jupyter-config", "kernels", "knowhub_ext/labextension")
#: pip's option -> the variable with which uv is told the same.
UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "proxy": "ALL_PROXY",
}


def make_venv() -> str:
    """Make `.venv` with a pip inside, or keep the one that is there and works.

    Raises StepFailed when this Python is too old.
    """
    fresh_log("venv")
    if works():
        return f"kept, Python {version_of(PYTHON)}"
    if sys.version_info < OLDEST:
        raise StepFailed(
            f"Python {sys.version.split()[0]} is too old: KnowHub needs {OLDEST[0]}.{OLDEST[1]} or newer. "
            f"Name a newer one: make PYTHON=/path/to/python3.{OLDEST[1]} run"
        )
    if os.environ.get("KNOWHUB_VENV"):
        # somebody else's environment is never cleared
        raise StepFailed(f"KNOWHUB_VENV={VENV} is no working environment with Python and pip; make it first.")
    logged("venv", [base_python(), "-m", "venv", "--without-pip", "--clear", VENV], dict(os.environ))
    install_pip()
    return f"Python {version_of(PYTHON)}"


def base_python() -> str:
    """The Python outside any environment: this one may stand in the very environment that is being made again."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def works() -> bool:
    """True when the environment's Python runs, is new enough, has pip, and was made at this very place."""
    if not PYTHON.exists():
        return False
    probe = "import sys, json, pip; print(json.dumps([sys.version_info[:2], sys.prefix]))"
    done = subprocess.run([PYTHON, "-c", probe], capture_output=True, text=True, check=False, env=child_env())
    if done.returncode:
        return False
    version, prefix = json.loads(done.stdout)
    moved = Path(prefix).resolve() != VENV.resolve() or not scripts_point_here()
    return tuple(version) >= OLDEST and not moved


def scripts_point_here() -> bool:
    """False after the checkout was moved or copied: the commands in `bin` would start the old place's Python."""
    script = VENV / "bin" / "pip"
    if not script.is_file():
        return True
    with script.open("rb") as handle:
        first = handle.readline(4096).decode(errors="replace")
    return not first.startswith("#!/") or str(VENV) in first or str(VENV.resolve()) in first


def version_of(python: Path) -> str:
    """`3.11.2`."""
    return subprocess.run(
        [python, "-c", "import platform; print(platform.python_version())"],
        capture_output=True, text=True, check=True, env=child_env(),
    ).stdout.strip()


def install_pip() -> None:
    """Install pip from the wheel in `.ci/vendor`: a wheel is an archive Python can run.

    One way for every system, with or without `ensurepip`, so that the way Debian needs is the way everybody tests.
    Raises StepFailed when the wheel is not the one that was reviewed.
    """
    found = hashlib.sha256(PIP_WHEEL.read_bytes()).hexdigest()
    if found != PIP_SHA256:
        raise StepFailed(
            f"{PIP_WHEEL} has SHA-256 {found}, not {PIP_SHA256}. "
            f"Restore it: git checkout -- {PIP_WHEEL.relative_to(ROOT)}"
        )
    logged("venv", [PYTHON, f"{PIP_WHEEL}/pip", "install", "--no-index", "--no-deps", PIP_WHEEL])


def install_packages() -> str | None:
    """Install what the lock lists; keep what is there when the lock did not change."""
    fresh_log("packages")
    stamp = Stamp(STAMPS / "lock", digest([LOCK], str(VENV), version_of(PYTHON)))
    if stamp.holds():
        return "kept"
    install_lock()
    stamp.set()
    (STAMPS / "project").unlink(missing_ok=True)
    return None


def install_project() -> bool:
    """The checkout itself, editable, when something it copies changed; True when it was installed.

    Asks no registry: what builds it is in the lock. The built extension has to be there already.
    """
    copied = [ROOT / name for name in PROJECT_FILES] + files_under(*(ROOT / name for name in PROJECT_FOLDERS))
    stamp = Stamp(STAMPS / "project", digest(copied, str(ROOT), str(VENV)))
    if stamp.holds():
        return False
    options = ["--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT)]
    # the hook would build the extension again: the frontend step did that
    logged("frontend", [PYTHON, "-m", "pip", "install", *options], child_env({"SKIP_JUPYTER_BUILDER": "1"}))
    stamp.set()
    return True


def install_lock() -> None:
    """Everything in the lock, each file checked against its hash; by uv (twelve times faster), else by pip."""
    try:
        logged("packages", [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-deps", "-r", uv_only()])
        uv_install("--require-hashes", "-r", str(LOCK))
    except StepFailed as error:
        print(" (uv could not; pip installs, a minute)", end="", flush=True)
        with (LOGS / "packages.log").open("a", encoding="utf-8") as log:
            log.write(f"uv could not install the lock, so pip does: {error}\n")
        logged("packages", [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-deps", "-r", LOCK])


def uv_install(*options: str) -> None:
    """`uv pip install` into the environment, looking where the user's pip would look."""
    command = [str(VENV / "bin" / "uv"), "pip", "install", "--python", str(PYTHON), "--no-deps"]
    logged("packages", [*command, *options], child_env(uv_settings()))


def uv_only() -> Path:
    """A lock with uv alone, cut from the whole one, hashes and all."""
    found = re.search(r"^uv==.*?(?=^\S|\Z)", LOCK.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    if not found:
        raise StepFailed(f"{LOCK} names no uv")
    path = CACHE / "uv.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(found.group(), encoding="utf-8")
    return path


def uv_settings() -> dict[str, str]:
    """The user's pip configuration (files and PIP_… variables) in uv's words; uv's own variables win.

    With every file pinned by hash it does not matter which index serves it, hence the index strategy.
    """
    listing = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False, env=child_env()
    ).stdout
    settings = {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_LINK_MODE": os.environ.get("UV_LINK_MODE", "")}
    # what comes later overrides: files, then what they say for `pip install`, then PIP_… variables
    for line in sorted(listing.splitlines(), key=lambda line: (line.startswith(":env:"), line.startswith("install."))):
        name, _, value = line.partition("=")
        variable = UV_NAMES.get(name.rpartition(".")[2])
        if variable and variable not in os.environ:
            words = value.strip().strip("'\"").replace("\\n", " ").split()
            settings[variable] = ",".join(words) if variable == "UV_FIND_LINKS" else " ".join(words)
    return {name: value for name, value in settings.items() if value}
