"""Uploads: what a client says of a file it sends in pieces (tus 1.0), and the rules about it. Pure text and numbers.

Names and paths that a client sends are data: they name an asset, never a file of this machine.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import PurePosixPath
from typing import Any

from knowhub_ext.domain.events import instant
from knowhub_ext.domain.texts import canonical
from knowhub_ext.errors import UserError

TUS_VERSION = "1.0.0"
EXTENSIONS = ("creation", "creation-with-upload", "termination", "checksum", "expiration")
#: Names of checksum algorithms, as tus writes them and as hashlib knows them, with the length of a digest in bytes.
ALGORITHMS: Mapping[str, int] = {"sha1": 20, "sha256": 32}
#: Most bytes of metadata, characters of one name, and of a whole path.
METADATA_MAX, NAME_MAX, PATH_MAX = 8192, 255, 1024
_KEY = re.compile(r"[!-+\--~]+\Z")  # visible ASCII without space and comma
_BATCH = re.compile(r"[\w.:-]{1,80}\Z", re.ASCII)
_LENGTH = re.compile(r"\d{1,18}\Z", re.ASCII)
_AGAIN = "Send it as tus 1.0 says: https://tus.io/protocols/resumable-upload."


class UploadState(str, Enum):
    RECEIVING = "receiving"
    FINISHING = "finishing"  #: all bytes are here; it is becoming an asset
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A file that a client wants to send: `key` is its relative path, `size` its bytes, `metadata` as it was sent."""

    course: str
    key: str
    size: int
    lesson: str = ""
    batch: str = ""
    metadata: str = ""

    @property
    def name(self) -> str:
        return PurePosixPath(self.key).name


@dataclass(frozen=True, kw_only=True, slots=True)
class Checksum:
    """The digest that a piece must have. `algorithm` is one of `ALGORITHMS`."""

    algorithm: str
    digest: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file on its way in. `offset` counts the bytes that are safely here; times are UTC milliseconds."""

    id: str
    person_id: str
    course_id: str
    key: str
    size: int
    lesson: str = ""
    batch: str = ""
    metadata: str = ""
    state: UploadState = UploadState.RECEIVING
    offset: int = 0
    sha256: str = ""  #: known once all bytes are here
    asset_id: str | None = None
    job_id: str | None = None
    error: Mapping[str, str] | None = field(default=None)
    expires_ms: int = 0

    @property
    def name(self) -> str:
        return PurePosixPath(self.key).name

    @property
    def source(self) -> str:
        """Return where an asset made of this came from, as `Asset.source` keeps it."""
        return f"{UPLOADED}{self.batch}"

    @property
    def replaces(self) -> bool:
        """Whether its sender said that it takes the place of the file of its name."""
        return parse_metadata(self.metadata).get("replace") == "yes"

    def to_json(self, *, course: str, place: str | None = None) -> dict[str, Any]:
        """Return schema `Upload`; `course` is the slug, `place` what it is to a file of its name."""
        return {
            "upload": self.id, "course": course, "name": self.name, "path": self.key, "batch": self.batch or None,
            "size": self.size, "offset": self.offset, "state": self.state.value, "asset": self.asset_id,
            "job": self.job_id, "error": dict(self.error) if self.error else None,
            "place": place, "expires_at": instant(self.expires_ms),
        }


#: Before the batch, in the source of an asset that came by upload: no path of any machine begins like this.
UPLOADED = "upload:"


def parse_length(text: str | None, name: str) -> int:
    """Return the number in a header `name`.

    Raises:
        UserError: it is missing or no whole number of bytes.
    """
    if text is None:
        raise UserError(f"The header {name} is missing.", cure=_AGAIN)
    if not _LENGTH.match(text.strip()):
        raise UserError(f"The header {name} must be a whole number of bytes.", cure=_AGAIN)
    return int(text)


def parse_checksum(text: str) -> Checksum:
    """Return what a header `Upload-Checksum` says.

    Raises:
        UserError: it cannot be read, or its algorithm is none of ours.
    """
    algorithm, _, coded = text.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        raise UserError(
            f"The checksum's algorithm '{canonical(algorithm)[:40]}' is not known.",
            cure=f"Use one of {', '.join(ALGORITHMS)}.",
        )
    digest = _decoded(coded.strip(), "Upload-Checksum")
    if len(digest) != ALGORITHMS[algorithm]:
        raise UserError(f"The checksum is not as long as one of {algorithm} is.", cure=_AGAIN)
    return Checksum(algorithm=algorithm, digest=digest)


def parse_metadata(header: str) -> dict[str, str]:
    """Return the pairs of a header `Upload-Metadata`: `key base64, key base64, flag`.

    Raises:
        UserError: it is too long, a key is doubled or no plain word, or a value is not UTF-8 in Base64.
    """
    if len(header) > METADATA_MAX:
        raise UserError(f"The header Upload-Metadata is too long: at most {METADATA_MAX} bytes.", cure=_AGAIN)
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, coded = pair.partition(" ")
        if not _KEY.match(key) or key in found:
            raise UserError("A key of Upload-Metadata is no plain word, or stands there twice.", cure=_AGAIN)
        try:
            found[key] = _decoded(coded.strip(), "Upload-Metadata").decode("utf-8")
        except UnicodeDecodeError as error:
            raise UserError("A value of Upload-Metadata is not UTF-8.", cure=_AGAIN) from error
    return found


def parse_offer(header: str, size: int) -> Offer:
    """Return what a client offers by its metadata: `course`, `filename`, and where given `path`, `lesson`, `batch`.

    `replace`, which is `yes` or `no`, is looked up when the file is whole.

    Raises:
        UserError: something is missing, too long, or cannot be a name.
    """
    given = parse_metadata(header)
    name = given.get("filename") or given.get("name") or ""
    if not given.get("course") or not (name or given.get("path")):
        raise UserError("Upload-Metadata must name the `course` and the `filename`.", cure=_AGAIN)
    batch = given.get("batch", "")
    if batch and not _BATCH.match(batch):
        raise UserError("The `batch` may hold 80 letters, digits and . : - _ alone.", cure=_AGAIN)
    if given.get("replace", "no") not in ("yes", "no"):
        raise UserError("`replace` in Upload-Metadata is `yes` or `no`.", cure=_AGAIN)
    lesson = canonical(given.get("lesson", "")).strip()
    if len(lesson) > 300:
        raise UserError("The `lesson` is too long: at most 300 characters.", cure="Choose a shorter title.")
    key = relative_key(given["path"]) if given.get("path") else relative_key(name, folders=False)
    return Offer(course=given["course"], key=key, size=size, lesson=lesson, batch=batch, metadata=header)


def relative_key(path: str, *, folders: bool = True) -> str:
    """Return a relative path as an asset's key: canonical text, parts joined by `/`, none of them empty, `.` or `..`.

    Both slashes part folders, since browsers of different systems send different ones.

    Args:
        path: as the client sent it.
        folders: whether to keep the folders; otherwise the last part alone.

    Raises:
        UserError: nothing is left, or it is too long.
    """
    parts = [part for raw in re.split(r"[/\\]", canonical(path).replace("\n", " ")) if (part := raw.strip())]
    parts = [part for part in parts if part not in (".", "..")]
    if not folders:
        parts = parts[-1:]
    key = "/".join(parts)
    if not key:
        raise UserError("The file has no name.", cure="Give it one and send it again.")
    if max(map(len, parts)) > NAME_MAX or len(key) > PATH_MAX:
        raise UserError(
            f"The file's name is too long: at most {NAME_MAX} characters, {PATH_MAX} with its folders.",
            cure="Give it a shorter one and send it again.",
        )
    return key


def folder_of(key: str) -> str:
    """Return the folder part of a key, empty for a bare name."""
    return key.rpartition("/")[0]


def _decoded(coded: str, header: str) -> bytes:
    try:
        return base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UserError(f"The header {header} holds what is not Base64.", cure=_AGAIN) from error
