"""A worker in a fork: another goes on when a job takes it down, none when it ends by itself or has no job."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from knowhub_ext.services import forking

pytestmark = pytest.mark.skipif(not forking.POSSIBLE, reason="this system does not fork")

#: `case` is called in each fork with its number, counted from 1, and with `note`.
FRAME = """
import os, pathlib, signal, sys, time
from knowhub_ext.services import forking

log, told = pathlib.Path(sys.argv[1]), []
signal.signal(signal.SIGTERM, lambda number, _: told.append(number))

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def work(note):
    with log.open("a") as file:
        file.write(f"{os.getpid()} {os.getppid()}\\n")
    return case(len(log.read_text().splitlines()), note)

def case(number, note):
"""
END = "\nsys.exit(forking.kept_going(work, lambda: bool(told)))\n"


class Kept:
    """A process that keeps its forks going, and what those said at their start."""

    def __init__(self, log: Path, case: str, before: str) -> None:
        self._log = log
        code = FRAME + "".join(f"    {line}\n" for line in case.splitlines()) + before + END
        self.process = subprocess.Popen([sys.executable, "-c", code, str(log)], start_new_session=True)

    def forks(self) -> list[tuple[int, int]]:
        """Return process id and parent of every fork so far."""
        rows = self._log.read_text().splitlines() if self._log.exists() else []
        return [(int(pid), int(parent)) for pid, parent in map(str.split, rows)]


@pytest.fixture
def kept(tmp_path: Path) -> Callable[..., Kept]:
    return lambda case, before="": Kept(tmp_path / "forks", case, before)


def until(what: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not what():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.02)


def test_another_goes_on_when_a_job_takes_the_first_down(kept: Callable[..., Kept]) -> None:
    ours = kept("if number < 3:\n    note(True)\n    die()\nreturn 7")
    assert ours.process.wait(timeout=60) == 7
    forks = ours.forks()
    assert len({pid for pid, _ in forks}) == 3
    assert {parent for _, parent in forks} == {ours.process.pid}


@pytest.mark.parametrize("before", ["", "note(True)\nnote(False)"])
def test_one_that_dies_without_a_job_in_hand_is_the_supervisors_matter(
    kept: Callable[..., Kept], before: str
) -> None:
    ours = kept(f"{before}\ndie()")
    assert ours.process.wait(timeout=60) == 128 + signal.SIGKILL
    assert len(ours.forks()) == 1


def test_one_that_breaks_is_the_supervisors_matter_too(kept: Callable[..., Kept]) -> None:
    ours = kept("note(True)\nraise ValueError(number)")
    assert ours.process.wait(timeout=60) == 1
    assert len(ours.forks()) == 1


def test_deaths_without_an_end_of_a_job_between_them_are_ever_further_apart(kept: Callable[..., Kept]) -> None:
    ours = kept("note(True)\ndie()", "forking._PAUSE_S = (0, 0, 600)")
    until(lambda: len(ours.forks()) == 3)
    time.sleep(0.5)
    assert len(ours.forks()) == 3
    os.kill(ours.process.pid, signal.SIGTERM)
    assert ours.process.wait(timeout=60) == 128 + signal.SIGKILL, "it does not wait for the ten minutes"
    assert len(ours.forks()) == 3


def test_after_a_job_that_came_to_an_end_the_next_death_is_the_first_again(
    kept: Callable[..., Kept]
) -> None:
    ours = kept("if number < 9:\n    note(True)\n    note(False)\n    note(True)\n    die()\nreturn 0")
    assert ours.process.wait(timeout=60) == 0
    assert len(ours.forks()) == 9


def test_a_stop_is_handed_on_and_none_is_started_any_more(kept: Callable[..., Kept]) -> None:
    ours = kept("note(True)\nwhile not told:\n    time.sleep(0.01)\ndie()")
    until(ours.forks)
    os.kill(ours.process.pid, signal.SIGTERM)  # it alone, not its group
    assert ours.process.wait(timeout=60) == 128 + signal.SIGKILL
    assert len(ours.forks()) == 1
