"""What media are served as: the container's own first bytes decide, then the suffix, never what was claimed.

Only types on this list are shown inline; everything else is a download that no browser interprets.
"""

from __future__ import annotations

from pathlib import PurePath

from knowhub_ext.domain.media import Asset

UNKNOWN = "application/octet-stream"
_SUFFIXES = {
    ".mp4": "{}/mp4", ".m4v": "video/mp4", ".m4a": "audio/mp4", ".m4b": "audio/mp4", ".mov": "video/quicktime",
    ".webm": "{}/webm", ".mkv": "{}/x-matroska", ".ogv": "video/ogg", ".ogg": "{}/ogg", ".oga": "audio/ogg",
    ".opus": "audio/ogg", ".spx": "audio/ogg", ".mp3": "audio/mpeg", ".aac": "audio/aac", ".flac": "audio/flac",
    ".wav": "audio/wav", ".avi": "video/x-msvideo", ".mpg": "video/mpeg", ".mpeg": "video/mpeg", ".ts": "video/mp2t",
    ".wmv": "video/x-ms-wmv", ".wma": "audio/x-ms-wma", ".flv": "video/x-flv", ".3gp": "{}/3gpp", ".3g2": "{}/3gpp2",
    ".aif": "audio/aiff", ".aiff": "audio/aiff",
}


def etag_of(asset: Asset) -> str:
    """Return the strong entity tag of an asset's medium."""
    return f'"{asset.sha256}-{asset.revision}"'


def media_type(head: bytes, name: str, *, video: bool) -> str:
    """Return the type of a medium from its first bytes (at least 64) and its name."""
    kind = "video" if video else "audio"
    suffix = PurePath(name).suffix.lower()
    found = _sniffed(head, suffix) or (None if _markup(head) else _SUFFIXES.get(suffix))
    return found.format(kind) if found else UNKNOWN


def _sniffed(head: bytes, suffix: str) -> str | None:
    if head[4:8] == b"ftyp":
        return "video/quicktime" if head[8:12] == b"qt  " else "{}/mp4"
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "{}/webm" if b"webm" in head or suffix == ".webm" else "{}/x-matroska"
    if head.startswith(b"OggS"):
        return "{}/ogg"
    if head.startswith(b"RIFF"):
        return {b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(head[8:12])
    if head.startswith(b"fLaC"):
        return "audio/flac"
    if head.startswith(b"ID3"):
        return _SUFFIXES.get(suffix, "audio/mpeg")
    return None


def _markup(head: bytes) -> bool:
    """Say whether this looks like text that a browser could take for a page or a script."""
    return head.lstrip()[:1] in (b"<", b"{") or head.startswith((b"#!", b"#EXTM3U", b"\xef\xbb\xbf", b"%PDF"))
