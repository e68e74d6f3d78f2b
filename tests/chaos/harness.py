"""What the chaos tests share: seeds, counts, folders with made-up lectures, processes to kill, a look at the rows."""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import wave
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zlib import crc32

import httpx

from knowhub_ext.config import load
from knowhub_ext.domain.jobs import Job, JobState
from knowhub_ext.hub import Hub, build
from knowhub_ext.testing.hubs import PLAIN

ROOT = Path(__file__).parents[2]
#: Safety nets for what never happens. How long something takes is held against a limit by `at_most` alone.
PATIENCE_S = 180.0
SEED = int(os.environ.get("KNOWHUB_SEED") or random.SystemRandom().randrange(1 << 32))
TIMES = int(os.environ.get("KNOWHUB_CHAOS") or 1)
#: What KNOWHUB_CHAOS is under `make chaos`.
FULL_TIMES = 25


def count(fast: int, full: int | None = None) -> int:
    """Return how often to do something: `fast` times, multiplied by KNOWHUB_CHAOS; or so that it comes to `full` under
    `make chaos`."""
    if full is None:
        return fast * TIMES
    return fast + (full - fast) * (TIMES - 1) // (FULL_TIMES - 1)


def at_most(limit: float, measured: float, what: str) -> None:
    """Hold a measured time against its pass figure, under `make chaos` only: a fast test's machine may be busy."""
    assert TIMES == 1 or measured <= limit, f"{what}: {measured:g}, to be at most {limit:g}"


def percentile(rank: int, values: Iterable[float]) -> float:
    """Return the value that `rank` per cent of all do not exceed."""
    row = sorted(values)
    return row[-(-len(row) * rank // 100) - 1]


def until(holds: Callable[[], Any], what: str, seconds: float = PATIENCE_S) -> Any:
    """Wait until `holds()` returns something true, and return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := holds():
            return value
        time.sleep(0.03)
    raise AssertionError(f"{what}: not within {seconds:g} s")


def sound(path: Path, seconds: int, salt: int = 0) -> Path:
    """Write silence of its own content: a quarter of a kilohertz is enough for a probe to tell how long it is."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(1000)
        file.writeframes(bytes([128]) * (1000 * seconds - 4) + salt.to_bytes(4, "big"))
    return path


@dataclass
class World:
    """A data folder, what its processes are told, and which of them were started."""

    folder: Path
    database_url: str = ""
    chaos: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "starts.log"

    def environment(self, **chaos: Any) -> dict[str, str]:
        own = {f"KNOWHUB_{name.upper()}": str(PLAIN[name]) for name in ("embedder", "index", "chat_model")}
        own |= {"KNOWHUB_TRANSCRIBER": "chaos", "KNOWHUB_DATABASE_URL": self.database_url} | self.settings
        told = {"log": str(self.log), **self.chaos, **chaos}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KNOWHUB_")}
        return kept | own | {"CHAOS": json.dumps(told), "PYTHONPATH": str(ROOT)}

    def start(self, door: str, *arguments: str, **chaos: Any) -> subprocess.Popen[bytes]:
        """Start a stunt worker or server in a process group of its own; its messages go to a file."""
        command = [sys.executable, "-m", "tests.chaos.stunts", door, "--data", str(self.data), *arguments]
        with (self.folder / "processes.log").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment(**chaos), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def said(self) -> str:
        """Return what all processes said so far."""
        return (self.folder / "processes.log").read_text(errors="replace")

    def starts(self) -> list[tuple[str, int]]:
        """Return every start of a job's speech: the file's name and the millisecond it went on from."""
        rows = self.log.read_text().split("\n") if self.log.exists() else []
        return [(row.split()[0], int(row.split()[1])) for row in rows if row]

    @contextmanager
    def hub(self) -> Iterator[Hub]:
        """Open the folder in this process, to add to it and look at it."""
        own = {"data": str(self.data), "database_url": self.database_url}
        settings = PLAIN | own | {"free_disk_floor_bytes": 0}  # some of these disks are small on purpose
        hub = build(load(settings))
        try:
            yield hub
        finally:
            hub.close()

    def close(self) -> None:
        for process in self.processes:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process with all that it started, and wait for it."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def add(hub: Hub, folder: Path, names: list[str], course: str = "c") -> dict[str, str]:
    """Add made-up lectures (`….wav`, as long as the name says, each of its own bytes) or notes; return ids by name."""
    me = hub.people.local()
    folder.mkdir(parents=True, exist_ok=True)
    if course not in [row["course"] for row in hub.courses.page(me)[0]]:
        hub.courses.create(me, course)
    for number, name in enumerate(names):
        if name.endswith(".wav"):
            sound(folder / name, int(name.rsplit("-", 1)[1].split(".")[0]), salt=crc32(name.encode()))
        else:
            (folder / name).write_text(f"# Note {number}\n\nThis is note number {number} about {name}.\n")
    added = hub.ingest.add(me, course, [folder / name for name in names])
    return {Path(row["path"]).name: row["asset"] for entry in added.lessons for row in entry["assets"]}


def states(hub: Hub) -> Counter[str]:
    """Return how many jobs are in which state."""
    with hub.store.read() as tx:
        return Counter(job.state.value for job in tx.jobs.page(None, None, 10_000))


def settled(hub: Hub) -> bool:
    return not {"queued", "running"} & set(states(hub))


def holder(hub: Hub, name: str | None = None, *, pid: int | None = None) -> Job | None:
    """Return a running job (of the file `name`, held by the process `pid`), or None."""
    with hub.store.read() as tx:
        jobs = [job for job in tx.jobs.page(None, None, 1000) if job.state is JobState.RUNNING]
        jobs = [job for job in jobs if name is None or tx.assets.get(job.asset_id).name == name]
    return next((job for job in jobs if pid is None or pid_of(job) == pid), None)


def pid_of(job: Job) -> int:
    """Return the process that holds a running job."""
    assert job.lease_owner
    return int(job.lease_owner.split(":")[2])


def rows_of(hub: Hub, asset: str) -> dict[str, Any]:
    """Return what a file left in the database: transcripts, segments' starts, passages, vectors."""
    with hub.store.read() as tx:
        found = tx.transcripts.current(asset, words=False)
        passages = tx.passages.of_asset(asset)
        pending = tx.vectors.pending(asset, hub.chosen.embedder.name, 10_000)
        transcripts = _count(tx, "transcript", "asset_id", asset)
        segments = _count_segments(tx, asset)
        vectors = _count_vectors(tx, asset)
    return {
        "transcripts": transcripts, "segments": segments, "complete": found.complete if found else None,
        "starts": [segment.start_ms for segment in found.segments] if found else [],
        "passages": len(passages), "vectors": vectors, "without_vector": len(pending),
    }


def _count(tx: Any, table: str, column: str, value: str) -> int:
    return int(tx.session.connection.exec_driver_sql(
        f"SELECT count(*) FROM {table} WHERE {column} = '{value}'").scalar())


def _count_segments(tx: Any, asset: str) -> int:
    return int(tx.session.connection.exec_driver_sql(
        f"SELECT count(*) FROM segment WHERE transcript_id IN (SELECT id FROM transcript WHERE asset_id = '{asset}')"
    ).scalar())


def _count_vectors(tx: Any, asset: str) -> int:
    return int(tx.session.connection.exec_driver_sql(
        f"SELECT count(*) FROM vector WHERE passage_id IN (SELECT id FROM passage WHERE asset_id = '{asset}')"
    ).scalar())


def whole(hub: Hub, asset: str, seconds: int) -> None:
    """See that a lecture left exactly one transcript of every second, and one vector a passage."""
    rows = rows_of(hub, asset)
    assert rows["starts"] == [second * 1000 for second in range(seconds)], rows
    assert (rows["transcripts"], rows["segments"], rows["complete"]) == (1, seconds, True), rows
    assert rows["passages"] == rows["vectors"] > 0, rows
    assert rows["without_vector"] == 0, rows


def redone_ms(world: World, name: str) -> list[int]:
    """Return how much of a lecture was recognised again, each time that somebody went on with it."""
    rows = [row.split() for row in Path(f"{world.log}.said").read_text().splitlines()]
    said = [int(second) for of, second in rows if of == name]
    return [1000 * (before + 1 - after) for before, after in itertools.pairwise(said) if after != before + 1]


@dataclass
class Served:
    """A running `serve`: its process and a client that may do everything."""

    process: subprocess.Popen[bytes]
    client: httpx.Client


def serve(world: World, **chaos: Any) -> Served:
    """Start a server and wait until it answers."""
    process = world.start("serve", "--port", "0", **chaos)
    run = world.data / "run" / f"server-{process.pid}.json"

    def answers() -> Served | None:
        assert process.poll() is None, world.said()[-3000:]
        try:
            told = json.loads(run.read_text())
            client = httpx.Client(
                base_url=told["url"], headers={"Authorization": f"Bearer {told['token']}"}, timeout=30, trust_env=False
            )
            return Served(process, client) if client.get("/session").is_success else None
        except (OSError, ValueError, httpx.TransportError):
            return None

    return until(answers, "the server answers")


def check_file(path: Path) -> None:
    """See that a SQLite file is sound."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
