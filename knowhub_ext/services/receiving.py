"""One piece of an upload as it comes in: written where it belongs, hashed on the way, counted once it is safe."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections import OrderedDict
from types import TracebackType

from knowhub_ext.domain.uploads import Checksum, Upload, UploadState
from knowhub_ext.errors import ChecksumMismatch, TooLarge
from knowhub_ext.services.finishing import Finishing
from knowhub_ext.store.database import Store
from knowhub_ext.store.parts import Part

#: After so many bytes of a piece they are made safe and counted, so that a crash costs at most as many.
CHECKPOINT = 8 << 20


class Digests:
    """The SHA-256 of uploads so far, so that a whole one need not be read again. After a restart it is."""

    def __init__(self, *, most: int = 256) -> None:
        self._most = most
        self._kept: OrderedDict[str, tuple[int, hashlib._Hash]] = OrderedDict()
        self._lock = threading.Lock()

    def at(self, upload: Upload) -> hashlib._Hash | None:
        """Return the digest of the first `upload.offset` bytes, to be updated by the caller; None where unknown."""
        if upload.offset == 0:
            return hashlib.sha256()
        with self._lock:
            offset, digest = self._kept.pop(upload.id, (-1, None))
        return digest if offset == upload.offset else None

    def keep(self, upload: Upload, digest: hashlib._Hash) -> None:
        """Remember the digest of the first `upload.offset` bytes."""
        with self._lock:
            self._kept[upload.id] = (upload.offset, digest)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


class Receiver:
    """Holds an upload's file until `close()`. Used by one thread at a time.

    End it with `finish` where all of the piece came, with `cut` where the connection broke.
    """

    def __init__(
        self, store: Store, part: Part, upload: Upload, *, checksum: Checksum | None, digests: Digests,
        finishing: Finishing,
    ) -> None:
        self._store = store
        self._part = part
        self._upload = upload
        self._checksum = checksum
        self._piece = hashlib.new(checksum.algorithm) if checksum else None
        self._digests = digests
        self._digest = digests.at(upload)
        self._finishing = finishing
        self._room = finishing.room
        self._at = upload.offset

    def write(self, block: bytes | bytearray) -> None:
        """Write the next bytes of the piece.

        Raises:
            TooLarge: there are more than were declared; those of the piece that do not count yet never will.
            DiskFull: the disk has reached its floor, or its end; what was counted stays.
            NotFound: the upload has ended meanwhile.
        """
        if self._at + len(block) > self._upload.size:
            raise TooLarge(
                f"More bytes came than the {self._upload.size} that were declared.",
                cure="Start the upload again with the right length.",
            )
        self._room.require(len(block))
        self._part.write(self._at, block)
        self._at += len(block)
        if self._digest is not None:
            self._digest.update(block)
        if self._piece is not None:
            self._piece.update(block)
        elif self._at - self._upload.offset >= CHECKPOINT and self._at < self._upload.size:
            self._count()

    def finish(self) -> Upload:
        """Count the piece, all of which has come; with the last byte of the file, make an asset of it.

        Raises:
            ChecksumMismatch: the piece is not what its checksum says; nothing of it counts.
            DiskFull, NotFound: as `write`.
        """
        if self._piece is not None and self._checksum is not None:
            if not hmac.compare_digest(self._piece.digest(), self._checksum.digest):
                self._at = self._upload.offset
                self._digest = None
                raise ChecksumMismatch()
        self._count()
        if self._upload.state is UploadState.FINISHING:
            self._upload = self._finishing.finish(
                self._upload, self._part, self._digest.hexdigest() if self._digest is not None else None
            )
        return self._upload

    def cut(self) -> None:
        """Count what came of a piece before its connection broke; of one with a checksum nothing does."""
        if self._piece is None and self._at > self._upload.offset:
            self.finish()

    def close(self) -> None:
        """Let go of the upload; harmless to call twice."""
        receiving = self._upload.state is UploadState.RECEIVING
        if self._digest is not None and receiving and self._at == self._upload.offset:
            self._digests.keep(self._upload, self._digest)
            self._digest = None
        self._part.close()

    def __enter__(self) -> Receiver:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _count(self) -> None:
        """Make what was written safe, then count it: never the other way round."""
        self._part.sync()
        with self._store.write() as tx:
            expires = tx.now + self._room.limits.expiry_s * 1000
            self._upload = tx.uploads.advance(self._upload.id, self._at, expires_ms=expires)
