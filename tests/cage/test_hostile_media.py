"""Broken and odd media of others through the whole pipeline: a transcript, "no speech" or one sentence; never a crash.

`pytest -s tests/cage/test_hostile_media.py` prints what became of each.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from knowhub_ext.backends import weights
from knowhub_ext.testing import fixtures
from knowhub_ext.testing.hubs import plain_hub, run_jobs

EVAL = Path(os.environ.get("KNOWHUB_EVAL_DATA") or Path(__file__).parents[3] / "shared" / "eval")
FOLDER = EVAL / "hostile_media"
FILES = sorted(FOLDER.glob("*"))
#: How many there are: fewer would prove less than is said of them.
COUNT = 54


@pytest.mark.models
@pytest.mark.slow
@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the {COUNT} hostile files are no part of the repository: no {FOLDER}")
@pytest.mark.skipif(weights.find(weights.TINY_EN) is None, reason="the weights of the extra `models` are not installed")
def test_each_ends_as_a_result_or_as_one_sentence_and_the_queue_goes_on(tmp_path: Path) -> None:
    assert len(FILES) == COUNT
    with plain_hub(tmp_path / "data", transcriber="faster_whisper") as hub:
        me = hub.people.local()
        hub.courses.create(me, "hostile")
        added = hub.ingest.add(me, "hostile", [*FILES, fixtures.SPEECH])
        run_jobs(hub)
        jobs = {row["asset"]: row for row in hub.jobs.page(me, limit=100)[0]}
        rows = [row for lesson in hub.ingest.status(added).lessons for row in lesson["assets"]]
        table = {Path(row["path"]).name: (row, jobs.get(row["asset"])) for row in rows}
    for name, (row, job) in table.items():
        print(f"{name:38} {row['status']:8} {job['attempts'] if job else 0}  {(row['error'] or {}).get('message', '')}")
    assert len(table) == len(FILES) + 1
    assert {row["status"] for row, _ in table.values()} == {"ready", "empty", "failed"}
    assert table[fixtures.SPEECH.name][0]["status"] == "ready", "the last in the queue, after all the others"
    for row, job in table.values():
        assert job is None or (job["state"] in ("done", "failed") and job["attempts"] == 1), "no death, no second try"
        if row["status"] == "failed":
            assert row["error"]["slug"] in ("unreadable-file", "unsupported-file")
            assert row["error"]["message"].endswith(".")
            assert row["error"]["message"].count(". ") == 0
