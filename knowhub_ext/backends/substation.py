"""SubStation captions (`.ass`, `.ssa`): dialogue with its speakers, by pysubs2. Looks and drawings are left out.

pysubs2 passes over lines that it cannot read, so each dialogue line is looked at before.
"""

from __future__ import annotations

import re

from knowhub_ext.backends.cues import BAD_TIMES, Found
from knowhub_ext.backends.vendors import vendor

_USUAL = "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
_STAMP = re.compile(r"\s*(\d{1,3}):(\d{1,2}):(\d{1,2})[.:](\d{1,3})\s*")
#: Overrides such as `{\i1}`; `\{` is a brace itself.
_OVERRIDE = re.compile(r"(?<!\\)\{[^{}]*\}")
_DRAWING = re.compile(r"(?<!\\)\{[^{}]*\\p[1-9]")


def read_ass(text: str) -> Found:
    """Read the `Dialogue:` lines; `Comment:` lines are the author's own. Times are centiseconds, as the format has."""
    found = Found()
    events, names = False, _fields(_USUAL)
    for number, raw in enumerate(text.lstrip("\ufeff").split("\n"), 1):
        line = raw.strip()
        if line.startswith("["):
            events = line.lower().startswith("[events")
        elif events and line.lower().startswith("format:"):
            names = _fields(line)
        elif line.lower().startswith("dialogue:"):
            _dialogue(number, line, names, found)
        elif events and line and not re.match(r"(?i)(comment|picture|sound|movie|command):|[;!]", line):
            found.problem(number, "a line that is no dialogue was left out", line)
    return found


def _fields(line: str) -> list[str]:
    return [name.strip().lower() for name in line.partition(":")[2].split(",")]


def _dialogue(number: int, line: str, names: list[str], found: Found) -> None:
    values = line.partition(":")[2].split(",", len(names) - 1)
    row = dict(zip(names, values, strict=False))
    if not {"start", "end", "text"} <= row.keys():
        found.problem(number, "a dialogue line with too few fields was left out", line)
        return
    start, end = _ms(row["start"]), _ms(row["end"])
    if start is None or end is None:
        found.problem(number, BAD_TIMES, line)
    elif not _DRAWING.search(row["text"]):
        speaker = (row.get("name") or row.get("actor") or "").strip()
        found.cue(number, (start, end), _plain(row["text"]), speaker=speaker, quoted=line)


def _ms(stamp: str) -> int | None:
    with vendor("pysubs2"):
        import pysubs2.time
    match = _STAMP.fullmatch(stamp)
    if match is None or int(match.group(2)) > 59 or int(match.group(3)) > 59:
        return None
    return int(pysubs2.time.timestamp_to_ms(match.groups()))


def _plain(text: str) -> str:
    text = re.sub(r"\\[Nnh]", " ", _OVERRIDE.sub("", text))
    return text.replace("\\{", "{").replace("\\}", "}")
