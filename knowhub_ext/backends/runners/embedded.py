"""One supervised worker process beside the server: started when work comes, started again when it dies.

What it works on stands in the database; killing it at any moment loses nothing but time.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
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


class EmbeddedRunner:
    """Options: `data`, the data folder; `command`, the worker's command line; `environment`, variables it gets besides
    this process's; `grace_s`, how long it may take to end.

    Secrets belong into `environment`: a command line is shown to every user of the machine.

    The worker ends by itself when idle (exit 0). Another exit is a crash: it is started again, ever more slowly while
    it keeps crashing. Its messages go to `run/worker.log` of the data folder.
    """

    def __init__(
        self, *, data: Path | str, command: Sequence[str] | None = None,
        environment: Mapping[str, str] | None = None, grace_s: float = 10.0,
    ) -> None:
        self._data = Path(data)
        self._command = list(command or (sys.executable, "-m", "knowhub_ext.worker", "--data", str(self._data)))
        self._environment = dict(environment or {})
        self._grace_s = grace_s
        self._wanted, self._stopping = threading.Event(), threading.Event()
        self._woken_at = 0.0
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the worker that runs at the moment, or None."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    def wake(self) -> None:
        """See to it that a worker runs. Returns at once."""
        if self._stopping.is_set():
            return
        self._woken_at = time.monotonic()
        self._wanted.set()
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._supervise, name="worker-supervisor", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Ask the worker to end, kill it after `grace_s`, and wait until it is gone. Harmless to call twice."""
        with self._lock:  # a worker that is being started is seen, or sees that it must not start
            self._stopping.set()
            process, thread = self._process, self._thread
        self._wanted.set()
        _signal(process, signal.SIGTERM)
        if thread is None:
            return
        thread.join(self._grace_s)
        if thread.is_alive():
            _log.warning("The worker did not end within %g s and is killed; its job goes back.", self._grace_s)
            _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))
            thread.join()

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
            _log.warning("The worker ended with %s; it is started again in %g s.", code, pause)
            self._stopping.wait(pause)
            self._wanted.set()

    def _run_once(self) -> int:
        """Start the worker, wait for its end and return its exit code; 127 where it cannot be started."""
        try:
            with self._lock, self._log_file() as log:
                if self._stopping.is_set():
                    return 0
                process = self._process = subprocess.Popen(
                    self._command, env=os.environ | self._environment, stdin=subprocess.DEVNULL, stdout=log,
                    stderr=log, start_new_session=True,
                )
        except OSError as error:
            _log.error("The worker cannot be started: %s", error)
            return 127
        return process.wait()

    def _log_file(self) -> IO[bytes]:
        folder = self._data / "run"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "worker.log"
        if path.is_file() and path.stat().st_size > _LOG_BYTES:
            os.replace(path, folder / "worker.log.1")
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
