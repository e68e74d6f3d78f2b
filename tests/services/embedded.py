"""Looking at the vectors of a hub, and making them old."""

from __future__ import annotations

import threading

from sqlalchemy import func, select, text, update

from knowhub_ext.domain.embeddings import RECIPE
from knowhub_ext.domain.passages import CUT
from knowhub_ext.store.tables import PASSAGE, VECTOR

#: Another model than that of a plain hub.
OTHER = "hashing-64"
LONG = "\n".join(f"Sentence number {n} speaks of topic{n} and of nothing else at all.\n" for n in range(400))


def serving(hub, course):
    with hub.store.read() as tx:
        return tx.embeddings.serving(course)


def count(hub, model):
    with hub.store.read() as tx:
        return tx.session.scalar(select(func.count()).select_from(VECTOR).where(VECTOR.c.model == model))


def standing(hub, me, slug="demo"):
    return next(row for row in hub.embeddings.standing(me)["courses"] if row["course"] == slug)


def one_job(hub):
    return hub.working.run_one(threading.Event())


def vector_hits(hub, me, query="visibility timeout", course="demo"):
    """What is found by vectors: the words of the query are hidden from the word search."""
    with hub.store.read() as tx:
        known = tx.embeddings.serving(tx.courses.get(course).id).model
    shelf = hub.searching._shelves.of(hub.courses.get(me, course).id, known)
    if shelf is None:
        return {}
    return shelf.nearest(shelf.embedder.embed([query])[0], hub.courses.get(me, course).id, 5)


def grow_old(hub):
    """Let everything be as older rules made it: a passage at every other sentence, vectors by the first recipe."""
    with hub.store.write() as tx:
        tx.session.run(text("DELETE FROM passage WHERE ordinal % 2 = 1"))
        tx.session.run(update(PASSAGE).values(cut=CUT - 1))
        tx.session.run(update(VECTOR).values(recipe=RECIPE - 1))
