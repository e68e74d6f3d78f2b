"""A worker or a server whose speech is made up, and in which one guard may be off: `python -m tests.chaos.stunts`.

What it is to do stands in the environment variable CHAOS as JSON: `log` (a file to which every start of a job's speech
is added), `step_s` (how long a sentence takes), `off` (the guards to switch off, for positive controls), `stalls`
(whether a server adds to the log's neighbour `.stalls` when its event loop stood still, and for how long).
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select

from knowhub_ext import worker
from knowhub_ext.backends import registry
from knowhub_ext.backends.cage import outside, walls
from knowhub_ext.domain.segments import Provenance, Segment, Word
from knowhub_ext.hub import parts
from knowhub_ext.ports import Recognition, SpeechRequest
from knowhub_ext.server import serve
from knowhub_ext.server.base import KnowHubHandler
from knowhub_ext.services import annotations, forking, holding
from knowhub_ext.services.pipeline import Pipeline
from knowhub_ext.services.progress import ProgressKeeping
from knowhub_ext.store import jobs
from knowhub_ext.store.tables import JOB

DEFAULTS = {"log": "", "step_s": 0.05, "off": [], "stalls": False}
CHAOS: dict[str, Any] = {**DEFAULTS, **json.loads(os.environ.get("CHAOS", "{}"))}
STEP_MS = 1000
#: The inside of a cage in which some files end their child, by their names; which limits hold there is not touched.
CAGE = """
import ctypes, signal
from knowhub_ext.backends.cage import inside, tasks
run, libc = tasks.run, ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
def ends(request, layers):
    name = request["name"]
    if name.startswith("crash"):
        ctypes.string_at(0)
    if name.startswith("killed"):  # as the kernel does when memory is short
        signal.raise_signal(signal.SIGKILL)
    if name.startswith("starved"):  # a decoder that does not ask whether it got its memory
        ctypes.memset(libc.malloc(4 << 30), 0, 1)
    if name.startswith("hungry"):
        held = [bytearray(64 << 20) for _ in range(64)]
    return run(request, layers)
tasks.run = ends
inside.main()
"""


class MadeUpSpeech:
    """Says one sentence a second of the medium; how many stands in its name: `lecture-40.wav`."""

    def transcribe(self, path: Path, request: SpeechRequest) -> Recognition:
        return Recognition(
            provenance=Provenance(engine="chaos", model="made-up", language="en", hot_words=request.hot_words),
            segments=self._segments(request),
        )

    def _segments(self, request: SpeechRequest) -> Iterator[Segment]:
        note(request.name, request.start_ms)
        if "stuck" in request.name:
            time.sleep(600)  # one call that nobody can interrupt, as into a model
        for second in range(request.start_ms // STEP_MS, length(request.name)):
            time.sleep(CHAOS["step_s"])
            write(".said", f"{request.name} {second}")
            start, end = second * STEP_MS, second * STEP_MS + STEP_MS
            words = tuple(
                Word(start_ms=start, end_ms=end, text=word) for word in (" Sentence", f" {second}", " is", " said.")
            )
            yield Segment(start_ms=start, end_ms=end, text=f"Sentence {second} is said.", words=words)


def length(name: str) -> int:
    """Return the seconds of a made-up medium, from its name."""
    return int(name.rsplit("-", 1)[1].split(".")[0])


def note(name: str, start_ms: int) -> None:
    """Add a start to the log, in one write that no other process's can split."""
    write("", f"{name} {start_ms} {os.getpid()}")


def write(suffix: str, line: str) -> None:
    if CHAOS["log"]:
        with open(CHAOS["log"] + suffix, "ab", buffering=0) as log:
            log.write(f"{line}\n".encode())


def bend() -> None:
    """Put the made-up speech and the poison in place, and take away the guards that are to be off."""
    load = registry.load

    def with_ours(seam: str, name: str) -> Callable[..., Any]:
        return MadeUpSpeech if (seam, name) == ("transcribers", "chaos") else load(seam, name)

    registry.load = with_ours
    command = parts.worker_command

    def stunt(*given: Any) -> list[str]:
        return [sys.executable, "-m", "tests.chaos.stunts", "worker", *command(*given)[3:]]

    parts.worker_command = stunt
    read = Pipeline._read

    def poisoned(self: Pipeline, run: Any, asset: Any) -> bool:
        if "poison" in asset.name:
            note(asset.name, 0)
            ctypes.string_at(0)  # a real segmentation fault: no Python code can catch it
        return read(self, run, asset)

    Pipeline._read = poisoned  # type: ignore[method-assign]
    outside._MAIN = CAGE  # type: ignore[misc]
    for guard in CHAOS["off"]:
        OFF[guard]()
    if CHAOS["stalls"]:
        watch_the_loop()


def watch_the_loop() -> None:
    """Note every time at which the server's event loop came to its next turn five milliseconds late or more."""
    serving = serve._serve

    async def late() -> None:
        while True:
            due = time.monotonic() + 0.005
            await asyncio.sleep(0.005)
            if (stood := time.monotonic() - due) > 0.005:
                write(".stalls", f"{time.monotonic():.3f} {1000 * stood:.1f}")

    async def watched(options: Any) -> None:
        watch = asyncio.ensure_future(late())
        try:
            await serving(options)
        finally:
            watch.cancel()

    serve._serve = watched


def without_fence() -> None:
    """Whoever once held a job may go on writing."""
    jobs.held = lambda job_id, fence: JOB.c.id == job_id  # type: ignore[assignment]


def without_where() -> None:
    """A claim takes any unfinished job, whoever has it."""
    jobs.next_of = lambda lanes, now: (  # type: ignore[assignment]
        select(JOB).where(JOB.c.state.in_(["queued", "running"])).order_by(JOB.c.created_at).limit(1)
    )
    without_fence()


def without_heartbeat() -> None:
    """Leases run out under their holders."""
    holding.Holding._beat = lambda self, job, cancelled: True  # type: ignore[method-assign]


def without_giving_back() -> None:
    """A stage that does not notice a stop is waited for."""
    holding.GRACE_S = 600.0  # type: ignore[misc]


def without_waiting_for_the_commit() -> None:
    """Progress is acknowledged first and written a moment later."""
    record = ProgressKeeping.record

    def early(self: ProgressKeeping, actor: Any, asset_id: str, reports: Any, position_ms: int | None) -> Any:
        later = threading.Timer(0.5, record, (self, actor, asset_id, reports, position_ms))
        later.daemon = True
        later.start()
        return record(self, actor, asset_id, [], position_ms)

    ProgressKeeping.record = early  # type: ignore[method-assign]


def without_waiting_for_a_notes_commit() -> None:
    """A note is acknowledged first and written a moment later."""
    add = annotations.Annotations.add

    def early(self: annotations.Annotations, actor: Any, lesson_ref: str, draft: Any) -> Any:
        later = threading.Timer(0.5, add, (self, actor, lesson_ref, draft))
        later.daemon = True
        later.start()
        with self._store.read() as tx:
            note = annotations._placed(tx, actor, tx.lessons.find(lesson_ref), draft)
            return annotations._shown(tx, [note])[0], True

    annotations.Annotations.add = early  # type: ignore[method-assign]


def without_forks() -> None:
    """A worker that died is started anew, with its Python."""
    forking.POSSIBLE = False  # type: ignore[misc]


def without_a_cage() -> None:
    """The child that opens a file has no limits."""
    walls._chosen, walls.use = walls.BARE, lambda setting: None


def without_turns() -> None:
    """A request holds up the event loop, and with it everybody else's."""
    prepare = KnowHubHandler.prepare

    def slow(self: KnowHubHandler) -> Any:
        time.sleep(0.3)
        return prepare(self)

    KnowHubHandler.prepare = slow  # type: ignore[method-assign]


OFF: dict[str, Callable[[], None]] = {
    "fence": without_fence, "where": without_where, "heartbeat": without_heartbeat,
    "giving-back": without_giving_back, "commit": without_waiting_for_the_commit,
    "note-commit": without_waiting_for_a_notes_commit,
    "turns": without_turns, "forks": without_forks, "cage": without_a_cage,
}


if __name__ == "__main__":
    bend()
    door, arguments = sys.argv[1], sys.argv[2:]
    sys.exit(worker.main(arguments) if door == "worker" else serve.main(arguments))
