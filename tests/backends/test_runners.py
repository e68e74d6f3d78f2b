"""One supervised worker: started when woken, started again when it dies, gone when the server goes."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from knowhub_ext.backends.runners import supervising
from knowhub_ext.backends.runners.embedded import EmbeddedRunner
from knowhub_ext.backends.runners.inline import InlineRunner


def until(what: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until something is true; how long it takes is not what is tested."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.02)


@pytest.fixture
def starts(tmp_path: Path) -> Path:
    """The file to which every worker of a test adds its process id."""
    path = tmp_path / "starts"
    path.touch()
    return path


@pytest.fixture
def make(tmp_path: Path, starts: Path) -> Iterator[Callable[..., EmbeddedRunner]]:
    made: list[EmbeddedRunner] = []

    def make(then: str, *, grace_s: float = 5.0) -> EmbeddedRunner:
        code = f"import os, signal, sys, time\nopen({str(starts)!r}, 'a').write(f'{{os.getpid()}}\\n')\n{then}"
        runner = EmbeddedRunner(data=tmp_path, command=[sys.executable, "-c", code], grace_s=grace_s)
        made.append(runner)
        return runner

    yield make
    for runner in made:
        runner.close()


def pids(starts: Path) -> list[int]:
    return [int(row) for row in starts.read_text().split()]


def gone(pid: int) -> bool:
    """Tell whether a process is gone entirely: a zombie would still take a signal."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


SLEEP = "time.sleep(600)"


def test_nothing_runs_before_it_is_woken(make: Callable[..., EmbeddedRunner], starts: Path) -> None:
    runner = make(SLEEP)
    runner.close()
    assert pids(starts) == []


def test_waking_many_times_starts_one_worker(make: Callable[..., EmbeddedRunner], starts: Path) -> None:
    runner = make(SLEEP)
    threads = [threading.Thread(target=runner.wake) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(lambda: pids(starts))
    runner.close()
    assert len(pids(starts)) == 1


def test_the_worker_leads_a_process_group_of_its_own(make: Callable[..., EmbeddedRunner], starts: Path) -> None:
    runner = make(SLEEP)
    runner.wake()
    until(lambda: pids(starts))
    assert os.getpgid(pids(starts)[0]) == pids(starts)[0] != os.getpgid(0)


def test_a_killed_worker_is_replaced_and_leaves_no_zombie(make: Callable[..., EmbeddedRunner], starts: Path) -> None:
    runner = make(SLEEP)
    runner.wake()
    until(lambda: pids(starts))
    os.kill(pids(starts)[0], signal.SIGKILL)
    until(lambda: len(pids(starts)) == 2)
    assert gone(pids(starts)[0])
    assert runner.pid == pids(starts)[1]


def test_a_worker_that_ended_idle_is_not_started_until_the_next_wake(
    make: Callable[..., EmbeddedRunner], starts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervising, "_MARGIN_S", 0.0)
    runner = make("sys.exit(0)")
    runner.wake()
    until(lambda: pids(starts) and gone(pids(starts)[0]))
    time.sleep(0.3)
    assert len(pids(starts)) == 1
    runner.wake()
    until(lambda: len(pids(starts)) == 2)


def test_a_wake_while_the_worker_ends_is_not_lost(make: Callable[..., EmbeddedRunner], starts: Path) -> None:
    runner = make("time.sleep(0.5)")
    runner.wake()
    until(lambda: pids(starts))
    runner.wake()
    until(lambda: len(pids(starts)) == 2)


def test_a_worker_that_keeps_crashing_is_started_ever_more_slowly(
    make: Callable[..., EmbeddedRunner], starts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervising, "_BACKOFF_S", (0.01, 0.01, 600.0))
    runner = make("sys.exit(3)")
    runner.wake()
    until(lambda: len(pids(starts)) == 3)
    time.sleep(0.5)
    assert len(pids(starts)) == 3
    runner.close()  # does not wait for the ten minutes


def test_closing_ends_the_worker(make: Callable[..., EmbeddedRunner], starts: Path) -> None:
    runner = make(SLEEP)
    runner.wake()
    until(lambda: pids(starts))
    runner.close()
    assert gone(pids(starts)[0])
    runner.wake()
    assert runner.pid is None


def test_a_worker_that_will_not_end_is_killed(make: Callable[..., EmbeddedRunner], starts: Path) -> None:
    deaf = f"signal.signal(signal.SIGTERM, signal.SIG_IGN)\nopen({str(starts)!r} + '.deaf', 'w')\n{SLEEP}"
    runner = make(deaf, grace_s=0.3)
    runner.wake()
    until(Path(f"{starts}.deaf").exists)
    runner.close()
    assert gone(pids(starts)[0])


def test_what_the_worker_started_ends_with_it(make: Callable[..., EmbeddedRunner], starts: Path) -> None:
    runner = make(
        "import subprocess\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(starts)!r}, 'a').write(f'{{child.pid}}\\n')\nchild.wait()"
    )
    runner.wake()
    until(lambda: len(pids(starts)) == 2)
    runner.close()
    until(lambda: gone(pids(starts)[1]))


def test_a_command_that_does_not_exist_is_no_crash_of_ours(tmp_path: Path) -> None:
    runner = EmbeddedRunner(data=tmp_path, command=[str(tmp_path / "nothing")])
    runner.wake()
    time.sleep(0.1)
    runner.close()


def test_the_workers_messages_are_kept(make: Callable[..., EmbeddedRunner], starts: Path, tmp_path: Path) -> None:
    runner = make("print('hello from the worker', flush=True)\n" + SLEEP)
    runner.wake()
    until(lambda: b"hello from the worker" in (tmp_path / "run" / "worker.log").read_bytes() if pids(starts) else False)


def test_the_worker_gets_its_environment_besides_ours(
    tmp_path: Path, starts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OURS", "kept")
    code = f"import os\nopen({str(starts)!r}, 'w').write(os.environ['SECRET'] + os.environ['OURS'])"
    runner = EmbeddedRunner(data=tmp_path, command=[sys.executable, "-c", code], environment={"SECRET": "hush "})
    runner.wake()
    until(starts.read_text)
    runner.close()
    assert starts.read_text() == "hush kept"
    assert "SECRET" not in os.environ


def test_each_lane_has_a_process_of_its_own_and_one_that_crashes_takes_no_other_along(
    tmp_path: Path, starts: Path
) -> None:
    code = f"import os, sys, time\nopen({str(starts)!r}, 'a').write(f'{{os.getpid()}} ')\n{SLEEP}"
    runner = EmbeddedRunner(data=tmp_path, command=[sys.executable, "-c", code], lanes=["speech", "light"])
    runner.wake()
    until(lambda: len(pids(starts)) == 2)
    one, other = runner.pids
    os.kill(one, signal.SIGKILL)
    until(lambda: len(pids(starts)) == 3)
    assert other in runner.pids
    runner.close()
    assert all(gone(pid) for pid in pids(starts))
    assert runner.pids == []


def test_inline_runs_in_the_callers_thread() -> None:
    threads: list[threading.Thread] = []
    InlineRunner(run_pending=lambda: threads.append(threading.current_thread())).wake()
    assert threads == [threading.current_thread()]


def test_inline_woken_from_within_runs_once_more() -> None:
    runs: list[int] = []

    def run() -> None:
        runs.append(len(runs))
        if len(runs) == 1:
            runner.wake()

    runner = InlineRunner(run_pending=run)
    runner.wake()
    assert runs == [0, 1]


def test_inline_does_nothing_after_closing() -> None:
    runner = InlineRunner(run_pending=lambda: pytest.fail("it ran"))
    runner.close()
    runner.wake()
