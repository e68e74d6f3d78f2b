"""Caption files as a transcript: what a person wrote is taken as it is. Writing them is `domain.captions`.

The plain backend of its seam.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path, PurePath
from typing import Any

from knowhub_ext.backends.cues import Found
from knowhub_ext.backends.plaintext import decode, encoding_of, read_bytes
from knowhub_ext.backends.substation import read_ass
from knowhub_ext.backends.timedlines import is_sbv, read_sbv, read_srt, read_vtt
from knowhub_ext.backends.ttml import read_ttml
from knowhub_ext.domain.notes import MAX_NOTES
from knowhub_ext.domain.segments import Provenance, monotone
from knowhub_ext.errors import UnreadableFile
from knowhub_ext.ports import Recognition, SpeechRequest

_LINES = {"vtt": read_vtt, "srt": read_srt, "sbv": read_sbv, "ass": read_ass}
_SUFFIXES = {".ssa": "ass", ".dfxp": "ttml"}
_DECLARED = re.compile(rb"\A\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9_.-]{2,40})[\"']")
_CURE = "Correct the time stamps (00:01:02.500 --> 00:01:05.000) and add the file again."


class CaptionsTranscriber:
    """Reads `.vtt`, `.srt`, `.ttml`, `.dfxp`, `.ass`, `.ssa` and `.sbv`; which of them it is, the content decides."""

    def transcribe(self, path: Path, request: SpeechRequest) -> Recognition:
        """Read a caption file. What is left out of it is named in `provenance.options["problems"]`.

        `problems` is a list of `{"line": n, "text": the line, "message": what became of it}` in the order of the file;
        line 0 is the file as a whole. Cues come in order of start.

        Raises:
            UnreadableFile: it is not text, or none of its cues can be read; the message names the first bad line.
        """
        name = request.name or path.name
        data = read_bytes(path, name=name)
        text = _decoded(data, name).replace("\r\n", "\n").replace("\r", "\n")
        kind = _kind(text, name)
        found = read_ttml(text, name=name) if kind == "ttml" else _LINES[kind](text)
        if not found.cues:
            _refuse(found, text, kind, name)
        problems = _encoding_problems(data) + _dropped(found) + _listed(found)
        options: dict[str, Any] = {"problems": problems} if problems else {}
        ordered = monotone(sorted(found.cues, key=lambda cue: cue.start_ms))
        language = request.language or found.language
        return Recognition(
            provenance=Provenance(engine="captions", model=kind, language=language, options=options),
            segments=(cue for cue in ordered if cue.start_ms >= request.start_ms),
        )


def _decoded(data: bytes, name: str) -> str:
    """Decode as any text file, unless it is XML that says its encoding itself."""
    declared = _DECLARED.match(data[:200])
    if declared:
        try:
            return codecs.decode(data, declared.group(1).decode("ascii"))
        except (LookupError, UnicodeError, TypeError, ValueError):
            pass
    return decode(data, name=name)


def _encoding_problems(data: bytes) -> list[dict[str, Any]]:
    encoding = encoding_of(data)
    if encoding.startswith("utf") or _DECLARED.match(data[:200]):
        return []
    shown = {"cp1252": "Windows-1252", "latin-1": "Latin-1"}[encoding]
    message = f"it is not UTF-8 and was read as {shown}; look at letters with accents"
    return [{"line": 0, "text": "", "message": message}]


def _kind(text: str, name: str) -> str:
    head = text.lstrip("\ufeff \n")[:2000]
    if head.startswith("WEBVTT"):
        return "vtt"
    if re.match(r"(?i)(;[^\n]*\n\s*)*(\[(script info|v4\+? styles|events)\]|dialogue:)", head):
        return "ass"
    if re.match(r"<\?xml|<(\w+:)?tt[\s>]", head) and re.search(r"<(\w+:)?tt[\s>]", text[:20_000]):
        return "ttml"
    if is_sbv(text):
        return "sbv"
    if re.search(r"\d,\d{1,3}\s*-->", text):
        return "srt"
    suffix = PurePath(name).suffix.lower()
    kind = _SUFFIXES.get(suffix, suffix[1:])
    return kind if kind in _LINES or kind == "ttml" else "srt"


def _refuse(found: Found, text: str, kind: str, name: str) -> None:
    """Raise where a file has no cue, unless it says that it is a caption file which has none: that is no speech."""
    if found.problems:
        line, row = found.problems[0]["line"], found.problems[0]["text"]
        shown = f": “{row}”" if row else f", where {found.problems[0]['message']}"
        raise UnreadableFile(
            f"No caption of '{name}' can be read; the first that cannot be is in line {line}{shown}.", cure=_CURE
        )
    empty = {"vtt": text.lstrip("\ufeff \n").startswith("WEBVTT"), "ass": "[" in text, "ttml": "<" in text}
    if not empty.get(kind, False):
        raise UnreadableFile(f"'{name}' holds no captions.")


def _dropped(found: Found) -> list[dict[str, Any]]:
    """Say once for the whole file what of its form a transcript does not keep, and how often it was there."""
    return [{"line": 0, "text": "", "message": f"{what}: {count}"} for what, count in found.dropped.items()]


def _listed(found: Found) -> list[dict[str, Any]]:
    listed = found.problems[: MAX_NOTES - 2 - len(found.dropped)]
    unlisted = found.unlisted + len(found.problems) - len(listed)
    if not unlisted:
        return listed
    return [*listed, {"line": 0, "text": "", "message": f"{unlisted} more lines of the same kind are not listed"}]
