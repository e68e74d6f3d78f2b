"""From an upload whose bytes are all here to an asset of its course, once, whatever breaks in between.

The steps: the hash is written down; the file is moved to where content lies; one transaction writes content, asset,
job, event and the upload's end. Each step may be done again, so whoever finds a finishing upload takes it on.
"""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from knowhub_ext.domain.media import Blob
from knowhub_ext.domain.people import Actor
from knowhub_ext.domain.uploads import Upload, UploadState
from knowhub_ext.errors import KnowHubError, NotFound, UnreadableFile, UploadLocked, UserError
from knowhub_ext.ports import BlobStore, JobRunner
from knowhub_ext.services.gathering import Found, lesson_title
from knowhub_ext.services.placing import lesson_of, named_lesson, store_asset
from knowhub_ext.services.room import Room
from knowhub_ext.store.database import Store
from knowhub_ext.store.parts import Part, Parts

_log = logging.getLogger("knowhub.uploads")
#: How often expired uploads are looked for, and how old a file without an upload must be, seconds.
SWEEP_S, STRAY_S = 60.0, 3600.0


class Finishing:
    def __init__(self, store: Store, blobs: BlobStore, runner: JobRunner, *, parts: Parts, room: Room) -> None:
        self._store = store
        self._blobs = blobs
        self._runner = runner
        self._parts = parts
        self.room = room
        self._swept = float("-inf")
        self._turn = threading.Lock()

    def finish(self, upload: Upload, part: Part, sha256: str | None = None) -> Upload:
        """Make an asset of a finishing upload; return what became of it.

        What only this moment forbids (a busy database, a full disk, a course in the trash) leaves it finishing, for
        `recover`.

        Args:
            upload: as the database has it.
            part: its file, held by the caller.
            sha256: of the file, where it is known already.

        Raises:
            UserError: it can never become one; that is written down.
        """
        if not self._awaited(upload):
            return upload
        blob = None
        try:
            blob = self._content(upload, part, sha256 or upload.sha256)
            done = self._placed(upload, blob)
        except UserError as error:
            waits = isinstance(error, NotFound) and not self._awaited(upload)  # its course went into the trash just now
            if not waits:
                self._failed(upload, error)
            if blob is not None:
                self._let_go(blob)
            if not waits:
                raise
            return upload
        except KnowHubError as error:
            _log.warning("upload %s is whole and waits: %s %s", upload.id, error.message, error.cure)
            return upload
        if done.job_id is not None:
            self._runner.wake()
        return done

    def recover(self) -> int:
        """Finish what a crash or a full disk left finishing; return how many ended. Those in hand are left."""
        with self._store.read() as tx:
            waiting = tx.uploads.finishing()
        return sum(self._recovered(upload.id) for upload in waiting)

    def sweep(self) -> int:
        """Forget uploads whose time is over, and files that belong to none; return how many. At most once a minute."""
        with self._turn:
            if time.monotonic() - self._swept < SWEEP_S:
                return 0
            self._swept = time.monotonic()
        with self._store.read() as tx:
            over, known = tx.uploads.expired(), tx.uploads.known()
        strays = self._parts.strays(known, older_s=STRAY_S)
        return sum(self._forgotten(upload_id) for upload_id in [*(upload.id for upload in over), *strays])

    def _awaited(self, upload: Upload) -> bool:
        """Say whether its course is there; one in the trash may come back, and what was uploaded waits for that."""
        with self._store.read() as tx:
            try:
                tx.courses.get(upload.course_id)
            except NotFound:
                return False
        return True

    def _content(self, upload: Upload, part: Part, sha256: str) -> Blob:
        """Move the file to where content lies. Its hash is written down first: a purge leaves alone what is awaited."""
        if part.length() < upload.size:
            return self._moved_before(upload)
        part.cut(upload.size)
        sha256 = sha256 or part.digest(upload.size).hexdigest()
        with self._store.write() as tx:
            tx.uploads.hashed(upload.id, sha256)
        part.let_move()
        return self._blobs.adopt(part.path, sha256=sha256)

    def _moved_before(self, upload: Upload) -> Blob:
        """Return the content that was moved before a crash; the file that opening the upload has made is not it."""
        try:
            if not upload.sha256:
                raise NotFound
            size = self._blobs.path(upload.sha256).stat().st_size
        except NotFound as error:
            raise UnreadableFile(f"What came of '{upload.name}' is lost.", cure="Upload it again.") from error
        self._parts.remove(upload.id)
        return Blob(sha256=upload.sha256, size=size)

    def _placed(self, upload: Upload, blob: Blob) -> Upload:
        found = Found(path=Path(upload.name), key=upload.key, given=upload.key, uploaded=upload.source,
                      replaces=upload.replaces)
        actor = Actor(person_id=upload.person_id)  # whether they may was asked at the beginning and with each piece
        with self._store.write() as tx:
            course = tx.courses.get(upload.course_id)
            if upload.lesson:
                lesson = named_lesson(tx, actor, course, upload.lesson)
            else:
                lesson = lesson_of(tx, actor, course, lesson_title(upload.key), [(found, blob)])
            asset, job = store_asset(tx, actor, lesson, found, blob)
            return tx.uploads.finish(
                upload.id, asset_id=asset.id, job_id=job.id if job else None, expires_ms=self._expiry(tx.now)
            )

    def _let_go(self, blob: Blob) -> None:
        """Remove content of which no asset came, unless something else uses it or this upload still waits."""
        with self._store.write() as tx:
            if not (tx.blobs.known(blob.sha256) or tx.uploads.holds(blob.sha256)):
                self._blobs.remove(blob.sha256)

    def _failed(self, upload: Upload, error: UserError) -> None:
        with self._store.write() as tx:
            tx.uploads.fail(upload.id, error.to_json(), expires_ms=self._expiry(tx.now))
            tx.event(
                upload.person_id, upload.course_id, "upload.failed", upload.id, {"person": upload.person_id}
            )
        self._parts.remove(upload.id)

    def _recovered(self, upload_id: str) -> bool:
        try:
            with self._parts.held(upload_id) as part:
                with self._store.read() as tx:
                    upload = tx.uploads.get(upload_id)
                return self.finish(upload, part).state is not UploadState.FINISHING
        except UploadLocked:
            return False
        except UserError:  # written down, or gone with its course
            return True
        except OSError as error:  # a disk that cannot be read is no reason to leave the others
            _log.error("upload %s cannot be finished: %s", upload_id, error)
            return False

    def _forgotten(self, upload_id: str) -> bool:
        """Forget one; not where it was renewed a moment ago. The row goes first: a file without one is swept later."""
        try:
            with self._parts.held(upload_id):
                with self._store.write() as tx:
                    upload = next((row for row in tx.uploads.expired() if row.id == upload_id), None)
                    if upload is None and upload_id in tx.uploads.known():
                        return False
                    if upload is not None:
                        tx.uploads.remove(upload_id)
                    if upload is not None and upload.state is UploadState.RECEIVING:
                        mine = {"person": upload.person_id}
                        tx.event(upload.person_id, upload.course_id, "upload.expired", upload_id, mine)
                self._parts.remove(upload_id)
        except UploadLocked:
            return False
        return True

    def _expiry(self, now_ms: int) -> int:
        return now_ms + self.room.limits.expiry_s * 1000
