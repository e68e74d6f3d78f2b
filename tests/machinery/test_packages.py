"""Setting up the environment: on a Python without pip, for the user's own registry, again only when needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import base
import packages
import pytest


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The environment is a folder of this test, and so are the logs."""
    for module in (base, packages):
        monkeypatch.setattr(module, "VENV", tmp_path / "venv")
        monkeypatch.setattr(module, "PYTHON", tmp_path / "venv" / "bin" / "python")
        monkeypatch.setattr(module, "LOGS", tmp_path / "logs")
    for name in ("KNOWHUB_VENV", "PIP_INDEX_URL", "PIP_FIND_LINKS", "UV_DEFAULT_INDEX", "UV_FIND_LINKS", "UV_INDEX"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_pip_arrives_without_ensurepip_and_without_a_network(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/nothing-listens-here")
    assert packages.make_venv().startswith("Python 3.")
    done = subprocess.run([packages.PYTHON, "-m", "pip", "--version"], capture_output=True, text=True, check=True)
    assert packages.PIP_WHEEL.name.split("-")[1] in done.stdout
    assert packages.make_venv().startswith("kept")


def test_an_environment_that_was_moved_is_made_again(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packages.make_venv()
    moved = elsewhere / "moved"
    (elsewhere / "venv").rename(moved)
    monkeypatch.setattr(packages, "VENV", moved)
    monkeypatch.setattr(packages, "PYTHON", moved / "bin" / "python")
    assert not packages.works()


def test_an_environment_of_somebody_else_is_never_cleared(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = elsewhere / "venv" / "precious"
    kept.parent.mkdir()
    kept.touch()
    monkeypatch.setenv("KNOWHUB_VENV", str(elsewhere / "venv"))
    with pytest.raises(base.StepFailed, match="KNOWHUB_VENV"):
        packages.make_venv()
    assert kept.exists()


def test_a_pip_that_was_tampered_with_is_refused(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = elsewhere / packages.PIP_WHEEL.name
    wheel.write_bytes(packages.PIP_WHEEL.read_bytes() + b"\0")
    monkeypatch.setattr(packages, "PIP_WHEEL", wheel)
    monkeypatch.setattr(packages, "ROOT", elsewhere)
    with pytest.raises(base.StepFailed, match="git checkout"):
        packages.install_pip()


def test_the_users_pip_configuration_reaches_uv(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "pip.conf"
    config.write_text(
        "[global]\nindex-url = https://file.example/simple\ntrusted-host = file.example\n"
        "find-links =\n    /one\n    /two\n[install]\nextra-index-url = https://more.example/a https://more.example/b\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(packages, "PYTHON", Path(sys.executable))
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    for name in ("PIP_FIND_LINKS", "UV_DEFAULT_INDEX", "UV_FIND_LINKS", "UV_INDEX", "UV_INSECURE_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "https://variable.example/simple")
    settings = packages.uv_settings()
    assert settings["UV_DEFAULT_INDEX"] == "https://variable.example/simple"
    assert settings["UV_INSECURE_HOST"] == "file.example"
    assert settings["UV_FIND_LINKS"].split(",")[-2:] == ["/one", "/two"]
    assert settings["UV_INDEX"] == "https://more.example/a https://more.example/b"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://uv.example/simple")
    assert "UV_DEFAULT_INDEX" not in packages.uv_settings()


def test_a_stamp_holds_for_the_same_bytes_only(tmp_path: Path) -> None:
    source = tmp_path / "lock"
    source.write_text("a==1\n", encoding="utf-8")
    base.Stamp(tmp_path / "stamp", base.digest([source])).set()
    assert base.Stamp(tmp_path / "stamp", base.digest([source])).holds()
    source.write_text("a==2\n", encoding="utf-8")
    assert not base.Stamp(tmp_path / "stamp", base.digest([source])).holds()
    source.unlink()
    assert not base.Stamp(tmp_path / "stamp", base.digest([source])).holds()


def test_uv_is_cut_from_the_lock_with_its_hashes(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "CACHE", elsewhere)
    text = packages.uv_only().read_text(encoding="utf-8")
    assert text.startswith("uv==")
    assert text.count("==") == 1
    assert "--hash=sha256:" in text
