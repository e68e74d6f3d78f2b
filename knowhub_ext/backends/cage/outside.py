"""Our side of a cage: start the child, hand it one request, take its answer piece by piece, and say how it died.

Safe to use from any thread. A child is killed as soon as nobody wants its answer any more.
"""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from knowhub_ext.backends.cage import forms, inside, places, walls, wire
from knowhub_ext.backends.cage.limits import FRAME_BYTES, Limits, limits_of
from knowhub_ext.errors import CageBroke, UnreadableFile, UserError

_MAIN = f"from {inside.__name__} import main; main()"
_GAVE_UP = "'{name}' cannot be opened: what reads it gave up, as it does where more than {memory} MB are needed for it."
_TOO_LONG = "'{name}' takes too long to be opened: it was stopped after {seconds} seconds of computing."
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """What is asked of a child: the file at `path`, named `name`; `modules` it needs besides this package."""

    task: str
    path: Path
    name: str
    options: Mapping[str, Any] = field(default_factory=dict)
    modules: tuple[str, ...] = ()
    limits: Limits | None = None  #: other than the usual ones


def ask(task: Task, wanted: type[T]) -> T:
    """Run a task and return its one answer, a value of the type `wanted`.

    Raises:
        UserError: the file is refused; mostly `UnreadableFile`.
        CageBroke: the child died or answered nonsense.
    """
    data = b"".join(stream(task, wire.ANSWER))
    try:
        answer: T = forms.decode(json.loads(data), wanted)
    except (ValueError, RecursionError) as error:
        raise CageBroke(f"The cage gave no sensible answer about '{task.name}': {error}.") from error
    return answer


def stream(task: Task, kind: bytes) -> Iterator[bytes]:
    """Run a task and yield its frames of this kind as they are taken; the child waits while nobody takes them.

    Raises:
        UserError, CageBroke: as `ask`, at any point of the stream.
    """
    size = _size(task)
    with _Child(task, task.limits or limits_of(task.task, size, task.name)) as child:
        while (payload := child.next(kind)) is not None:
            yield payload


def _size(task: Task) -> int:
    try:
        found = os.stat(task.path)
        if not stat.S_ISREG(found.st_mode) and task.path != Path(os.devnull):
            raise UnreadableFile(f"'{task.name}' cannot be read: it is no ordinary file.")
        os.close(os.open(task.path, os.O_RDONLY))
    except OSError as error:
        raise UnreadableFile(f"'{task.name}' cannot be read: {error.strerror or error}.") from error
    return found.st_size


class _Child:
    """One process and what it has said so far."""

    def __init__(self, task: Task, limits: Limits) -> None:
        self._task, self._limits = task, limits
        self._taken, self._waited = 0, 0.0
        self._buffer = bytearray()
        self._expired = False

    def __enter__(self) -> _Child:
        wall = walls.current()
        path = str(self._task.path.absolute())
        modules = self._task.modules
        request = {
            "task": self._task.task, "name": self._task.name, "options": self._task.options, "modules": list(modules),
            "path": walls.INPUT if wall.kind == "bubblewrap" else path, "limits": asdict(self._limits),
            "kind": wall.kind, "bare": wall.kind == "bare", "parent": os.getpid(),
            "readable": [path, *places.readable(modules)],
        }
        self._process = _started(walls.command_line(wall, path, modules, code=_MAIN))
        self._out = self._process.stdout.fileno() if self._process.stdout else -1
        try:
            if self._process.stdin is not None:
                with self._process.stdin as pipe:
                    pipe.write(json.dumps(request).encode())
        except OSError:
            pass  # it is dead already: its status says why
        return self

    def __exit__(self, *_: object) -> None:
        self._kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def next(self, wanted: bytes) -> bytes | None:
        """Return the next frame, or None at a good end.

        Raises:
            UserError, CageBroke: the end was none.
        """
        kind, length = wire.HEAD.unpack(self._read(wire.HEAD.size))
        if kind not in (wanted, wire.END) or length > FRAME_BYTES:
            raise self._broke("it answered nonsense")
        self._taken += length
        if self._taken > self._limits.output:
            raise UnreadableFile(f"'{self._task.name}' holds far more than can be taken in.")
        payload = self._read(length)
        if kind != wire.END:
            return payload
        self._end(payload)
        return None

    def _end(self, payload: bytes) -> None:
        try:
            end = forms.decode(json.loads(payload), dict[str, Any])
            error = forms.decode(end["error"], dict[str, str]) if "error" in end else None
            known = None if error is None else wire.error_of(error)
        except (ValueError, KeyError, RecursionError) as error:
            raise self._broke("it answered nonsense") from error
        if known is not None:
            raise known
        if "broke" in end:
            raise CageBroke(f"Reading '{self._task.name}' broke: {wire.sentence(str(end['broke']))}")

    def _read(self, count: int) -> bytes:
        while len(self._buffer) < count:
            piece = self._waiting(lambda: os.read(self._out, 256 * 1024))
            if not piece:
                raise self._death()
            self._buffer += piece
        found = bytes(self._buffer[:count])
        del self._buffer[:count]
        return found

    def _waiting(self, act: Callable[[], bytes]) -> bytes:
        """Do what waits for the child, and kill it when that has taken `wall_s` altogether."""
        began = time.monotonic()
        timer = threading.Timer(max(0.0, self._limits.wall_s - self._waited), self._expire)
        timer.daemon = True
        timer.start()
        try:
            return act()
        finally:
            timer.cancel()
            self._waited += time.monotonic() - began

    def _expire(self) -> None:
        self._expired = True
        self._kill()

    def _kill(self) -> None:
        if self._process.poll() is None:
            try:
                if hasattr(os, "killpg"):
                    os.killpg(self._process.pid, signal.SIGKILL)
                else:
                    self._process.kill()
            except (ProcessLookupError, PermissionError):
                self._process.kill()

    def _death(self) -> UserError | CageBroke:
        """Say why the child ended before its answer did."""
        status = self._process.wait()
        number = -status if status < 0 else status - 128 if status > 128 else 0
        if self._expired:
            return self._broke(f"it had not answered after {self._limits.wall_s:.0f} seconds")
        if number == getattr(signal, "SIGXCPU", -1):
            return UnreadableFile(_TOO_LONG.format(name=self._task.name, seconds=self._limits.cpu_s))
        if number == signal.SIGABRT:  # a library that is refused memory, or finds its own damaged, ends its process
            return UnreadableFile(
                _GAVE_UP.format(name=self._task.name, memory=self._limits.memory >> 20),
                cure="Export it anew with another program, in parts if it is large, and add those.",
            )
        if number == getattr(signal, "SIGKILL", -1):
            return self._broke("it was ended by SIGKILL, as the system does when memory is short")
        if number:
            return self._broke(f"it was ended by {_signal_name(number)}")
        return self._broke(f"it ended with status {status}")

    def _broke(self, why: str) -> CageBroke:
        return CageBroke(f"The process that opened '{self._task.name}' broke: {why}.")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


_starters: list[ThreadPoolExecutor] = []
_lock = threading.Lock()


def _forget() -> None:
    """Begin anew in a forked process: it has neither the thread nor, perhaps, an open lock."""
    global _lock
    _lock = threading.Lock()
    _starters.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def _started(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a child from a thread that lives as long as this process: the kernel kills it when its *thread* ends."""
    with _lock:
        if not _starters:
            _starters.append(ThreadPoolExecutor(1, thread_name_prefix="knowhub-cage"))
    try:
        return _starters[0].submit(
            subprocess.Popen, command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=dict(walls.environment()), cwd=os.path.abspath(os.sep), start_new_session=True, close_fds=True,
        ).result()
    except (OSError, RuntimeError) as error:  # the second: this process is about to end
        raise CageBroke(f"The process that opens files cannot be started: {error}.") from error
