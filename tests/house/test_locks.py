"""The lock says what pyproject.toml says, every file in it is pinned by hash, and nothing names a registry."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import tomllib
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
#: Written in halves, so that this file does not name them either.
REGISTRIES = tuple(
    f"{name}.{end}"
    for name, end in [
        ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("yarnpkg", "com"),
        ("deb.debian", "org"), ("security.debian", "org"), ("snapshot.debian", "org"), ("anaconda", "org"),
    ]
)  # fmt: skip


def locked() -> dict[str, list[tuple[Requirement, str]]]:
    """Package name -> its entries (a package may have one a Python version), each with the text of its hashes."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries: dict[str, list[tuple[Requirement, str]]] = {}
    for head, hashes in re.findall(r"^([^\s#].*?) \\\n((?:    --hash=.*\n)+)", text, re.MULTILINE):
        requirement = Requirement(head)
        entries.setdefault(canonicalize_name(requirement.name), []).append((requirement, hashes))
    return entries


def wanted() -> list[Requirement]:
    """Everything pyproject.toml asks for, extras included, the project itself left out."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    requirements = [Requirement(line) for line in lines]
    return [r for r in requirements if canonicalize_name(r.name) != canonicalize_name(project["name"])]


@pytest.mark.parametrize("requirement", wanted(), ids=str)
def test_the_lock_satisfies_what_pyproject_asks_for(requirement: Requirement) -> None:
    found = locked().get(canonicalize_name(requirement.name))
    assert found, f"{requirement.name} is not in requirements.lock; run: make lock"
    for entry, _ in found:
        (pin,) = entry.specifier
        fits = requirement.specifier.contains(pin.version, prereleases=True)
        assert fits, f"{entry} is not {requirement}; run: make lock"


def test_every_entry_is_one_exact_version_with_a_hash() -> None:
    entries = [entry for found in locked().values() for entry in found]
    assert len(entries) > 100
    for requirement, hashes in entries:
        (pin,) = requirement.specifier
        assert pin.operator == "==", requirement
        assert requirement.url is None, requirement
        assert "+" not in pin.version, f"{requirement} is a build of one machine or index"
        assert re.findall(r"--hash=sha256:[0-9a-f]{64}\b", hashes), requirement


def test_no_line_of_the_lock_is_lost_by_the_reader_of_this_test() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(pins) == sum(len(found) for found in locked().values())
    assert not [line for line in pins if line.startswith("-")], "an option such as --index-url is in the lock"


def test_no_file_names_a_registry() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    texts = {name: read(ROOT / name) for name in listed.split("\0") if name}
    assert "requirements.lock" in texts
    host = re.compile(rf"\b({'|'.join(map(re.escape, REGISTRIES))})\b")
    assert not [f"{name}: {found.group()}" for name, text in texts.items() for found in host.finditer(text)]


def read(path: Path) -> str:
    """The text of a file; nothing of one that is not text or not there."""
    try:
        return path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
        return ""
