"""An operator's side of vectors: of which model they are, what is stale, making them anew, deleting what is unused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from knowhub_ext.domain.embeddings import CourseVectors, State
from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.jobs import EMBED, Job, JobState, Lane, Stage
from knowhub_ext.domain.people import Action, Actor
from knowhub_ext.errors import Conflict, NotFound
from knowhub_ext.ports import JobRunner
from knowhub_ext.services.access import require
from knowhub_ext.services.embedding import Embedders
from knowhub_ext.services.speeds import etas
from knowhub_ext.services.vectorising import settle
from knowhub_ext.store.database import Store, Tx

#: Jobs of vectors wait behind everything that somebody has just added.
PRIORITY = -1


class Embeddings:
    def __init__(self, store: Store, runner: JobRunner, embedders: Embedders, limits: Mapping[Lane, int]) -> None:
        self._store = store
        self._runner = runner
        self._embedders = embedders
        self._limits = dict(limits)

    def standing(self, actor: Actor) -> dict[str, Any]:
        """Return models, counts, what is stale and what is being made (schema `Embeddings`).

        Raises:
            Forbidden: they may not change any course.
        """
        require(actor, Action.AUTHOR, None)
        chosen = self._embedders.chosen
        with self._store.read() as tx:
            rows = tx.embeddings.of_courses(chosen.name)
            jobs = tx.jobs.unfinished_of(EMBED)
            left = etas(tx, self._limits) if jobs else {}
            courses = [self._course(tx, row, [job for job in jobs if job.course_id == row.course_id], left)
                       for row in rows]
            used = tx.embeddings.used()
            models: list[dict[str, Any]] = [
                {"model": one.model, "dimensions": one.dimensions, "vectors": one.count, "bytes": one.size,
                 "used": one.model in used, "available": self._embedders.named(one.model) is not None,
                 "courses": [row["course"] for row in courses if one.model in (row["model"], row["coming"])]}
                for one in tx.embeddings.sets()
            ]
        names = ("passages", "stale", "missing", "outdated", "coarse")
        return {
            "chosen": {"model": chosen.name, "dimensions": chosen.dimensions, "semantic": chosen.semantic},
            "totals": {name: sum(row[name] for row in courses) for name in names} | {
                "vectors": sum(one["vectors"] for one in models), "bytes": sum(one["bytes"] for one in models),
            },
            "models": models, "courses": courses,
            "offers": [offer.to_json(chosen=chosen.name) for offer in self._embedders.offers()],
        }

    def _course(self, tx: Tx, row: CourseVectors, jobs: Sequence[Job], left: Mapping[str, float]) -> dict[str, Any]:
        course = tx.courses.get(row.course_id)
        loadable = self._embedders.named(row.serving.model) is not None
        state = row.state(chosen=self._embedders.chosen.name, loadable=loadable, open_jobs=len(jobs))
        ends = [left[job.id] for job in jobs if job.id in left]
        return row.to_json() | {
            "course": course.slug, "title": course.title, "state": state.value,
            "search": "vectors" if loadable else "words", "jobs": len(jobs),
            "running": sum(job.progress for job in jobs if job.state is JobState.RUNNING),
            "eta_s": round(max(ends), 1) if jobs and len(ends) == len(jobs) else None,
        }

    def rebuild(
        self, actor: Actor, refs: Sequence[str] = (), *, model: str | None = None, everything: bool = False
    ) -> dict[str, Any]:
        """Queue what brings courses up to date with a model; none named: all of them. What is current is left alone.

        They are searched by the vectors they have until all of the new ones are there.

        Args:
            actor: who asks.
            refs: ids or slugs of courses.
            model: an embedder by its name or its model; None: that of the settings.
            everything: vectors that are current are made anew as well.

        Returns:
            `{"model", "jobs": [id…], "courses": [slug…], "change": of vectors before}`; the jobs that were there
            already among them.

        Raises:
            InvalidSetting: the model is not on this machine.
            NotFound, Forbidden: no such course, or it is not theirs to change.
        """
        engine = self._embedders.asked(model)
        jobs: list[Job] = []
        with self._store.write() as tx:
            courses = [tx.courses.get(ref) for ref in refs] if refs else tx.courses.all()
            if not refs:
                require(actor, Action.AUTHOR, None)
            for course in courses:
                require(actor, Action.AUTHOR, course.id)
            last = tx.vectors.last()
            params = {"model": engine.name} | ({"after": last} if everything else {})
            for course in courses:
                serving = tx.embeddings.serving(course.id)
                tx.embeddings.expect(course.id, "" if serving.model == engine.name else engine.name)
                jobs += self._queued(tx, actor, course.id, params)
                if not settle(tx, course.id):
                    tx.event(actor.person_id, course.id, "vectors.changed", course.id, {"coming": engine.name})
        if jobs:
            self._runner.wake()
        return {
            "model": engine.name, "jobs": [job.id for job in jobs], "courses": [course.slug for course in courses],
            "change": last,
        }

    def _queued(self, tx: Tx, actor: Actor, course_id: str, params: Mapping[str, Any]) -> list[Job]:
        """Queue a job for each asset of a course with something stale; those for another model are cancelled."""
        model, after = str(params["model"]), params.get("after")
        there: dict[str, Job] = {}
        queued: list[Job] = []
        for job in tx.jobs.unfinished_of(EMBED, course_id):
            if job.params["model"] == model and not job.cancel_requested:
                there[job.asset_id] = job
            else:
                self._cancelled(tx, actor, job)
        for asset_id in tx.embeddings.stale_assets(course_id, model, after=after):
            if asset_id not in there:
                asset = tx.assets.get(asset_id)
                job = there[asset_id] = tx.jobs.add(Job(
                    id=new_id(), asset_id=asset_id, course_id=course_id, asset_revision=asset.revision, kind=EMBED,
                    stage=Stage.VECTORS, lane=Lane.LIGHT, priority=PRIORITY, params=params, created_ms=tx.now,
                    updated_ms=tx.now,
                ))
                tx.event(actor.person_id, course_id, "job.changed", job.id, {"state": job.state.value})
            queued.append(there[asset_id])
        return queued

    def made(self, model: str, after: int) -> int:
        """Return how many vectors of a model were made after the change numbered `after`."""
        with self._store.read() as tx:
            return tx.vectors.made(model, after)

    def cancel(self, actor: Actor, refs: Sequence[str] = ()) -> dict[str, Any]:
        """Stop making vectors; courses go on with the model they are searched by. Return `{"cancelled": how many}`.

        What was made so far stays, and is not made again by the next rebuild.

        Raises:
            NotFound, Forbidden: as `rebuild`.
        """
        count = 0
        with self._store.write() as tx:
            if not refs:
                require(actor, Action.AUTHOR, None)
            for course in [tx.courses.get(ref) for ref in refs] if refs else tx.courses.all():
                require(actor, Action.AUTHOR, course.id)
                for job in tx.jobs.unfinished_of(EMBED, course.id):
                    self._cancelled(tx, actor, job)
                    count += 1
                if tx.embeddings.serving(course.id).coming:
                    tx.embeddings.expect(course.id, "")
                    tx.event(actor.person_id, course.id, "vectors.changed", course.id, {"coming": None})
        return {"cancelled": count}

    def _cancelled(self, tx: Tx, actor: Actor, job: Job) -> None:
        state = tx.jobs.request_cancel(job.id).state
        tx.event(actor.person_id, job.course_id, "job.changed", job.id, {"state": state.value})

    def delete(self, actor: Actor, model: str) -> dict[str, Any]:
        """Delete all vectors of a model that no course is searched by or waits for.

        Returns:
            `{"model", "deleted": how many, "bytes": of them}`. The database file keeps the room for what comes next.

        Raises:
            Forbidden: they do not run this hub.
            NotFound: there are none of it.
            Conflict: a course uses it; the cure names what to do.
        """
        require(actor, Action.CREATE, None)
        with self._store.write() as tx:
            found = next((one for one in tx.embeddings.sets() if one.model == model), None)
            if found is None:
                raise NotFound(f"There are no vectors of '{model[:80]}'.", cure="List them with `knowhub index show`.")
            self._refuse_use(tx, model)
            count = tx.embeddings.delete(model)
            tx.meta.note_deleted(model, tx.vectors.last())
            tx.event(actor.person_id, "", "vectors.deleted", model, {"count": count})
        return {"model": model, "deleted": count, "bytes": found.size}

    def _refuse_use(self, tx: Tx, model: str) -> None:
        if model not in tx.embeddings.used():
            return
        rows = tx.embeddings.of_courses(self._embedders.chosen.name)
        ids = [row.course_id for row in rows if model in (row.serving.model, row.serving.coming)]
        slugs = [tx.courses.get(course_id).slug for course_id in ids]
        if not slugs:
            raise Conflict(
                f"A course in the trash is searched by the vectors of {model}.",
                cure="Purge that course with `knowhub course purge`, or restore it and rebuild it with another model.",
            )
        raise Conflict(
            f"The vectors of {model} are in use by {', '.join(slugs[:5])}{' and others' if len(slugs) > 5 else ''}.",
            cure="Rebuild with another model first (`knowhub index rebuild --model NAME`), then delete these.",
        )


def unserved(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the slugs of those courses of a standing that are searched by words alone."""
    return [row["course"] for row in rows if row["search"] == "words" and row["state"] != State.EMPTY.value]
