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
import time
from collections.abc import Callable, Sequence
from typing import Any

from knowhub_ext.config import load
from knowhub_ext.domain.jobs import Lane
from knowhub_ext.errors import KnowHubError
from knowhub_ext.hub import SETTINGS, Hub, build
from knowhub_ext.hub.parts import crew_of
from knowhub_ext.services import forking

_log = logging.getLogger("knowhub.worker")
#: How often it is seen whether this process was told to end, and whether work waits for a worker that has ended.
_LOOK_S, _WAKE_S = 0.1, 2.0
#: How long workers may take to end.
GRACE_S = 10.0


def main(argv: list[str] | None = None) -> int:
    """Run until told to stop, or until nothing has waited for `--idle` seconds.

    Returns the exit code: 0 it ended as it should, 2 it could not begin and says why, 1 it broke.
    """
    options = _options(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    overrides = dict(json.loads(options.settings))
    if options.data:
        overrides["data"] = options.data
    told: list[int] = []  # no lock, as an event has: a handler may come in the middle of anything
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda came, _: told.append(came))
    if options.lane and forking.POSSIBLE:
        return _in_forks(overrides, told, options)
    return _begin(overrides, told, options)


def _in_forks(overrides: dict[str, Any], told: Sequence[int], options: argparse.Namespace) -> int:
    """Work in a fork of this process, which opens nothing itself and forks another when a job took the first down."""
    us = os.getpid()

    def work(note: forking.Note) -> int:
        options.parent = us  # in the fork alone
        return _begin(overrides, told, options, note)

    return forking.kept_going(work, lambda: bool(told) or _orphaned(options))


def _begin(
    overrides: dict[str, Any], told: Sequence[int], options: argparse.Namespace,
    note: Callable[[bool], object] | None = None,
) -> int:
    """Open the data folder and work. `note`: see `Working.note`."""
    try:
        settings = load(overrides)
        hub = build(settings, door="worker")
    except KnowHubError as error:
        print(f"knowhub worker: {error.message} {error.cure}", file=sys.stderr)
        return 2
    _yield_to_people()
    hub.working.note = note or hub.working.note
    try:
        return _lead(hub, told, options) if options.crew else _work(hub, told, options)
    finally:
        hub.close()


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="knowhub worker", description=__doc__)
    parser.add_argument("--data", default="", help="data folder")
    parser.add_argument("--idle", type=float, default=None, help="end after this many idle seconds")
    parser.add_argument("--lane", choices=[lane.value for lane in Lane], help="take jobs of this lane alone")
    parser.add_argument("--crew", action="store_true", help="start and watch a process for each lane")
    parser.add_argument("--parent", type=int, help="end when this process, which started us, is gone")
    parser.add_argument("--settings", default=os.environ.pop(SETTINGS, "{}"), help="settings as JSON, no secrets")
    return parser.parse_args(argv)


def _work(hub: Hub, told: Sequence[int], options: argparse.Namespace) -> int:
    """Work in a thread of its own: this one stays free for signals, which a call into a model would hold up."""
    lanes = (Lane(options.lane),) if options.lane else tuple(Lane)
    stop, failed = threading.Event(), list[BaseException]()

    def run() -> None:
        try:
            hub.working.work(stop, idle_s=options.idle, lanes=lanes, abandon=_leave)
        except BaseException as error:  # told by the exit code; a supervisor starts another
            _log.exception("the worker broke")
            failed.append(error)

    thread = threading.Thread(target=run, name="knowhub-work", daemon=True)
    thread.start()
    while thread.is_alive():
        if not stop.is_set() and (told or _orphaned(options)):
            _log.info("told to end: the job in hand goes back at its next step")
            stop.set()
        time.sleep(_LOOK_S)
    return 1 if failed else 0


def _lead(hub: Hub, told: Sequence[int], options: argparse.Namespace) -> int:
    """Keep a worker for each lane alive until told to stop, or until all have ended by themselves."""
    crew, code, look = crew_of(hub.settings, options.idle), 0, 0.0
    while not told and not _orphaned(options):
        if 2 in (hand.ended for hand in crew):  # it cannot begin, and has said why
            code = 2
            break
        if time.monotonic() >= look:
            look = time.monotonic() + _WAKE_S
            if hub.working.wanted() or not any(hand.woken for hand in crew):
                for hand in crew:
                    hand.wake()
        if all(hand.ended == 0 for hand in crew):
            break
        time.sleep(_LOOK_S)
    _log.info("the workers end")
    for hand in crew:
        hand.ask()
    for hand in crew:
        hand.wait(time.monotonic() + GRACE_S)
    return code


def _orphaned(options: argparse.Namespace) -> bool:
    """Tell whether the process is gone that started this one, and would have told it to end."""
    return options.parent is not None and os.getppid() != options.parent


def _leave() -> None:
    """End at once: the job that would not end was given back, and a call into a model cannot be interrupted."""
    logging.shutdown()
    os._exit(0)


def _yield_to_people() -> None:
    """Lower this process's priority: recognition may take all of the cores that notebooks leave, and no more."""
    try:
        os.nice(5)
    except (AttributeError, OSError):
        pass


if __name__ == "__main__":
    sys.exit(main())
