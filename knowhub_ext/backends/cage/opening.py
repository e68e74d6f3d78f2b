"""Opening untrusted media with PyAV, and saying in one sentence why a file is none. Runs inside the cage alone.

Only an allowlist of file formats is ever opened: FFmpeg would otherwise follow a playlist named `.mp4` to the network
or to other files. Turning sound into samples is `decoding`'s business.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from knowhub_ext.backends.cage.lengths import is_cover, length_ms
from knowhub_ext.backends.cage.limits import LONGEST_S
from knowhub_ext.backends.vendors import vendor
from knowhub_ext.domain.media import MediaInfo
from knowhub_ext.errors import UnreadableFile

#: FFmpeg demuxers of self-contained audio and video files: no playlist, network, picture, subtitle or device format.
FORMATS = (
    "aac ac3 aiff amr ape asf au avi caf dsf dts eac3 flac flv iff loas m4v matroska mov mp3 mpc mpc8 mpeg mpegts "
    "mpegvideo ogg tak truehd tta w64 wav webm wv"
)
_OPTIONS = {
    "format_whitelist": ",".join(FORMATS.split()),
    "protocol_whitelist": "file",
    "max_streams": "64",
    "max_probe_packets": "5000",
}
#: For every decoder that FFmpeg starts while it looks: no picture is ever shown, so none has to be decoded whole.
_EVERYWHERE = {"max_pixels": str(4096 * 4096), "threads": "1"}

_SIGNATURES = (
    (b"%PDF-", "a PDF document"), (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"), (b"BM", "a picture"),
    (b"\x7fELF", "a program"), (b"MZ", "a program"), (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"), (b"SQLite format 3\0", "a database"),
)
_TEXTS = (
    (b"#EXTM3U", "an HLS playlist, a list of addresses"), (b"ffconcat", "a playlist, a list of other files"),
    (b"[playlist]", "a playlist, a list of other files"), (b"WEBVTT", "a caption file"),
    (b"v=0\r", "a stream description"),
    (b"<?xml", "an XML document"), (b"<MPD", "a DASH playlist, a list of addresses"), (b"<!doc", "a web page"),
    (b"<html", "a web page"), (b"<svg", "a drawing"), (b"version https://git-lfs", "a Git LFS pointer"),
)


def probe(path: Path, *, name: str) -> MediaInfo:
    """Open the file at `path`, which was named `name`, far enough to say what is in it and how long it is.

    A video without a sound track is media (`has_audio` is false): it has no speech, which is a result. Cover pictures
    do not make an audio file a video.

    Raises:
        UnreadableFile: it is empty, not media, of a refused format, damaged, too long, or without sound and pictures.
    """
    with open_media(path, name=name) as container:
        has_audio = any(_usable(stream) for stream in container.streams.audio)
        has_video = any(_usable(stream) and not is_cover(stream) for stream in container.streams.video)
        if not has_audio and not has_video:
            raise UnreadableFile(f"'{name}' holds neither sound nor pictures that can be decoded.")
        length = length_ms(container)
        if length > LONGEST_S * 1000:
            raise too_long(name)
        return MediaInfo(
            container=str(container.format.name), duration_ms=length, has_audio=has_audio, has_video=has_video,
        )


def too_long(name: str) -> UnreadableFile:
    """Return the error of a recording that is longer than a day."""
    return UnreadableFile(
        f"'{name}' is longer than {LONGEST_S // 3600} hours.", cure="Cut it into lectures and add those.",
    )


@contextmanager
def open_media(path: Path, *, name: str) -> Iterator[Any]:
    """Open a media file as a PyAV input container, of the formats in `FORMATS` alone; close it at the end.

    Raises:
        UnreadableFile: as `probe`, also for vendor errors that arise inside the block.
    """
    _refuse_other_content(path, name)
    with vendor("av"):
        import av
        import av.error
    address = "file:" + str(path.absolute())
    try:
        with av.open(
            address, mode="r", options=_EVERYWHERE, container_options=_OPTIONS, metadata_errors="replace"
        ) as box:
            yield box
    except av.error.FFmpegError as error:
        raise UnreadableFile(f"'{name}' is damaged or not a media file: {_reason(error)}.") from error
    except (ValueError, MemoryError, OverflowError) as error:
        raise UnreadableFile(f"'{name}' is damaged: {error or type(error).__name__}.") from error


def _usable(stream: Any) -> bool:
    return stream.codec_context is not None


def _reason(error: Exception) -> str:
    if isinstance(error, EOFError):
        return "it ends before its sound or pictures begin"
    if getattr(error, "errno", 0) == errno.EINVAL:  # what FFmpeg says of a format outside the allowlist
        return "its format is not among those that may be opened"
    return str(getattr(error, "strerror", None) or error).rstrip(".")


def _refuse_other_content(path: Path, name: str) -> None:
    """Say what the file is where its first bytes tell that it is no media."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise UnreadableFile(f"'{name}' cannot be read: {error.strerror or error}.") from error
    if not head:
        raise UnreadableFile(f"'{name}' is empty (0 bytes).", cure="Copy or export it again and add the new copy.")
    known = next((what for mark, what in _SIGNATURES if head.startswith(mark)), None) or _text_kind(head)
    if known:
        raise UnreadableFile(f"'{name}' is not audio or video: it is {known}.")


def _text_kind(head: bytes) -> str | None:
    """Return what kind of text a file starts with, or None where it is not text."""
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for mark, what in _TEXTS:
        if bare[: len(mark)].lower() == mark.lower():
            return what
    try:
        text = head.decode("utf-8", errors="strict" if len(head) < 4096 else "ignore")
    except UnicodeDecodeError:
        return None
    printable = sum(c.isprintable() or c in "\t\n\r\f" for c in text)
    return "plain text" if printable == len(text) and len(text) > len(head) * 0.25 else None
