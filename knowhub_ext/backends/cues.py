"""What all caption formats share: cues as segments of plain text, and the problems of a file, each with its line."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from knowhub_ext.domain.notes import MAX_NOTES
from knowhub_ext.domain.segments import Segment
from knowhub_ext.domain.texts import canonical

#: Ten hours and more; a time stamp beyond it is a slip of the pen, and no number that a database cannot hold.
MAX_MS = 1_000 * 3_600_000
_QUOTED = 200
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]([^<>]+)>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<\d+(?::\d+)+[.,]\d+>|</?>")
#: Overrides of SubStation, which many a SubRip file holds.
_OVERRIDE = re.compile(r"\{\\[^{}]*\}")

BACKWARDS = "a cue whose end is before its start was left out"
#: What a file may hold that a transcript does not: told once for the whole file, with its count.
SETTINGS = "captions lost their place or alignment"
LEFT_OUT = {
    "NOTE": "comments (NOTE) were left out", "STYLE": "style sheets (STYLE) were left out",
    "REGION": "regions (REGION) were left out",
}
NO_TIMES = "text without time stamps was left out"
BAD_TIMES = "a cue whose time stamps cannot be read was left out"


@dataclass(slots=True)
class Found:
    """The cues of a file and its problems, both in the order of the file; `language` as the file says, or empty."""

    cues: list[Segment] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    language: str = ""
    unlisted: int = 0
    dropped: dict[str, int] = field(default_factory=dict)

    def drop(self, what: str) -> None:
        """Count something that a transcript does not hold: `SETTINGS` or one of `LEFT_OUT`."""
        self.dropped[what] = self.dropped.get(what, 0) + 1

    def problem(self, line: int, message: str, text: str = "") -> None:
        """Say what is wrong in a line (0: with the whole file): `{"line", "text", "message"}`; many are counted."""
        if len(self.problems) < MAX_NOTES - 2:
            self.problems.append({"line": line, "text": one_line(text[:_QUOTED]), "message": message})
        else:
            self.unlisted += 1

    def cue(self, line: int, times: tuple[int, int], text: str, *, speaker: str = "", quoted: str = "") -> None:
        """Take a cue of plain text; one that runs backwards is a problem, one without text is nothing."""
        start_ms, end_ms = times
        if end_ms < start_ms:
            self.problem(line, BACKWARDS, quoted)
        elif end_ms > MAX_MS:
            self.problem(line, BAD_TIMES, quoted)
        elif said := one_line(text):
            self.cues.append(Segment(start_ms=start_ms, end_ms=end_ms, text=said, speaker=one_line(speaker)))


def one_line(text: str) -> str:
    """Return canonical text with every run of white space as one space."""
    return re.sub(r"\s+", " ", canonical(text)).strip()


def without_markup(text: str, *, overrides: bool = False) -> str:
    """Return text without tags, and without `{\\an8}` where a format has `overrides`; an entity is never a tag."""
    return html.unescape(_TAG.sub("", _OVERRIDE.sub("", text) if overrides else text))


def voices(payload: str) -> Iterator[tuple[str, str]]:
    """Yield `(speaker, text)` of a WebVTT payload, markup and all; text before the first voice has no speaker."""
    parts = _VOICE.split(payload)
    if parts[0].strip() or len(parts) == 1:
        yield "", parts[0]
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        yield html.unescape(name), text
