"""Children leave nothing behind: no process, no file, no thread each; they die with whoever wanted their answer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from knowhub_ext.backends import audio, probing
from knowhub_ext.backends.cage import walls
from knowhub_ext.errors import UnreadableFile
from knowhub_ext.testing import fixtures


def children() -> list[psutil.Process]:
    """Children of this process that open files, with their own."""
    mine = psutil.Process().children()
    return [c for c in mine if c.status() == psutil.STATUS_ZOMBIE or "cage" in " ".join(c.cmdline())]


@pytest.fixture
def hours(tmp_path: Path) -> Path:
    """Three hours of silence, which nobody will wait for."""
    path = fixtures.tone(tmp_path / "long.wav", seconds=1)
    head = bytearray(path.read_bytes()[:44])
    size = 3 * 3600 * 32_000
    head[4:8], head[40:44] = (size + 36).to_bytes(4, "little"), size.to_bytes(4, "little")
    with path.open("wb") as file:
        file.write(head)
        file.truncate(size + 44)
    return path


def test_a_stream_that_is_left_kills_its_child_at_once(caged: walls.Wall, hours: Path) -> None:
    blocks = audio.blocks(hours, seconds=1)
    assert len(next(blocks)) == audio.RATE
    (child,) = children()
    family = [child, *child.children(recursive=True)]
    blocks.close()
    _, alive = psutil.wait_procs(family, timeout=30)
    assert alive == []
    assert children() == []


def test_a_child_waits_while_nobody_takes_its_sound(hours: Path) -> None:
    blocks = audio.blocks(hours, seconds=1)
    next(blocks)
    (child,) = children()
    family = [child, *child.children(recursive=True)]
    worker = family[-1]
    used = -1.0
    while used != (now := sum(worker.cpu_times()[:2])):  # until it computes no more: the pipe is full
        used = now
        time.sleep(0.5)
    assert worker.is_running()
    assert used < 20
    assert len(next(blocks)) == audio.RATE
    blocks.close()


def test_fifty_children_leave_no_descriptor_no_thread_and_no_zombie(caged: walls.Wall, tmp_path: Path) -> None:
    (tmp_path / "bad.mp3").write_bytes(b"\0\1\2" * 500)
    probing.probe(fixtures.SPEECH, name="a.ogg")
    before, threads = len(os.listdir("/proc/self/fd")), threading.active_count()
    for number in range(25):
        probing.probe(fixtures.SPEECH, name="a.ogg")
        with pytest.raises(UnreadableFile):
            probing.probe(tmp_path / "bad.mp3", name=f"{number}.mp3")
    assert len(os.listdir("/proc/self/fd")) - before < 25, "each child, or each that failed, left one"
    while threading.active_count() > threads:  # a cancelled timer takes a moment to end; one that stays never does
        time.sleep(0.05)
    assert children() == []


def test_threads_may_ask_at_the_same_time_and_end_before_their_streams(caged: walls.Wall) -> None:
    """The kernel ends a child with the thread that started it: a stream goes on in whichever thread takes it."""
    begun = []

    def begin() -> None:
        blocks = audio.blocks(fixtures.SPEECH, seconds=1)
        begun.append((next(blocks), blocks))

    threads = [threading.Thread(target=begin) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ThreadPoolExecutor(3) as pool:
        lengths = list(pool.map(lambda pair: len(pair[0]) + sum(map(len, pair[1])), begun))
    assert lengths == [len(audio.read(fixtures.SPEECH))] * 3


OWNER = """
import sys, time
from pathlib import Path
from knowhub_ext.backends import audio
from knowhub_ext.backends.cage import walls
walls.use(sys.argv[2])
blocks = audio.blocks(Path(sys.argv[1]), seconds=1)
next(blocks)
print("begun", flush=True)
time.sleep(600)
"""


def test_children_die_with_an_owner_that_is_killed(caged: walls.Wall, hours: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(hours), caged.kind], stdout=subprocess.PIPE)
    assert owner.stdout is not None
    with owner.stdout:
        assert owner.stdout.readline() == b"begun\n"
        family = psutil.Process(owner.pid).children(recursive=True)
        assert family
        owner.send_signal(signal.SIGKILL)
        owner.wait()
    _, alive = psutil.wait_procs(family, timeout=60)
    assert alive == []


def test_it_works_in_a_process_that_was_forked(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from knowhub_ext.backends import probing\n"
        "ask = lambda: probing.probe(Path(sys.argv[1]), name='a.ogg').has_audio\n"
        "assert ask()\n"
        "pid = os.fork()\n"
        "if pid == 0: os._exit(0 if ask() else 1)\n"
        "print(os.waitpid(pid, 0)[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(fixtures.SPEECH)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "0"


@pytest.mark.parametrize("kind", ["directory", "pipe", "missing", "device"])
def test_what_is_no_ordinary_file_is_refused_before_it_is_opened(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "odd"
    if kind == "directory":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    with pytest.raises(UnreadableFile, match="'odd' cannot be read"):
        probing.probe(path, name="odd")
