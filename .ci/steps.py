"""Numbered steps with elapsed time: `[2/7] Python packages … 41 s`.

On a terminal the seconds run while the step does; elsewhere a step is one line when it starts and ends.
"""

from __future__ import annotations

import fcntl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from base import CACHE, StepFailed


@dataclass(frozen=True)
class Step:
    """One step: what it is called and what does it. `run` returns a short note ("kept", a version) or nothing."""

    title: str
    run: Callable[[], str | None]
    #: The step prints for itself (progress bars, an answer): its line is ended before it starts.
    talks: bool = False


def seconds(span: float) -> str:
    """`0.4 s`, `41 s`, `2 min 05 s`."""
    if span < 10:
        return f"{span:.1f} s"
    if span < 60:
        return f"{span:.0f} s"
    return f"{int(span) // 60} min {int(span) % 60:02d} s"


@contextmanager
def ticking(head: str, started: float) -> Iterator[None]:
    """Show the seconds running behind `head` on a terminal."""
    stop = threading.Event()

    def tick() -> None:
        while not stop.wait(1.0):
            print(f"\r{head} {seconds(time.monotonic() - started)} ", end="", flush=True)

    thread = threading.Thread(target=tick, daemon=True)
    if sys.stdout.isatty():
        thread.start()
    try:
        yield
    finally:
        stop.set()
        if thread.is_alive():
            thread.join()


def perform(step: Step, number: int, total: int) -> None:
    """Run one step and print its line."""
    head = f"[{number}/{total}] {step.title} …"
    started = time.monotonic()
    print(head, end="\n" if step.talks else "", flush=True)
    if step.talks:
        note = step.run()
        head = f"[{number}/{total}] {step.title}:"
    else:
        with ticking(head, started):
            note = step.run()
        head = ("\r" + head) if sys.stdout.isatty() else ""
    tail = f" ({note})" if note else ""
    print(f"{head} {seconds(time.monotonic() - started)}{tail}", flush=True)


def perform_all(steps: list[Step], total: int | None = None, first: int = 1) -> int:
    """Run the steps in order; the exit status. A failure prints why, and what to do, and stops."""
    for number, step in enumerate(steps, first):
        started = time.monotonic()
        try:
            perform(step, number, total or len(steps))
        except StepFailed as error:
            print("" if step.talks else "\n", flush=True)
            print(f"{step.title} failed after {seconds(time.monotonic() - started)}.\n{error}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print(f"\n{step.title} was interrupted; the next run goes on from here.", file=sys.stderr)
            return 130
    return 0


@contextmanager
def alone() -> Iterator[None]:
    """Only one set-up of this checkout at a time: a second one waits for the first."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "setup.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another set-up of this checkout is running; waiting for it.", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
