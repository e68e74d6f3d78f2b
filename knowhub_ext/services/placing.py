"""Where a file's content goes: into which lesson, as which asset, with which job. All in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from knowhub_ext.domain.courses import Course, Lesson
from knowhub_ext.domain.ids import new_id, slugify
from knowhub_ext.domain.jobs import Job, Lane
from knowhub_ext.domain.media import Asset, AssetKind, AssetStatus, Blob, kind_of
from knowhub_ext.domain.people import Actor
from knowhub_ext.domain.texts import canonical
from knowhub_ext.domain.uploads import UPLOADED, folder_of
from knowhub_ext.errors import UnsupportedFile
from knowhub_ext.services.gathering import Found, same_stem
from knowhub_ext.services.targets import captions_of, medium_of
from knowhub_ext.store.database import Tx

#: A file with its stored content.
Stored = tuple[Found, Blob]


def named_lesson(tx: Tx, actor: Actor, course: Course, title: str) -> Lesson:
    """Return the lesson that a person named by its title, making it where there is none."""
    return tx.lessons.by_slug(course.id, slugify(title)) or _new_lesson(tx, actor, course, title, slugify(title))


def lesson_of(tx: Tx, actor: Actor, course: Course, title: str, files: Sequence[Stored]) -> Lesson:
    """Return the lesson these files belong to: one that holds them already, or a new one.

    Files of the same name from different folders are different files: the second gets a lesson of its own, told apart
    by its folder's name, instead of taking the first one's place.
    """
    for name, slug in _names(title, files[0][0]):
        lesson = tx.lessons.by_slug(course.id, slug)
        if lesson is None:
            return _new_lesson(tx, actor, course, name, slug)
        held = tx.assets.of_lesson(lesson.id)
        # an empty one is what power cut before its first file was written
        if not held or any(_belongs(asset, file, blob) for asset in held for file, blob in files):
            return lesson
    raise AssertionError("the names never end")


def _names(title: str, file: Found) -> Iterator[tuple[str, str]]:
    yield title, slugify(title)
    longer = f"{file.folder} · {title}" if file.folder else title
    if file.folder:
        yield longer, slugify(longer)
    number = 2
    while True:
        yield f"{longer} ({number})", f"{slugify(longer)[:70]}-{number}"
        number += 1


def _belongs(asset: Asset, file: Found, blob: Blob) -> bool:
    """Say whether a file is an asset's file, its next version, or the caption file or document beside it."""
    if file.uploaded or asset.source.startswith(UPLOADED):
        return _belongs_by_key(asset, file, blob)
    here, source = file.path.resolve(), Path(asset.source)
    if source == here or (source.parent == here.parent and same_stem(asset.key, file.key)):
        return True
    return asset.key == file.key and (asset.sha256 == blob.sha256 or not source.exists())


def _belongs_by_key(asset: Asset, file: Found, blob: Blob) -> bool:
    """As `_belongs` where one of the two was uploaded, so that nothing is known of it but its relative path.

    The same path again is the next version. But one drop has one file at one path: another content under the same
    path in the same drop came from another folder of the same name, and takes nobody's place.
    """
    if asset.key != file.key:
        return folder_of(asset.key) == folder_of(file.key) and same_stem(asset.key, file.key)
    same_drop = file.uploaded != UPLOADED and asset.source == file.uploaded
    return asset.sha256 == blob.sha256 or not same_drop


def _new_lesson(tx: Tx, actor: Actor, course: Course, title: str, slug: str) -> Lesson:
    position = len(tx.lessons.of_course(course.id))
    lesson = Lesson(id=new_id(), course_id=course.id, slug=slug, title=canonical(title).strip(), position=position)
    tx.lessons.add(lesson)
    tx.event(actor.person_id, course.id, "lesson.added", lesson.id)
    return lesson


def store_asset(tx: Tx, actor: Actor, lesson: Lesson, file: Found, blob: Blob) -> tuple[Asset, Job | None]:
    """Write blob, asset, job and event. What is ready already gets no job; what is unfinished, its open job."""
    tx.blobs.put(blob)
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
