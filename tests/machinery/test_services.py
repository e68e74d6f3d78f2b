"""The throw-away services: really up while the command runs, really gone afterwards, never skipped in CI."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import apt
import base
import open_lab
import pytest
import sample
import services

SERVICES = Path(services.__file__)
ASK = (
    "import os, sqlalchemy as s; e = s.create_engine(os.environ['KNOWHUB_TEST_PG']);"
    "print(os.environ['KNOWHUB_TEST_PG'], e.connect().scalar(s.text('select 6 * 7')))"
)


@pytest.mark.postgres
def test_postgres_is_up_for_the_command_and_gone_after_it() -> None:
    if not apt.postgres_bin():
        pytest.skip("PostgreSQL is not installed: make unit installs it where it may")
    env = {name: value for name, value in os.environ.items() if name != "KNOWHUB_TEST_PG"}
    command = [sys.executable, SERVICES, "--postgres", "--", sys.executable, "-c", ASK]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 0, done.stderr
    address, answer = done.stdout.split()
    assert answer == "42"
    (port,) = re.findall(r"@127\.0\.0\.1:(\d+)/", address)
    gone = subprocess.run(
        [sys.executable, "-c", f"import socket; socket.create_connection(('127.0.0.1', {port}))"],
        capture_output=True, check=False,
    )  # fmt: skip
    assert gone.returncode


def test_the_status_of_the_command_is_passed_on() -> None:
    command = [sys.executable, SERVICES, "--", sys.executable, "-c", "raise SystemExit(5)"]
    assert subprocess.run(command, check=False).returncode == 5


@pytest.mark.parametrize("option", ["--postgres", "--chromium", "--cage", "--voice"])
def test_a_missing_service_fails_ci_and_is_loud_elsewhere(
    option: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("KNOWHUB_TEST_PG", raising=False)
    monkeypatch.setattr(apt, "postgres_bin", lambda: None)
    monkeypatch.setattr(apt, "chromium", lambda: None)
    monkeypatch.setattr(apt, "bubblewrap", lambda: False)
    monkeypatch.setattr(apt, "espeak", lambda: False)
    monkeypatch.setattr(apt, "install", lambda *packages: False)
    say = ["--", sys.executable, "-c", "pass"]
    monkeypatch.setenv("CI", "true")
    assert services.main([option, *say]) == 1
    assert "nothing is skipped with CI=true" in capsys.readouterr().err
    monkeypatch.setenv("CI", "")
    assert services.main([option, *say]) == 0
    assert "SKIPPED" in capsys.readouterr().err


def test_the_sample_and_the_lab_name_files_that_exist() -> None:
    assert (base.ROOT / sample.FOLDER / "course.yml").is_file()
    page = open_lab.PAGE.removeprefix("/lab/tree/").partition("?")[0]
    assert (base.ROOT / page).is_file()
