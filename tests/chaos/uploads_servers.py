"""What the chaos tests of uploads share: counts, seeds, and a server on one data folder that is killed and started."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.server.serving import command, environment

#: How many times the fast counts are run.
TIMES = max(1, int(os.environ.get("KNOWHUB_CHAOS", "1") or "1"))
#: After so many seconds a test hangs.
PATIENCE_S = 600 + 300 * (TIMES - 1)


@contextmanager
def seeded(name: str) -> Iterator[random.Random]:
    """Yield a source of chance, and say on failure how to have the same again."""
    seed = os.environ.get("KNOWHUB_SEED") or str(random.SystemRandom().randrange(1 << 32))
    try:
        yield random.Random(f"{seed}:{name}")
    except BaseException:
        print(f"{name}: to repeat it, set KNOWHUB_SEED={seed} KNOWHUB_CHAOS={TIMES}", file=sys.stderr)
        raise


@dataclass
class Mortal:
    """`knowhub serve` on a data folder. Killed, it is started again at another port by whoever asks next."""

    data: Path
    options: tuple[str, ...] = ()
    variables: dict[str, str] = field(default_factory=dict)
    kills: int = 0
    killed_at: float = 0.0  #: by the monotonic clock
    process: subprocess.Popen[str] | None = None
    client: httpx.Client | None = None

    def api(self) -> httpx.Client:
        """Return a client with the token of a server that runs."""
        if self.process is None or self.process.poll() is not None or self.client is None:
            self._start()
        assert self.client is not None
        return self.client

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.kills += 1
        self.killed_at = time.monotonic()

    def stop(self) -> None:
        """End it as an operator would."""
        if self.client is not None:
            self.client.close()
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=60)

    def _start(self) -> None:
        if self.client is not None:
            self.client.close()
        self.process = subprocess.Popen(
            command(self.data, *self.options), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env=environment() | self.variables,
        )
        assert self.process.stdout is not None
        told = json.loads(self.process.stdout.readline())
        run = json.loads((self.data / "run" / f"server-{self.process.pid}.json").read_text())
        self.client = httpx.Client(
            base_url=told["api"], headers={"Authorization": f"Bearer {run['token']}"}, timeout=60, trust_env=False
        )


@contextmanager
def mortal(data: Path, **variables: str) -> Iterator[Mortal]:
    server = Mortal(data, variables=variables)
    try:
        yield server
    finally:
        server.stop()
