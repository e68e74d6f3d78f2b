"""The worker process: claims jobs from the database and runs them. `python -m knowhub_ext.worker --data DIR`.

A server hands its settings down in the environment, which only this user can read: they may hold a password.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
import threading

from knowhub_ext.config import load
from knowhub_ext.errors import KnowHubError
from knowhub_ext.hub import SETTINGS, build


def main(argv: list[str] | None = None) -> int:
    """Run until told to stop, or until nothing has waited for `--idle` seconds. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="knowhub worker", description=__doc__)
    parser.add_argument("--data", default="", help="data folder")
    parser.add_argument("--idle", type=float, default=None, help="end after this many idle seconds")
    parser.add_argument("--settings", default=os.environ.pop(SETTINGS, "{}"), help="settings as JSON, no secrets")
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    overrides = dict(json.loads(options.settings))
    if options.data:
        overrides["data"] = options.data
    try:
        hub = build(load(overrides), door="worker")
    except KnowHubError as error:
        print(f"knowhub worker: {error.message} {error.cure}", file=sys.stderr)
        return 2
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    _yield_to_people()
    try:
        hub.working.work(stop, idle_s=options.idle)
    finally:
        hub.close()
    return 0


def _yield_to_people() -> None:
    """Lower this process's priority: recognition may take all of the cores that notebooks leave, and no more."""
    try:
        os.nice(5)
    except (AttributeError, OSError):
        pass


if __name__ == "__main__":
    sys.exit(main())
