"""A Jupyter server with just the extensions that are named: prints its times as one line of JSON, then serves.

`python -m tests.bench.jupyter [--once] [EXTENSION…]`; with `--once` it ends instead of serving. On loopback.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

BEGAN = time.perf_counter(), time.process_time()

from jupyter_server.serverapp import ServerApp  # noqa: E402 - its import is part of what is measured


class Measured(ServerApp):
    """Adds up what importing, linking and loading its extensions takes, in seconds."""

    load_wall = 0.0
    load_cpu = 0.0

    def init_server_extensions(self) -> None:
        self._timed(super().init_server_extensions)

    def load_server_extensions(self) -> None:
        self._timed(super().load_server_extensions)

    def _timed(self, step: Callable[[], None]) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        step()
        self.load_wall += time.perf_counter() - wall
        self.load_cpu += time.process_time() - cpu


def main(arguments: list[str]) -> None:
    """Start the server and say how long it took."""
    extensions = [name for name in arguments if name != "--once"]
    app = Measured.instance(
        ip="127.0.0.1", port=0, open_browser=False, allow_root=True, log_level="ERROR",
        jpserver_extensions=dict.fromkeys(extensions, True),
    )
    app.initialize(argv=[], find_extensions=False)
    loaded = [name for name in extensions if app.extension_manager.linked_extensions.get(name)]
    if loaded != extensions:
        sys.exit(f"not loaded: {sorted(set(extensions) - set(loaded))}")
    print(json.dumps({
        "load_wall": app.load_wall, "load_cpu": app.load_cpu, "start_wall": time.perf_counter() - BEGAN[0],
        "start_cpu": time.process_time() - BEGAN[1],
    }), flush=True)
    if "--once" not in arguments:
        app.start()


if __name__ == "__main__":
    main(sys.argv[1:])
