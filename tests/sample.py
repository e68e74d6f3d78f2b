"""The sample course, transcribed by the command a person would type, once for every suite that needs it.

What came out is kept below `.cache/tests/`, under a key made of everything it depends on: the course's files, the code
that reads them and the locked packages. A suite gets a copy, so that no test sees another's data.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
COURSE = ROOT / "notebooks" / "fullstack"
CACHE = ROOT / ".cache" / "tests"
#: What decides about the data, beside the course itself.
CODE = ("errors.py", "ports.py", "config.py", "hub", "domain", "store", "backends", "services")


def sample_data(target: Path) -> Path:
    """Copy the ingested sample course into the data folder `target`, ingesting it first where nobody has yet."""
    kept = CACHE / f"sample-{key()}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "sample.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            shutil.rmtree(CACHE / "making", ignore_errors=True)
            ingest(CACHE / "making")
            for old in CACHE.glob("sample-*"):
                shutil.rmtree(old)
            (CACHE / "making").rename(kept)
        shutil.copytree(kept, target)
    return target


def ingest(data: Path, course: Path = COURSE) -> None:
    """`knowhub course import`, with real speech recognition."""
    command = ["course", "import", str(course), "--data", str(data), "--wait"]
    environment = os.environ | {"KNOWHUB_CHAT_MODEL": "quote"}
    run = subprocess.run(
        [sys.executable, "-m", "knowhub_ext.cli", *command], capture_output=True, text=True, env=environment,
        stdin=subprocess.DEVNULL, check=False,
    )
    assert run.returncode == 0, run.stderr


def key() -> str:
    """Name everything that the ingested course depends on."""
    digest = hashlib.sha256(str(COURSE).encode())
    for file in sorted({ROOT / "requirements.lock", *course_files(), *code_files()}):
        digest.update(f"\0{file.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def course_files() -> Iterator[Path]:
    plan = COURSE / "course.yml"
    yield plan
    for lesson in yaml.safe_load(plan.read_text(encoding="utf-8"))["lessons"]:
        yield from (COURSE / name for name in lesson["files"])


def code_files() -> Iterator[Path]:
    for name in CODE:
        path = ROOT / "knowhub_ext" / name
        yield from path.rglob("*.py") if path.is_dir() else [path]
