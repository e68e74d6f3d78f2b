"""Assets: the files of a lesson, what kind they are and how far their processing came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import PurePath
from typing import Any

from knowhub_ext.domain.locators import seconds
from knowhub_ext.domain.notes import Note


class AssetKind(str, Enum):
    """What an asset is, decided by its suffix and confirmed by opening it."""

    VIDEO = "video"
    AUDIO = "audio"
    CAPTIONS = "captions"
    DOCUMENT = "document"
    NOTEBOOK = "notebook"

    @property
    def timed(self) -> bool:
        """Whether it has a clock and can be played."""
        return self in (AssetKind.VIDEO, AssetKind.AUDIO)


class AssetStatus(str, Enum):
    QUEUED = "queued"
    PROCESSING = "processing"
    READY = "ready"
    EMPTY = "empty"  #: no speech or no text in it: a result, not a failure
    FAILED = "failed"


_SUFFIXES: Mapping[AssetKind, str] = {
    AssetKind.VIDEO: ".mp4 .m4v .mov .webm .mkv .avi .ogv .3gp .3g2 .mpg .mpeg .ts .wmv .flv",
    AssetKind.AUDIO: ".mp3 .m4a .aac .ogg .oga .opus .flac .wav .wma .aif .aiff .m4b .ac3 .spx .wv .ape .tta "
    ".dsf .dff .mpc .tak .ofr .ofs .id3 .oggtheora .apev2",
    AssetKind.CAPTIONS: ".vtt .srt .ttml .dfxp .ass .ssa .sbv",
    AssetKind.DOCUMENT: ".md .markdown .txt .pdf .pptx .docx .html .htm",
    AssetKind.NOTEBOOK: ".ipynb",
}
KIND_BY_SUFFIX: Mapping[str, AssetKind] = {s: kind for kind, row in _SUFFIXES.items() for s in row.split()}

#: Formats that no reader here reads, and what their own program saves them as.
SAVE_AS: Mapping[str, str] = {
    ".doc": ".docx", ".dot": ".docx", ".rtf": ".docx", ".odt": ".docx", ".pages": ".docx",
    ".ppt": ".pptx", ".pps": ".pptx", ".odp": ".pptx", ".key": ".pptx", ".epub": ".html", ".mhtml": ".html",
}


def kind_of(name: str) -> AssetKind | None:
    """Return the kind that the file name's suffix promises, or None where it promises none."""
    return KIND_BY_SUFFIX.get(PurePath(name).suffix.lower())


@dataclass(frozen=True, kw_only=True, slots=True)
class Blob:
    """Content stored once, by its SHA-256 in lower-case hexadecimal; `size` in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class MediaInfo:
    """What opening a media file shows. `duration_ms` is 0 where the container does not tell."""

    container: str
    duration_ms: int
    has_audio: bool
    has_video: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Asset:
    """A blob in one lesson under a stable `key` (its relative path). Same key, new blob: next `revision`."""

    id: str
    lesson_id: str
    course_id: str
    key: str
    kind: AssetKind
    sha256: str
    size: int
    path: str  #: as it was given when it was added
    source: str = ""  #: absolute path it was copied from; may have vanished since
    revision: int = 1
    primary: bool = False
    duration_ms: int = 0
    status: AssetStatus = AssetStatus.QUEUED
    error: Mapping[str, str] | None = field(default=None)
    notes: tuple[Note, ...] = ()  #: what of it could not be read

    @property
    def name(self) -> str:
        return PurePath(self.key).name

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form used by `knowhub add` (asset, kind, path, status, error) and more."""
        return {
            "asset": self.id, "lesson": self.lesson_id, "key": self.key, "name": self.name, "kind": self.kind.value,
            "path": self.path, "status": self.status.value, "error": dict(self.error) if self.error else None,
            "revision": self.revision, "primary": self.primary, "size": self.size,
            "duration": seconds(self.duration_ms) if self.duration_ms else None,
            "notes": [note.to_json() for note in self.notes],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Ticket:
    """The right of one person to read one revision of one asset until `expires` (Unix seconds)."""

    asset_id: str
    revision: int
    person_id: str
    expires: int
    signature: str
