"""Vectors for the passages of one asset, a batch at a time, each batch kept before the next is begun.

New passages get a vector of the model their course is searched by, and of the one that is coming. Jobs of the kind
`embed` bring an asset up to date: they cut it anew where that was done by older rules, and make what is missing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from knowhub_ext.domain.jobs import Stage
from knowhub_ext.domain.media import Asset
from knowhub_ext.domain.passages import Passage
from knowhub_ext.ports import Embedder
from knowhub_ext.services.cutting import passages_of
from knowhub_ext.services.embedding import Embedders, Made, meanings_of
from knowhub_ext.services.runs import Run
from knowhub_ext.store.database import Store, Tx

#: Passages a batch: two seconds of work where a small model runs on one busy core.
BATCH = 32
#: Who watches a job is told at most so often, in seconds.
TELL_S = 2.0
#: Told how much (0..1) is done, and how many seconds are left.
Tell = Callable[[float, float], None]


class Vectorising:
    def __init__(self, store: Store, embedders: Embedders) -> None:
        self._store = store
        self._embedders = embedders

    def fill(self, run: Run, asset: Asset, passages_id: str, tell: Tell) -> None:
        """Make the vectors that the passages of `passages_id` lack; `asset` is the one that the job works on.

        Raises:
            JobCancelled, Interrupted, LeaseLost, Superseded: left between two batches; what was saved stays.
        """
        engines = self._engines(asset.course_id)
        for number, engine in enumerate(engines):
            def part(share: float, left_s: float, before: int = number) -> None:
                tell((before + share) / len(engines), left_s)

            self._filled(run, passages_id, engine, part)
        with self._store.write() as tx:
            run.guard(tx)
            settle(tx, asset.course_id)

    def again(self, run: Run) -> None:
        """Run a job of the kind `embed`: cut its asset anew where it must be, then make the vectors it lacks.

        Raises:
            InvalidSetting: the model is not on this machine.
            JobCancelled, Interrupted, LeaseLost, Superseded: as `fill`.
        """
        engine = self._embedders.asked(str(run.job.params["model"]))
        after = int(run.job.params.get("after", 0))
        with self._store.write() as tx:
            asset = run.guard(tx)
            tx.event("worker", asset.course_id, "job.changed", run.job.id,
                     {"state": "running", "lesson": asset.lesson_id})
        tell = Telling(self._store, run, asset)
        while self._coarse(asset):
            self._cut(run, asset, engine, tell)
        self._filled(run, asset.id, engine, tell, after=after)
        with self._store.write() as tx:
            run.guard(tx)
            settle(tx, asset.course_id)

    def _engines(self, course_id: str) -> list[Embedder]:
        """Return whose vectors a course's new passages get: of the model it is searched by, of the one coming."""
        with self._store.read() as tx:
            serving = tx.embeddings.serving(course_id)
        names = dict.fromkeys(name for name in (serving.model, serving.coming) if name)
        found = [engine for engine in map(self._embedders.named, names) if engine is not None]
        return found or [self._embedders.chosen]

    def _filled(self, run: Run, passages_id: str, engine: Embedder, tell: Tell, *, after: int = 0) -> None:
        done, started, total = 0, time.monotonic(), 0
        while True:
            with self._store.read() as tx:
                batch = tx.vectors.pending(passages_id, engine.name, BATCH, after=after)
                total = total or tx.vectors.lacking(passages_id, engine.name, after=after)
            if not batch:
                return
            made = meanings_of(engine, batch)
            with self._store.write() as tx:
                asset = run.guard(tx)
                keep(tx, asset.course_id, engine.name, batch, made)
            done += len(batch)
            tell(min(1.0, done / total), (time.monotonic() - started) / done * max(0, total - done))

    def _coarse(self, asset: Asset) -> bool:
        with self._store.read() as tx:
            return tx.passages.coarse(asset.id)

    def _cut(self, run: Run, asset: Asset, engine: Embedder, tell: Tell) -> None:
        """Put new passages in the place of an asset's old ones, in one transaction with their vectors.

        Until then the old ones are found. Where others came meanwhile, nothing is written: the caller looks again. The
        model that the course is still searched by gets its vectors too, so that no passage is lost to it.
        """
        with self._store.read() as tx:
            made = passages_of(tx, asset.id, asset.id)
            serving = self._embedders.named(tx.embeddings.serving(asset.course_id).model)
        engines = {one.name: one for one in (engine, serving) if one is not None}
        rows: dict[str, list[Made]] = {name: [] for name in engines}
        steps = [(name, start) for name in engines for start in range(0, len(made or ()), BATCH)]
        started = time.monotonic()
        for number, (name, start) in enumerate(steps, 1):
            rows[name] += meanings_of(engines[name], (made or [])[start : start + BATCH])
            tell(number / (len(steps) + 1), (time.monotonic() - started) / number * (len(steps) - number))
        with self._store.write() as tx:
            run.guard(tx)
            if passages_of(tx, asset.id, asset.id) != made or not tx.passages.coarse(asset.id):
                return
            if made is None:  # nothing that could be cut anew: what there is stays
                tx.passages.keep_coarse(asset.id)
                return
            stored = tx.passages.replace(asset.id, made)
            for name, meanings in rows.items():
                keep(tx, asset.course_id, name, stored, meanings)
            tx.event("worker", asset.course_id, "passages.replaced", asset.id, {"lesson": asset.lesson_id})


class Telling:
    """Writes down how far a job of the kind `embed` came, and tells who watches; a wish to stop it is seen here."""

    def __init__(self, store: Store, run: Run, asset: Asset) -> None:
        self._store = store
        self._run = run
        self._asset = asset
        self._told = -TELL_S

    def __call__(self, share: float, left_s: float) -> None:
        run = self._run
        run.tick()
        if time.monotonic() - self._told < TELL_S and share < 1:
            return
        self._told = time.monotonic()
        with self._store.write() as tx:
            run.job = tx.jobs.advance(
                run.job.id, run.job.fence, stage=Stage.VECTORS, progress=round(share, 4), eta_s=left_s
            )
            data = {"state": "running", "lesson": self._asset.lesson_id, "progress": share, "eta_s": left_s}
            tx.event("worker", self._asset.course_id, "job.changed", run.job.id, data)
        run.check(run.job)


def keep(tx: Tx, course_id: str, model: str, passages: Sequence[Passage], made: Sequence[Made]) -> None:
    """Keep the vectors of those of the passages that are still there; a course without a model begins with this one."""
    there = tx.passages.homes([passage.id for passage in passages])
    pairs = [(p.id, one) for p, one in zip(passages, made, strict=True) if p.id in there]
    tokens = {passage_id: one.tokens for passage_id, one in pairs if one.tokens is not None}
    tx.vectors.put(model, [(passage_id, one.vector) for passage_id, one in pairs], tokens=tokens)
    tx.embeddings.begin(course_id, model)


def settle(tx: Tx, course_id: str) -> bool:
    """Have a course searched by the model that is coming, if all of its passages have a vector of it now.

    In the transaction in which that became true: no search sees half of it.
    """
    serving = tx.embeddings.serving(course_id)
    if not serving.coming or not tx.embeddings.whole(course_id, serving.coming):
        return False
    tx.embeddings.serve(course_id, serving.coming)
    tx.event("worker", course_id, "vectors.changed", course_id, {"model": serving.coming, "before": serving.model})
    return True
