"""A job as a row and back, and the values of one that ended. Runs no statement."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping

from knowhub_ext.domain.jobs import MAX_ATTEMPTS, Job, JobState, Lane, Stage


def ended(state: JobState, error: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the values of a job nobody holds any more."""
    values: dict[str, Any] = {
        "state": state.value, "error": plain(error), "lease_owner": "", "lease_until": 0, "eta_s": None,
    }
    if state is JobState.DONE:
        values["progress"] = 1.0
    return values if state is JobState.QUEUED else values | {"dedupe": None}


def died(job: Job) -> dict[str, str]:
    """Say why a job is dead whose worker died once too often."""
    return {
        "slug": "dead",
        "message": f"Its worker stopped in the middle of it at the stage '{job.stage.value}', "
        f"in attempt {job.attempts} of {MAX_ATTEMPTS}.",
        "cure": "Check that the file plays or opens elsewhere, then start it again with `knowhub job retry`.",
    }


def dedupe(job: Job) -> str:
    """Return what makes a job the same piece of work as another that is unfinished."""
    asked = f":{json.dumps(dict(job.params), sort_keys=True)}" if job.params else ""
    return f"{job.kind}:{job.asset_id}:{job.asset_revision}{asked}"


def plain(error: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if error is None else dict(error)


def job_of(row: RowMapping) -> Job:
    return Job(
        id=row["id"], asset_id=row["asset_id"], course_id=row["course_id"], asset_revision=row["asset_revision"],
        kind=row["kind"], state=JobState(row["state"]), stage=Stage(row["stage"]), progress=row["progress"],
        eta_s=row["eta_s"], eta_ms=row["eta_at"], lane=Lane(row["lane"]), priority=row["priority"],
        attempts=row["attempts"], fence=row["fence"],
        lease_owner=row["lease_owner"], lease_until_ms=row["lease_until"],
        cancel_requested=row["cancel_requested"], error=row["error"], params=row["params"],
        created_ms=row["created_at"], updated_ms=row["updated_at"], started_ms=row["started_at"],
        not_before_ms=row["not_before"], cleared_ms=row["cleared_at"],
    )
