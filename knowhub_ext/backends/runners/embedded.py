"""Supervised worker processes beside the server: started when work comes, started again when they die.

What they work on stands in the database; killing one at any moment loses nothing but time.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from knowhub_ext.backends.runners.supervising import Hand

_log = logging.getLogger(__name__)


class EmbeddedRunner:
    """Options: `data`, the data folder; `command`, a worker's command line; `lanes`, the lane of each worker process,
    told it by `--lane` (none: one process that takes every job); `environment`, variables they get besides this
    process's; `grace_s`, how long they may take to end.

    Secrets belong into `environment`: a command line is shown to every user of the machine.

    A worker ends by itself when idle (exit 0). Another exit is a crash: it is started again, ever more slowly while
    it keeps crashing. Its messages go to `run/worker.log` of the data folder.
    """

    def __init__(
        self, *, data: Path | str, command: Sequence[str] | None = None, lanes: Sequence[str] = (),
        environment: Mapping[str, str] | None = None, grace_s: float = 10.0,
    ) -> None:
        start = list(command or (sys.executable, "-m", "knowhub_ext.worker", "--data", str(data)))
        commands = [[*start, "--lane", lane] for lane in lanes] or [start]
        log = Path(data) / "run" / "worker.log"
        self._hands = [Hand(row, environment or {}, log) for row in commands]
        self._grace_s = grace_s

    @property
    def pid(self) -> int | None:
        """Process id of the first worker that runs at the moment, or None."""
        return next(iter(self.pids), None)

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers that run at the moment."""
        return [hand.pid for hand in self._hands if hand.pid is not None]

    def wake(self) -> None:
        """See to it that the workers run. Returns at once."""
        for hand in self._hands:
            hand.wake()

    def close(self) -> None:
        """Ask the workers to end, kill them after `grace_s`, and wait until they are gone. Harmless to call twice."""
        for hand in self._hands:
            hand.ask()
        until = time.monotonic() + self._grace_s
        for hand in self._hands:
            if not hand.wait(until):
                _log.warning("A worker did not end within %g s and was killed; its job goes back.", self._grace_s)
