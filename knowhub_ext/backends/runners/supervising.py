"""One worker process under supervision: started when it is wanted, started again when it dies. A part of `embedded`."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

_log = logging.getLogger(__name__)
#: A wake that came this shortly before the worker ended by itself may have come too late for it to look.
_MARGIN_S = 5.0
_BACKOFF_S = (0.5, 1.0, 2.0, 5.0, 15.0, 30.0, 60.0)
_STEADY_S = 60.0
_LOG_BYTES = 1 << 20


class Hand:
    """A worker process that is kept alive while it is wanted.

    Args:
        command, environment: how it is started; `environment` is added to this process's.
        log: where its messages go; None: where this process's go.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path | None) -> None:
        self._command = list(command)
        self._environment = dict(environment)
        self._log = log
        self._wanted, self._stopping = threading.Event(), threading.Event()
        self._woken_at = 0.0
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.ended: int | None = None  #: exit code of the last process; None: one runs or is to run, or none ever did

    @property
    def pid(self) -> int | None:
        """Process id of the worker that runs at the moment, or None."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    @property
    def woken(self) -> bool:
        """Whether it was ever wanted."""
        return self._thread is not None

    def wake(self) -> None:
        """See to it that the worker runs. Returns at once."""
        if self._stopping.is_set():
            return
        self._woken_at = time.monotonic()
        self.ended = None
        self._wanted.set()
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._supervise, name="worker-supervisor", daemon=True)
                self._thread.start()

    def ask(self) -> None:
        """Ask the worker to end; start none any more."""
        with self._lock:  # a worker that is being started is seen, or sees that it must not start
            self._stopping.set()
            process = self._process
        self._wanted.set()
        _signal(process, signal.SIGTERM)

    def wait(self, until: float) -> bool:
        """Wait for the end until this instant of the monotonic clock, then kill. Returns whether that was spared."""
        thread = self._thread
        if thread is None:
            return True
        thread.join(max(0.0, until - time.monotonic()))
        if not thread.is_alive():
            return True
        _signal(self._process, getattr(signal, "SIGKILL", signal.SIGTERM))
        thread.join()
        return False

    def _supervise(self) -> None:
        crashes = 0
        while True:
            self._wanted.wait()
            if self._stopping.is_set():
                return
            self._wanted.clear()
            began = time.monotonic()
            code = self._run_once()
            if self._stopping.is_set():
                return
            if code == 0:
                crashes = 0
                self._wanted.clear()
                if began < self._woken_at and time.monotonic() - self._woken_at < _MARGIN_S:
                    self._wanted.set()
                continue
            crashes = 1 if time.monotonic() - began > _STEADY_S else crashes + 1
            pause = _BACKOFF_S[min(crashes, len(_BACKOFF_S)) - 1]
            _log.warning("The worker ended with %s; it is started again in %g s.", _said(code), pause)
            self._stopping.wait(pause)
            self._wanted.set()

    def _run_once(self) -> int:
        """Start the worker, wait for its end and return its exit code; 127 where it cannot be started."""
        try:
            with self._lock:
                if self._stopping.is_set():
                    return 0
                process = self._start()
        except OSError as error:
            _log.error("The worker cannot be started: %s", error)
            return 127
        self.ended = None
        self.ended = process.wait()
        return self.ended

    def _start(self) -> subprocess.Popen[bytes]:
        log = _opened(self._log) if self._log else None
        try:
            self._process = subprocess.Popen(
                self._command, env=os.environ | self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )
        finally:
            if log is not None:
                log.close()
        return self._process


def _said(code: int) -> str:
    """Return an exit code as people read it."""
    try:
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    except ValueError:
        return f"exit code {code}"


def _opened(path: Path) -> IO[bytes]:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and path.stat().st_size > _LOG_BYTES:
        os.replace(path, path.with_suffix(".log.1"))
    return path.open("ab")


def _signal(process: subprocess.Popen[bytes] | None, number: int) -> None:
    """Send a signal to the worker and to all that it started: it leads a process group of its own."""
    if process is None or process.returncode is not None:
        return
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, number)
        else:
            process.terminate()
    except (ProcessLookupError, PermissionError):
        pass
