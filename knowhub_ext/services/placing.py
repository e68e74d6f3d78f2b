"""Where a file's content goes: into which lesson, as which asset, with which job. All in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowhub_ext.domain.courses import Course, Lesson
from knowhub_ext.domain.ids import new_id, slugify
from knowhub_ext.domain.jobs import Job, Lane
from knowhub_ext.domain.media import Asset, AssetKind, AssetStatus, Blob, kind_of
from knowhub_ext.domain.people import Actor
from knowhub_ext.domain.texts import canonical
from knowhub_ext.domain.uploads import UPLOADED
from knowhub_ext.errors import UnsupportedFile
from knowhub_ext.services.gathering import Found
from knowhub_ext.services.matching import Held, Stored, matching, named_free
from knowhub_ext.services.targets import captions_of, medium_of
from knowhub_ext.store.database import Tx


def named_lesson(tx: Tx, actor: Actor, course: Course, title: str) -> Lesson:
    """Return the lesson that a person named by its title, making it where there is none."""
    return tx.lessons.by_slug(course.id, slugify(title)) or _new_lesson(tx, actor, course, title, slugify(title))


def lesson_of(tx: Tx, actor: Actor, course: Course, title: str, files: Sequence[Stored]) -> Lesson:
    """Return the lesson these files belong to: one that holds them already, or a new one.

    Files of the same name from different folders, or of different content, are different files: the second gets a
    lesson of its own, told apart by its folder's name or a number, instead of taking the first one's place.
    """
    head = files[0][0]
    held: list[Held] = []
    names = _names(title, head)
    name, slug = next(names)
    while (lesson := tx.lessons.by_slug(course.id, slug)) is not None:
        held.append((lesson, tx.assets.of_lesson(lesson.id)))
        name, slug = next(names)
    batch = head.uploaded.removeprefix(UPLOADED)
    coming = tx.uploads.of_batch(actor.person_id, course.id, batch) if held and batch else []
    return matching(held, files, coming) or _new_lesson(tx, actor, course, name, slug)


def _names(title: str, file: Found) -> Iterator[tuple[str, str]]:
    yield title, slugify(title)
    longer = f"{file.folder} · {title}" if file.folder else title
    if file.folder:
        yield longer, slugify(longer)
    number = 2
    while True:
        yield f"{longer} ({number})", f"{slugify(longer)[:70]}-{number}"
        number += 1


def _new_lesson(tx: Tx, actor: Actor, course: Course, title: str, slug: str) -> Lesson:
    position = len(tx.lessons.of_course(course.id))
    lesson = Lesson(id=new_id(), course_id=course.id, slug=slug, title=canonical(title).strip(), position=position)
    tx.lessons.add(lesson)
    tx.event(actor.person_id, course.id, "lesson.added", lesson.id)
    return lesson


def store_asset(tx: Tx, actor: Actor, lesson: Lesson, file: Found, blob: Blob) -> tuple[Asset, Job | None]:
    """Write blob, asset, job and event. What is ready already gets no job; what is unfinished, its open job.

    Another file of its name in the lesson stays beside it, unless this one is its next version.
    """
    tx.blobs.put(blob)
    file = named_free(tx, lesson, file, blob)
    asset = tx.assets.by_key(lesson.id, file.key)
    source = file.source
    if asset is None:
        asset = _new_asset(tx, lesson, file, blob)
        tx.assets.add(asset)
        _hand_over_captions(tx, asset)
    elif asset.sha256 != blob.sha256:
        for old in tx.jobs.of_asset(asset.id):
            tx.jobs.request_cancel(old.id)  # what it reads is no longer this asset's content
        asset = tx.assets.revise(asset.id, blob=blob, path=file.given, source=source)
    else:
        tx.assets.set_source(asset.id, path=file.given, source=source)  # its folder may have moved
        if asset.status in (AssetStatus.READY, AssetStatus.EMPTY):
            return asset, None
        if asset.status is AssetStatus.FAILED:
            tx.assets.set_status(asset.id, AssetStatus.QUEUED)
        asset = tx.assets.get(asset.id)
    job = queue(tx, asset)
    if asset.kind is AssetKind.CAPTIONS:  # its medium has nothing heavy to do any more
        tx.jobs.move(medium_of(asset, tx.assets.of_lesson(lesson.id)).id, Lane.LIGHT)
    tx.event(actor.person_id, asset.course_id, "asset.added", asset.id, {"lesson": lesson.id, "job": job.id})
    return asset, job


def _hand_over_captions(tx: Tx, medium: Asset) -> None:
    """Have captions that came before their medium read again, now as its transcript.

    They were a text of their own until now. As a new revision: whoever works on the old one then leaves nothing.
    """
    if not medium.kind.timed:
        return
    siblings = tx.assets.of_lesson(medium.lesson_id)
    captions = captions_of(medium, siblings)
    if captions is None or captions.status is AssetStatus.QUEUED or medium_of(captions, siblings).id != medium.id:
        return
    tx.passages.replace(captions.id, [])
    for old in tx.jobs.of_asset(captions.id):
        tx.jobs.request_cancel(old.id)
    blob = Blob(sha256=captions.sha256, size=captions.size)
    queue(tx, tx.assets.revise(captions.id, blob=blob, path=captions.path, source=captions.source))


def queue(tx: Tx, asset: Asset) -> Job:
    """Queue the work on an asset's present revision; where that waits or runs already, return that job."""
    spoken = asset.kind.timed and captions_of(asset, tx.assets.of_lesson(asset.lesson_id)) is None
    return tx.jobs.add(
        Job(id=new_id(), asset_id=asset.id, course_id=asset.course_id, asset_revision=asset.revision,
            lane=Lane.SPEECH if spoken else Lane.LIGHT, priority=0 if asset.kind.timed else 1,
            created_ms=tx.now, updated_ms=tx.now)
    )


def _new_asset(tx: Tx, lesson: Lesson, file: Found, blob: Blob) -> Asset:
    kind = kind_of(file.key)
    if kind is None:
        raise UnsupportedFile(f"{file.path.name} cannot be added.")
    first = kind.timed and not any(a.primary for a in tx.assets.of_lesson(lesson.id))
    return Asset(
        id=new_id(), lesson_id=lesson.id, course_id=lesson.course_id, key=file.key, kind=kind, sha256=blob.sha256,
        size=blob.size, path=file.given, source=file.source, primary=first,
    )
