"""kill -9 in the middle of speech: the next worker goes on from the last saved segment and leaves one transcript."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from knowhub_ext.config import load
from knowhub_ext.hub import build

SAMPLE = Path(__file__).parents[2] / "notebooks" / "fullstack" / "gin-finds-words.mp4"


@pytest.fixture
def hub(tmp_path):
    made = build(load({"data": str(tmp_path / "data"), "embedder": "hashing", "chat_model": "quote"}))
    yield made
    made.close()


def worker(data: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "knowhub_ext.worker", "--data", str(data), "--idle", "1",
               "--settings", '{"embedder": "hashing", "chat_model": "quote"}']
    return subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)


def segments(hub, asset_id: str) -> list[tuple[int, str]]:
    with hub.store.read() as tx:
        found = tx.transcripts.current(asset_id, words=False)
    return [(s.start_ms, s.id) for s in found.segments] if found else []


def wait_for(check, seconds: float = 120.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := check():
            return value
        time.sleep(0.1)
    raise AssertionError("this did not happen in time")


@pytest.mark.models
@pytest.mark.slow
def test_a_killed_worker_loses_nothing_and_doubles_nothing(hub, tmp_path):
    me = hub.people.local()
    hub.courses.create(me, "c")
    added = hub.ingest.add(me, "c", [SAMPLE])
    asset = added.lessons[0]["assets"][0]["asset"]
    first = worker(tmp_path / "data")
    before = wait_for(lambda: len(segments(hub, asset)) >= 3 and segments(hub, asset))
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    saved = segments(hub, asset)
    assert set(before) <= set(saved)
    assert hub.jobs.get(me, added.jobs[0])["state"] == "running"  # positive control: it was in the middle of it

    with hub.store.write() as tx:  # what 30 s of silence would do: the dead worker's lease runs out
        job = tx.jobs.get(added.jobs[0])
        tx.jobs.beat(job.id, job.fence, lease_ms=-1)
    second = worker(tmp_path / "data")
    assert second.wait(timeout=180) == 0
    row = hub.jobs.get(me, added.jobs[0])
    assert (row["state"], row["attempts"]) == ("done", 2)
    after = segments(hub, asset)
    assert after[: len(saved)] == saved  # the same segments with the same ids, not a second transcript
    starts = [start for start, _ in after]
    assert starts == sorted(starts)
    assert len(set(starts)) == len(starts)
    assert after[-1][0] > 0.8 * hub.lessons.asset(me, asset).duration_ms
    with hub.store.read() as tx:
        passages = tx.passages.of_asset(asset)
        vectors = tx.vectors.some(hub.chosen.embedder.name, [p.id for p in passages])
    assert len({p.id for p in passages}) == len(passages) == len(vectors) > 0


@pytest.mark.models
@pytest.mark.slow
def test_a_worker_told_to_stop_gives_its_job_back_within_ten_seconds(hub, tmp_path):
    me = hub.people.local()
    hub.courses.create(me, "c")
    added = hub.ingest.add(me, "c", [SAMPLE])
    asset = added.lessons[0]["assets"][0]["asset"]
    running = worker(tmp_path / "data")
    wait_for(lambda: len(segments(hub, asset)) >= 1)
    running.terminate()
    assert running.wait(timeout=30) == 0
    row = hub.jobs.get(me, added.jobs[0])
    assert (row["state"], row["attempts"]) == ("queued", 0)
    assert segments(hub, asset)
