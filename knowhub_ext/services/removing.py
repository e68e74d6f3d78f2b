"""Taking single files out of their lessons, and putting them back with all that was made of them."""

from __future__ import annotations

from typing import Any

from knowhub_ext.domain.events import instant
from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.jobs import EMBED, Job, JobState, Lane, Stage
from knowhub_ext.domain.media import Asset, AssetStatus
from knowhub_ext.domain.people import Action, Actor
from knowhub_ext.ports import JobRunner
from knowhub_ext.services.access import require
from knowhub_ext.services.cutting import passages_of
from knowhub_ext.services.fallback import hear_instead_of
from knowhub_ext.store.database import Store, Tx


class Removing:
    """A removed file keeps its bytes, transcript, text and progress until its course is purged.

    Args:
        store: where everything is.
        runner: woken where something is to be done again.
        model: the embedder of courses that have no vectors yet.
    """

    def __init__(self, store: Store, runner: JobRunner, *, model: str) -> None:
        self._store = store
        self._runner = runner
        self._model = model

    def remove(self, actor: Actor, asset_id: str) -> None:
        """Take one file out of its lesson: out of search and answers at once, and what is still done for it is stopped.
        A medium that waited for removed captions is recognised.

        Raises:
            NotFound: no such file.
        """
        with self._store.write() as tx:
            asset = tx.assets.get(asset_id)
            require(actor, Action.AUTHOR, asset.course_id)
            for job in tx.jobs.of_asset(asset.id):
                if not job.over:
                    tx.jobs.request_cancel(job.id)
            tx.trash.put_asset(asset.id)
            queued = hear_instead_of(tx, asset)
            tx.event(actor.person_id, asset.course_id, "asset.deleted", asset.id, {"lesson": asset.lesson_id})
        if queued:
            self._runner.wake()

    def removed(self, actor: Actor, course_ref: str) -> list[dict[str, Any]]:
        """Return the removed files of a course, the last one first (schema `RemovedFile`).

        Raises:
            NotFound: no such course.
        """
        with self._store.read() as tx:
            course = tx.courses.get(course_ref)
            require(actor, Action.AUTHOR, course.id)
            return [
                {
                    "asset": row["id"], "lesson": row["lesson_id"], "title": row["title"], "name": row["key"],
                    "kind": row["kind"], "removed_at": instant(row["deleted_at"]),
                }
                for row in tx.trash.assets(course.id)
            ]

    def put_back(self, actor: Actor, asset_id: str) -> Asset:
        """Put a removed file back: found by its words at once, by its meaning when a job has made the vectors again.

        What was not finished when it was removed goes on where it was.

        Raises:
            NotFound: it was not removed, or its lesson is gone.
            Conflict: the lesson has a file of that name again.
        """
        with self._store.write() as tx:
            row = tx.trash.asset(asset_id)
            require(actor, Action.AUTHOR, row["course_id"])
            tx.trash.back_asset(asset_id)
            asset = tx.assets.get(asset_id)
            self._resume(tx, asset)
            tx.event(actor.person_id, asset.course_id, "asset.restored", asset.id, {"lesson": asset.lesson_id})
            asset = tx.assets.get(asset_id)
        self._runner.wake()
        return asset

    def _resume(self, tx: Tx, asset: Asset) -> None:
        founding = next((job for job in tx.jobs.of_asset(asset.id) if job.founding), None)
        if asset.status not in (AssetStatus.READY, AssetStatus.EMPTY):
            if founding is not None and founding.state is JobState.CANCELLED:
                tx.jobs.retry(founding.id)
                tx.assets.set_status(asset.id, AssetStatus.QUEUED, revision=founding.asset_revision)
            elif founding is not None:
                tx.jobs.keep_on(founding.id)
            return
        made = passages_of(tx, asset.id, asset.id)
        if not made:
            return
        tx.passages.replace(asset.id, made)
        serving = tx.embeddings.serving(asset.course_id)
        for model in dict.fromkeys((serving.model or self._model, serving.coming)):
            if model:
                tx.jobs.add(Job(
                    id=new_id(), asset_id=asset.id, course_id=asset.course_id, asset_revision=asset.revision,
                    kind=EMBED, stage=Stage.VECTORS, lane=Lane.LIGHT, params={"model": model}, created_ms=tx.now,
                    updated_ms=tx.now,
                ))
