"""Timed Text Markup Language (W3C, and DFXP before it), by the standard library's expat, which knows lines.

pysubs2 reads TTML as well, but stops at the first time in frames, and knows neither speakers nor lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any
from xml.parsers import expat

from knowhub_ext.backends.cues import BAD_TIMES, Found, one_line
from knowhub_ext.errors import UnreadableFile

_CLOCK = re.compile(r"(\d{2,3}):(\d\d):(\d\d)(?:(\.\d+)|:(\d{1,3})(?:\.\d+)?)?")
_OFFSET = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s|f|t)")
_UNITS = {"h": 3_600_000.0, "m": 60_000.0, "s": 1000.0, "ms": 1.0}
#: Text is handed up a level at a time, so endless nesting would cost its square.
_MAX_DEPTH = 200
_CONTENT = frozenset({"body", "div", "p", "span"})


@dataclass(slots=True)
class _Open:
    """An element that is open: when it begins and ends (None: as long as its parent), who speaks, what it holds."""

    name: str
    begin: float
    end: float | None
    line: int
    agent: str = ""
    timed: bool = False
    sequence: bool = False
    cursor: float = 0.0
    broken: bool = False
    text: list[str] = field(default_factory=list)


def read_ttml(text: str, *, name: str) -> Found:
    """Read a TTML document; a `p`, or a `span` with times of its own, is a cue.

    Raises:
        UnreadableFile: it declares a document type, whose entities could unfold without end.
    """
    reader = _Reader(name)
    parser = expat.ParserCreate("utf-8", " ")
    reader.parser = parser
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.begin, reader.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = reader.text, reader.doctype
    try:
        parser.Parse(text.lstrip("\ufeff \n").encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        message = f"the file is damaged here ({expat.ErrorString(error.code)}); what follows was left out"
        reader.found.problem(error.lineno, message)
    except ValueError:  # a time of more digits than a number may have
        reader.found.problem(parser.CurrentLineNumber, f"{BAD_TIMES}; what follows was left out too")
    reader.found.cues = [replace(cue, speaker=reader.named(cue.speaker)) for cue in reader.found.cues]
    return reader.found


class _Reader:
    """The handlers of one parse."""

    def __init__(self, name: str) -> None:
        self.found = Found()
        self.parser: Any = None
        self._file = name
        self._open: list[_Open] = []
        self._names: dict[str, str] = {}
        self._agent = ""
        self._naming = False
        self._frames, self._ticks = 30.0, 1.0

    def doctype(self, *_: Any) -> None:
        raise UnreadableFile(
            f"'{self._file}' declares a document type, which captions do not need.",
            cure="Export it as plain TTML again.",
        )

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        attributes = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if name == "tt":
            self._settings(attributes)
        elif name == "agent":
            self._agent = attributes.get("id", "")
        elif name == "name" and self._agent:
            self._naming = True
        elif name == "br" and self._open:
            self._open[-1].text.append("\n")
        elif name in _CONTENT:
            if len(self._open) >= _MAX_DEPTH:
                raise UnreadableFile(f"'{self._file}' nests its text more than {_MAX_DEPTH} deep.")
            self._open.append(self._entered(name, attributes))

    def end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        if name == "name":
            self._naming = False
        elif name == "agent":
            self._agent = ""
        elif name in _CONTENT and self._open:
            self._left(self._open.pop())

    def text(self, data: str) -> None:
        if self._naming:
            self._names[self._agent] = self._names.get(self._agent, "") + data
        elif self._open and self._open[-1].name in ("p", "span"):
            self._open[-1].text.append(data)

    def named(self, agents: str) -> str:
        """Return the names of agents by their ids, once all are known: they may be declared anywhere."""
        names = [one_line(self._names.get(agent, agent)) for agent in agents.split()]
        return " & ".join(name for name in names if name)

    def _settings(self, attributes: dict[str, str]) -> None:
        self.found.language = attributes.get("lang", "")
        rate = re.fullmatch(r"\d{1,4}", attributes.get("frameRate", ""))
        factor = re.fullmatch(r"(\d{1,6})[ :](\d{1,6})", attributes.get("frameRateMultiplier", ""))
        if rate and int(rate.group()):
            self._frames = float(rate.group())
        self._ticks = self._frames if rate else 1.0
        if factor and int(factor.group(1)) and int(factor.group(2)):
            self._frames *= int(factor.group(1)) / int(factor.group(2))
        ticks = re.fullmatch(r"\d{1,12}", attributes.get("tickRate", ""))
        if ticks and int(ticks.group()):
            self._ticks = float(ticks.group())

    def _entered(self, name: str, attributes: dict[str, str]) -> _Open:
        above = self._open[-1] if self._open else _Open("tt", 0.0, None, 0)
        made = _Open(name, above.begin, above.end, int(self.parser.CurrentLineNumber), above.agent)
        made.broken = above.broken
        made.agent = attributes.get("agent", above.agent)
        made.sequence = attributes.get("timeContainer") == "seq"
        start = above.cursor if above.sequence else above.begin
        begin, end, length = (self._ms(attributes.get(key, "")) for key in ("begin", "end", "dur"))
        made.timed = not attributes.keys().isdisjoint(("begin", "end", "dur"))
        made.broken |= any(
            key in attributes and value is None for key, value in (("begin", begin), ("end", end), ("dur", length))
        )
        if made.timed:
            made.begin = start + (begin or 0.0)
            ends = [start + end] if end is not None else []
            made.end = min([*ends, made.begin + length] if length is not None else ends, default=above.end)
        made.cursor = made.begin
        return made

    def _left(self, left: _Open) -> None:
        above = self._open[-1] if self._open else None
        if above is not None and left.end is not None:
            above.cursor = left.end
        text = "".join(left.text)
        if left.name == "span" and not left.timed and not left.broken and above is not None:
            above.text.append(text)
            above.agent = above.agent or left.agent
            return
        if left.name not in ("p", "span") or not text.strip():
            return
        if left.broken:
            self.found.problem(left.line, BAD_TIMES, text)
        elif left.end is None:
            self.found.problem(left.line, "a cue without an end was left out", text)
        else:
            self.found.cue(left.line, (round(left.begin), round(left.end)), text, speaker=left.agent, quoted=text)

    def _ms(self, value: str) -> float | None:
        """Return a TTML time expression in milliseconds, or None where it is none."""
        if clock := _CLOCK.fullmatch(value.strip()):
            hours, minutes, seconds, fraction, frames = clock.groups()
            if int(minutes) > 59 or int(seconds) > 59:
                return None
            extra = float(fraction or 0) * 1000 + int(frames or 0) * 1000 / self._frames
            return (int(hours) * 60 + int(minutes)) * 60_000 + int(seconds) * 1000 + extra
        if offset := _OFFSET.fullmatch(value.strip()):
            count, unit = float(offset.group(1)), offset.group(2)
            scale = _UNITS.get(unit) or 1000 / (self._frames if unit == "f" else self._ticks)
            return min(count * scale, 1e13)
        return None
