"""Step 4: the interface, built by yarn from the locked packages, and the project installed with it.

Both are skipped when nothing they read has changed (by content, so a fresh checkout of the same files is no change).
"""

from __future__ import annotations

from pathlib import Path

from base import CACHE, ROOT, VENV, Stamp, digest, files_under, fresh_log, logged
from node import node_env
from packages import install_project

#: What the build reads.
FILES = ("package.json", "yarn.lock", "tsconfig.json", ".yarnrc.yml", "install.json")
FOLDERS = ("src", "style", "schema", "scripts")
#: What the build makes; when one is gone the stamp does not count.
MADE = ("knowhub_ext/labextension/package.json", "knowhub_ext/static/manifest.json")


def build_frontend() -> str | None:
    """`yarn install --immutable`, build, `pip install -e`; "kept" when all three were up to date."""
    fresh_log("frontend")
    built = build()
    installed = install_project()
    return None if built or installed else "kept"


def build() -> bool:
    """Install the locked packages and build, unless the stamps hold; True when it built."""
    stamp = Stamp(CACHE / "stamps" / "frontend", digest(inputs()))
    if stamp.holds() and all((ROOT / made).is_file() for made in MADE):
        return False
    install_node_modules()
    logged("frontend", [VENV / "bin" / "jlpm", "run", "build:prod"], node_env())
    stamp.set()
    return True


def install_node_modules() -> None:
    """`yarn install --immutable`, kept while package.json and yarn.lock stay the same."""
    stamp = Stamp(ROOT / "node_modules" / ".knowhub-stamp", digest(ROOT / name for name in FILES[:2]))
    if stamp.holds():
        return
    logged("frontend", [VENV / "bin" / "jlpm", "install", "--immutable"], node_env())
    stamp.set()


def inputs() -> list[Path]:
    """Every file the build reads: the listed ones, configuration at the top, and the sources."""
    top = sorted(ROOT.glob("*.mjs"))
    return [ROOT / name for name in FILES] + top + files_under(*(ROOT / name for name in FOLDERS))
