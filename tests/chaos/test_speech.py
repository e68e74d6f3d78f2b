"""A10 with a real model: workers are killed while Whisper recognises; one transcript each, the same as undisturbed."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from knowhub_ext.domain.jobs import MAX_ATTEMPTS, JobState
from knowhub_ext.testing.fixtures import SPEECH
from tests.chaos.harness import World, count, kill, rows_of, settled, states, until


@pytest.mark.models
@pytest.mark.slow
def test_real_speech_survives_kills_with_one_transcript_each(
    world: World, chance: random.Random, figure: Callable[[str], None]
) -> None:
    world.settings["KNOWHUB_TRANSCRIBER"] = "faster_whisper"
    folder = world.folder / "in"
    folder.mkdir()
    paths = [folder / f"clip-{n}.ogg" for n in range(count(2))]
    for number, path in enumerate(paths):
        shutil.copy(SPEECH, path)
        with path.open("ab") as file:  # behind the end of the sound: the same speech as content of its own
            file.write(number.to_bytes(4, "big"))
    with world.hub() as hub:
        me = hub.people.local()
        hub.courses.create(me, "c")
        added = hub.ingest.add(me, "c", paths)
        assets = {Path(row["path"]).name: row["asset"] for entry in added.lessons for row in entry["assets"]}
        kills = _batter(world, hub, chance, count(2))
        until(lambda: settled(hub), "all jobs are over")
        assert states(hub) == {"done": len(paths)}, world.said()[-3000:]
        texts = set()
        for asset in assets.values():
            rows = rows_of(hub, asset)
            assert (rows["transcripts"], rows["complete"]) == (1, True), rows
            assert rows["segments"] == len(rows["starts"]) == len(set(rows["starts"])) > 0, rows
            assert rows["passages"] == rows["vectors"] > 0, rows
            with hub.store.read() as tx:
                found = tx.transcripts.current(asset, words=False)
            assert found is not None
            texts.add(" ".join(segment.text.strip() for segment in found.segments))
    assert len(texts) == 1, "killed or not, the same speech is the same text"
    assert kills > 0, "positive control: a worker was killed while it held a job"
    figure(f"A10 real speech: {kills} kills, {len(paths)} recordings, one transcript each")


def _batter(world: World, hub: object, chance: random.Random, kills: int) -> int:
    """Kill workers at random moments after they took a job; return how many were."""
    done = 0
    worker = world.start("worker", "--idle", "1")
    while done < kills:
        job = until(lambda: _held(hub) or settled(hub), "a job runs")
        if job is True:
            break
        time.sleep(chance.uniform(0.0, 3.0))
        job = _held(hub)
        if job is None or job.attempts == MAX_ATTEMPTS:
            continue
        kill(worker)
        done += 1
        worker = world.start("worker", "--idle", "1")
        until(lambda job=job: _fence(hub, job.id) > job.fence, "the job is taken over")
    return done


def _held(hub):
    with hub.store.read() as tx:
        return next((job for job in tx.jobs.page(None, None, 1000) if job.state is JobState.RUNNING), None)


def _fence(hub, job: str) -> int:
    with hub.store.read() as tx:
        return tx.jobs.get(job).fence
