"""A worker in a fork, and the next one when a signal ends it: no new start of Python.

It bridges deaths in the middle of a job alone: each costs that job one of its attempts, so they come to an end. A
worker that dies without a job in hand is its supervisor's matter, who starts it ever more slowly.
"""

from __future__ import annotations

import gc
import logging
import os
import select
import signal
import sys
import time
from collections.abc import Callable

_log = logging.getLogger("knowhub.worker")
#: Whether a process may be forked here; the libraries of macOS do not bear it.
POSSIBLE = hasattr(os, "fork") and sys.platform != "darwin"
#: How long nobody works, seconds, by the deaths since a job last came to an end.
_PAUSE_S = (0.0, 0.0, 0.5, 1.0, 2.0)
_LOOK_S = 0.1
_BEGUN, _ENDED = b"b", b"e"

#: Told True when a job begins, False when it has come to an end, whatever became of it.
Note = Callable[[bool], None]


def kept_going(work: Callable[[Note], int], over: Callable[[], bool]) -> int:
    """Do `work` in forks of this process, which has no threads yet, until one ends by itself or without a job in hand.

    Args:
        work: returns the exit code of its fork.
        over: whether this process is to end: then its fork is asked to, and none is started any more.

    Returns:
        The exit code of the last fork; of one that a signal ended, as a shell says it, 128 and the signal's number.
    """
    gc.freeze()  # what was loaded so far is not written to, and stays shared
    deaths = 0
    while True:
        code, said = _end_of(*_forked(work), over)
        if code >= 0:
            return code
        deaths = 1 if _ENDED in said else deaths + 1
        pause = _PAUSE_S[min(deaths, len(_PAUSE_S)) - 1]
        if not said.endswith(_BEGUN) or _told_within(pause, over):
            return 128 - code
        _log.warning("the worker was ended by signal %d in the middle of a job; another goes on", -code)


def _forked(work: Callable[[Note], int]) -> tuple[int, int]:
    """Start a fork; return its process id and the end of a pipe from which its notes can be read."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, reader
    os.close(reader)
    raise SystemExit(work(lambda begins: _tell(writer, _BEGUN if begins else _ENDED)))


def _tell(writer: int, what: bytes) -> None:
    try:
        os.write(writer, what)
    except OSError:
        pass  # nobody listens any more: this process is about to be told so


def _end_of(pid: int, reader: int, over: Callable[[], bool]) -> tuple[int, bytes]:
    """Wait for the end of a fork; return its exit code, negative for a signal, and its last two notes."""
    said, asked = b"", False
    try:
        while True:
            ended, status = os.waitpid(pid, os.WNOHANG)
            if over() and not ended and not asked:
                os.kill(pid, signal.SIGTERM)
                asked = True
            if select.select([reader], [], [], 0 if ended else _LOOK_S)[0]:
                said = (said + os.read(reader, 4096))[-2:]
            if ended:
                return os.waitstatus_to_exitcode(status), said
    finally:
        os.close(reader)


def _told_within(seconds: float, over: Callable[[], bool]) -> bool:
    """Wait; return early and true when this process is to end."""
    until = time.monotonic() + seconds
    while not over():
        if time.monotonic() >= until:
            return False
        time.sleep(min(seconds, _LOOK_S))
    return True
