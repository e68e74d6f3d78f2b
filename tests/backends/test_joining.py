"""A model in parts is joined once, whole or not at all, whatever happened before."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from knowhub_ext.backends import joining
from knowhub_ext.backends.joining import Joined, joined
from knowhub_ext.backends.weights import Weights
from knowhub_ext.errors import DamagedWeights, DiskFull, MissingWeights

PARTS = (b"first half, " * 1000, b"second half" * 500)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Joined:
    """A model of two packages that can be imported from a folder of this test."""
    packages = []
    for number, part in enumerate(PARTS, 1):
        folder = tmp_path / "site" / f"knowhub_parts_{number}" / "data"
        folder.mkdir(parents=True)
        (folder.parent / "__init__.py").touch()
        files = {f"model.bin.part{number}": part} | ({"config.json": b"{}"} if number == 2 else {})
        for name, data in files.items():
            (folder / name).write_bytes(data)
        packages.append(Weights(
            name=f"parts, {number}", distribution=f"knowhub-parts-{number}", module=f"knowhub_parts_{number}",
            folder="data", files={name: digest(data) for name, data in files.items()},
        ))
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site"), *sys.path])
    return Joined(
        name="parts", packages=packages, file="model.bin", sha256=digest(b"".join(PARTS)),
        parts=[(package, f"model.bin.part{n}") for n, package in enumerate(packages, 1)],
    )


def test_the_parts_become_one_file_beside_the_rest_and_are_joined_once(model: Joined, tmp_path: Path) -> None:
    folder = joined(model, cache=tmp_path / "cache")
    assert (folder / "model.bin").read_bytes() == b"".join(PARTS)
    assert (folder / "config.json").read_bytes() == b"{}"
    assert not list(folder.glob("*.part"))
    before = (folder / "model.bin").stat().st_ino
    assert joined(model, cache=tmp_path / "cache") == folder
    assert (folder / "model.bin").stat().st_ino == before


@pytest.mark.parametrize("left", [b"", PARTS[0][:100], b"".join(PARTS)[:-1], b"rubbish", b"x" * 99_999])
def test_what_a_try_before_left_is_continued_or_thrown_away(model: Joined, tmp_path: Path, left: bytes) -> None:
    folder = tmp_path / "cache" / "models" / f"parts-{model.sha256[:12]}"
    folder.mkdir(parents=True)
    (folder / "model.bin.part").write_bytes(left)
    assert (joined(model, cache=tmp_path / "cache") / "model.bin").read_bytes() == b"".join(PARTS)


def test_a_full_disk_is_said_and_leaves_no_half_model(
    model: Joined, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=10))
    with pytest.raises(DiskFull, match="no room") as raised:
        joined(model, cache=tmp_path / "cache")
    assert "KNOWHUB_CACHE" in raised.value.cure
    assert not list((tmp_path / "cache").rglob("model.bin"))
    monkeypatch.undo()
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site"), *sys.path])
    assert joined(model, cache=tmp_path / "cache"), "control: with room it works"


def test_a_disk_that_fills_up_while_joining_is_said_too(
    model: Joined, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(DiskFull):
        joined(model, cache=tmp_path / "cache")


def test_a_part_that_is_not_the_pinned_one_is_refused(model: Joined, tmp_path: Path) -> None:
    (tmp_path / "site" / "knowhub_parts_1" / "data" / "model.bin.part1").write_bytes(b"something else")
    with pytest.raises(DamagedWeights, match=r"model\.bin\.part1"):
        joined(model, cache=tmp_path / "cache")


def test_parts_that_do_not_join_to_what_was_tested_are_refused(model: Joined, tmp_path: Path) -> None:
    with pytest.raises(DamagedWeights, match="do not join"):
        joined(replace(model, sha256="0" * 64), cache=tmp_path / "cache")


def test_a_package_that_is_not_installed_is_named(model: Joined, tmp_path: Path) -> None:
    lacking = replace(model.packages[0], module="knowhub_no_such_module", distribution="knowhub-no-such")
    absent = replace(model, packages=[lacking, model.packages[1]])
    assert "knowhub-no-such" in str(joining.missing(absent))
    with pytest.raises(MissingWeights, match="knowhub-no-such"):
        joined(absent, cache=tmp_path / "cache")
    assert joining.missing(model) is None
