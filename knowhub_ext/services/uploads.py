"""Files that come in pieces: begin one, ask how far it is, list one's own, open it for the next piece, end it.

Receiving a piece is `services/receiving`, becoming an asset `services/finishing`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.media import kind_of
from knowhub_ext.domain.people import Action, Actor
from knowhub_ext.domain.uploads import Checksum, Offer, Upload, UploadState
from knowhub_ext.errors import NotFound, OffsetConflict, TooLarge, UnsupportedFile, UserError
from knowhub_ext.services.access import require
from knowhub_ext.services.finishing import Finishing
from knowhub_ext.services.gathering import lesson_title
from knowhub_ext.services.matching import place
from knowhub_ext.services.receiving import Digests, Receiver
from knowhub_ext.store.database import Store, Tx
from knowhub_ext.store.parts import Parts


class Uploads:
    """A person's own uploads; those of others are not found."""

    def __init__(self, store: Store, parts: Parts, finishing: Finishing) -> None:
        self._store = store
        self._parts = parts
        self._room = finishing.room
        self._finishing = finishing
        self._digests = Digests()

    @property
    def largest(self) -> int:
        """Return the most bytes one file may have."""
        return self._room.limits.file_bytes

    def create(self, actor: Actor, offer: Offer) -> Upload:
        """Begin an upload, with room for all of it. A file without a byte is whole at once.

        Raises:
            NotFound, Forbidden: no such course, or not one to add to.
            UnsupportedFile: files of its kind cannot be added.
            TooLarge, QuotaExceeded, DiskFull: there is no room for it.
        """
        with self._store.write() as tx:
            course = tx.courses.get(offer.course)
            require(actor, Action.AUTHOR, course.id)
            if kind_of(offer.name) is None:
                suffix = PurePosixPath(offer.name).suffix
                raise UnsupportedFile(f"'{offer.name[:200]}': {suffix or 'such'} files cannot be added.")
            self._room.admit(tx, course.id, offer.size, name=offer.name)
            upload = Upload(
                id=new_id(), person_id=actor.person_id, course_id=course.id, key=offer.key, size=offer.size,
                lesson=offer.lesson, batch=offer.batch, metadata=offer.metadata, expires_ms=self._expiry(tx),
            )
            tx.uploads.add(upload)
            tx.event(actor.person_id, course.id, "upload.created", upload.id, {"person": actor.person_id})
        if upload.size:
            return upload
        with self.open(actor, upload.id, 0) as receiver:
            return receiver.finish()

    def find(self, actor: Actor, upload_id: str) -> Upload:
        """Return how far an upload is: what counts is on disk.

        Raises:
            NotFound: it does not exist, has expired, or is somebody else's.
        """
        with self._store.read() as tx:
            return self._honest(self._mine(tx, actor, upload_id))

    def detail(self, actor: Actor, upload_id: str) -> dict[str, Any]:
        """Return schema `Upload`; raises as `find`."""
        with self._store.read() as tx:
            upload = self._honest(self._mine(tx, actor, upload_id))
            return upload.to_json(course=tx.courses.get(upload.course_id).slug, place=_place(tx, upload))

    def page(
        self, actor: Actor, *, course: str | None, after: str | None = None, limit: int = 50
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Return the actor's own uploads as schema `Upload`, oldest first, and the next page's cursor.

        They are those that are unfinished, or failed and have not expired yet: why is in their `error`.

        Raises:
            NotFound, Forbidden: no such course, or not one to add to.
        """
        with self._store.read() as tx:
            course_id = tx.courses.get(course).id if course else None
            require(actor, Action.AUTHOR, course_id or actor.course)
            found = tx.uploads.page(actor.person_id, course_id, after, limit + 1)
            slugs = {row.id: row.slug for row in tx.courses.all()}
        rows = [self._honest(u).to_json(course=slugs[u.course_id]) for u in found[:limit] if u.course_id in slugs]
        return rows, found[limit - 1].id if len(found) > limit else None

    def open(
        self, actor: Actor, upload_id: str, offset: int, *, checksum: Checksum | None = None, length: int | None = None
    ) -> Receiver:
        """Open an upload for a piece that begins at `offset`; held until the receiver is closed.

        Args:
            actor: whose upload it is.
            upload_id: which.
            offset: where the piece begins, bytes.
            checksum: what the piece must be; then it counts whole or not at all.
            length: bytes of the piece, where they were declared.

        Raises:
            NotFound, Forbidden: as `find`; or the right to add was taken away.
            OffsetConflict: the upload is not at `offset`.
            TooLarge: the piece is longer than what is missing.
            UploadLocked: another connection is writing.
            DiskFull: the disk has reached its floor.
        """
        with self._store.read() as tx:
            self._mine(tx, actor, upload_id)  # before a file is made for it
        part = self._parts.take(upload_id)
        try:
            with self._store.read() as tx:
                upload = self._honest(self._mine(tx, actor, upload_id))
            _check_piece(upload, offset, length)
            self._room.require(0)
            return Receiver(
                self._store, part, upload, checksum=checksum, digests=self._digests, finishing=self._finishing
            )
        except BaseException:
            part.close()
            raise

    def end(self, actor: Actor, upload_id: str) -> None:
        """Give an upload up, with what is here of it. One that is done leaves its asset alone.

        Raises:
            NotFound, Forbidden: as `find`.
            UploadLocked: another connection is writing.
        """
        with self._store.read() as tx:
            self._mine(tx, actor, upload_id)
        with self._parts.held(upload_id), self._store.write() as tx:
            upload = self._mine(tx, actor, upload_id)
            if upload.state is UploadState.FINISHING:
                raise OffsetConflict("All of it is here already, and it is becoming a part of the course.")
            tx.uploads.remove(upload.id)
            tx.event(actor.person_id, upload.course_id, "upload.ended", upload.id, {"person": actor.person_id})
        self._parts.remove(upload_id)

    def tend(self) -> None:
        """Finish what was left unfinished, and sweep what has expired; call it now and then."""
        self._finishing.recover()
        self._finishing.sweep()

    def _mine(self, tx: Tx, actor: Actor, upload_id: str) -> Upload:
        upload = tx.uploads.get(upload_id)
        if upload.person_id != actor.person_id:
            raise NotFound("There is no such upload.", cure="Start the upload again.")
        require(actor, Action.AUTHOR, upload.course_id)
        return upload

    def _honest(self, upload: Upload) -> Upload:
        """Count no byte that is not there: a restored backup knows uploads whose files it does not hold."""
        if upload.state is not UploadState.RECEIVING:
            return upload
        return replace(upload, offset=min(upload.offset, self._parts.length(upload.id)))

    def _expiry(self, tx: Tx) -> int:
        return tx.now + self._room.limits.expiry_s * 1000


def _place(tx: Tx, upload: Upload) -> str | None:
    """Say what became of an upload beside a file of its name; None where nothing came of it that was not there."""
    try:
        asset = tx.assets.get(upload.asset_id or "")
    except NotFound:  # it has no asset yet, or that is in the trash
        return None
    if upload.job_id is None or asset.sha256 != upload.sha256:
        return None
    return place(tx, asset, upload.key, title=None if upload.lesson else lesson_title(upload.key))


def _check_piece(upload: Upload, offset: int, length: int | None) -> None:
    """Raise where a piece of `length` bytes at `offset` is not the one that is missing."""
    if upload.state is UploadState.FAILED and upload.error:
        raise UserError(upload.error["message"], cure=upload.error["cure"])
    if upload.state is not UploadState.RECEIVING:
        raise OffsetConflict("All of this upload is here already.", cure="Nothing needs doing.")
    if offset != upload.offset:
        raise OffsetConflict(f"The piece begins at byte {offset}, but the upload ends at byte {upload.offset}.")
    if length is not None and length > upload.size - offset:
        raise TooLarge(
            f"The piece has {length} bytes, but only {upload.size - offset} are missing.",
            cure="Start the upload again with the right length.",
        )
