"""Which lesson and asset a file means: its own, its next version, the medium it lies beside, or none yet.

A bare name says little, since every recorder writes `zoom_0.mp4`: with other content and from another place it is
another file, unless a person says that it replaces the one of its name. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from knowhub_ext.domain.courses import Lesson
from knowhub_ext.domain.ids import slugify
from knowhub_ext.domain.media import Asset, Blob, kind_of
from knowhub_ext.domain.uploads import UPLOADED, Upload, folder_of
from knowhub_ext.services.gathering import Found, same_stem
from knowhub_ext.store.database import Tx

#: A file with its stored content.
Stored = tuple[Found, Blob]
#: A lesson with its assets.
Held = tuple[Lesson, Sequence[Asset]]


def matching(lessons: Sequence[Held], files: Sequence[Stored], coming: Sequence[Upload]) -> Lesson | None:
    """Return that of the lessons these files belong to; the first file decides, which is the medium where there is one.

    Args:
        lessons: those of the file's name, the oldest first.
        files: of one name.
        coming: what else of the same drop is still on its way.
    """
    head, blob = files[0]
    free = [(lesson, held) for lesson, held in lessons if not any(_clashes(asset, head, blob) for asset in held)]
    for lesson, held in free:
        if any(_dropped_together(asset, head) for asset in held):
            return lesson
    for lesson, held in free:
        # an empty one is what power cut before its first file was written
        if not held or (_joins(lesson is lessons[0][0], held, files) and not _is_for_another(held, head, coming)):
            return lesson
    return None


def named_free(tx: Tx, lesson: Lesson, file: Found, blob: Blob) -> Found:
    """Return the file with a key under which it takes nobody's place in a lesson: `a.md`, else `a (2).md`."""
    path, number = PurePosixPath(file.key), 1
    while True:
        asset = tx.assets.by_key(lesson.id, file.key)
        if asset is None or _takes(asset, file, blob):
            return file
        number += 1
        file = replace(file, key=path.with_name(f"{path.stem} ({number}){path.suffix}").as_posix())


def place(tx: Tx, asset: Asset, key: str, *, title: str | None) -> str | None:
    """Say what a new asset, or a new version, is to the one of its name: `replaced`, `beside` it, or None.

    Args:
        tx: to look.
        asset: what came of the file.
        key: which the file came with.
        title: of the lesson it would begin; None where a person named the lesson.
    """
    if tx.assets.changed(asset.id):
        return "replaced"
    own = title is None or tx.lessons.get(asset.lesson_id).slug == slugify(title)
    return None if own and asset.key == key else "beside"


def _joins(first: bool, held: Sequence[Asset], files: Sequence[Stored]) -> bool:
    head, _ = files[0]
    if not first and head.uploaded and _timed(head.key):
        # what waits alone in a lesson like `talk (2)` is no medium's captions, but those of the same drop
        return any(_takes(asset, *files[0]) for asset in held)
    return any(_belongs(asset, file, blob) for asset in held for file, blob in files)


def _takes(asset: Asset, file: Found, blob: Blob) -> bool:
    """Say whether a file is an asset's file, or its next version."""
    uploaded = bool(file.uploaded) or asset.source.startswith(UPLOADED)
    if not uploaded and Path(asset.source) == file.path.resolve():
        return True
    if asset.key != file.key:
        return False
    if asset.sha256 == blob.sha256 or file.replaces:
        return True
    if not folder_of(file.key):
        return False
    if uploaded:
        # One drop has one file at one path: another content under it came from another folder of the same name.
        return file.uploaded == UPLOADED or asset.source != file.uploaded
    return not Path(asset.source).exists()  # its folder has moved


def _belongs(asset: Asset, file: Found, blob: Blob) -> bool:
    """Say whether a file is an asset's file, its next version, or the caption file or document beside it."""
    if _takes(asset, file, blob):
        return True
    if asset.key == file.key or not same_stem(asset.key, file.key):
        return False
    if file.uploaded or asset.source.startswith(UPLOADED):  # nothing is known of it but its relative path
        return folder_of(asset.key) == folder_of(file.key)
    return Path(asset.source).parent == file.path.resolve().parent


def _clashes(asset: Asset, file: Found, blob: Blob) -> bool:
    return asset.key == file.key and not _takes(asset, file, blob)


def _dropped_together(asset: Asset, file: Found) -> bool:
    """Say whether one of the two is the medium of the other, and both came in one drop."""
    beside = folder_of(asset.key) == folder_of(file.key) and same_stem(asset.key, file.key) and asset.key != file.key
    return file.uploaded not in ("", UPLOADED) and asset.source == file.uploaded and beside and (
        asset.kind.timed or _timed(file.key)
    )


def _is_for_another(held: Sequence[Asset], file: Found, coming: Sequence[Upload]) -> bool:
    """Say whether a medium is on its way beside this file that is not the one a lesson has: their sizes tell."""
    if _timed(file.key):
        return False
    for upload in coming:
        mine = _timed(upload.key) and folder_of(upload.key) == folder_of(file.key) and same_stem(upload.key, file.key)
        if mine and not upload.replaces:
            return any(asset.key == upload.key and asset.size != upload.size for asset in held)
    return False


def _timed(key: str) -> bool:
    kind = kind_of(key)
    return kind is not None and kind.timed
