"""Whether the process behind a worker's name still lives, asked of real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from knowhub_ext.services.presence import dead, machine, worker_name

NAME = "from knowhub_ext.services.presence import worker_name; print(worker_name(), flush=True)"


@pytest.fixture
def other():
    code = f"{NAME}; import time; time.sleep(600)"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.wait()


def test_a_living_process_is_not_dead_and_a_frozen_one_neither(other):
    name = other.stdout.readline().strip()
    assert dead([name, worker_name()]) == set()
    os.kill(other.pid, signal.SIGSTOP)
    assert dead([name]) == set()
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    assert dead([name, worker_name()]) == {name}


def test_what_remains_of_a_process_that_nobody_waited_for_is_dead(other):
    name = other.stdout.readline().strip()
    os.kill(other.pid, signal.SIGKILL)
    end = time.monotonic() + 20
    while not dead([name]):
        assert time.monotonic() < end
        time.sleep(0.02)
    os.kill(other.pid, 0)  # positive control: its number is still taken


def test_a_number_that_another_process_got_is_no_sign_of_life():
    host, place, pid, born, own = worker_name().split(":")
    assert dead([":".join((host, place, pid, str(int(born) - 1), own))])


@pytest.mark.parametrize("name", [
    "", "w", "dead", "host:1:2", "elsewhere:0:999999999:5:abc", f"{machine()}x:y:z", machine(),
])
def test_of_names_that_are_not_this_systems_nobody_is_called_dead(name):
    assert dead([name]) == set()
