"""WebVTT, SubRip and SubViewer: caption formats of lines and blank lines. Time stamps are the vendors' to read.

The parsers are asked cue by cue, since webvtt-py leaves malformed cues out without a word and an author must learn
which line to correct.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowhub_ext.backends.cues import BAD_TIMES, LEFT_OUT, NO_TIMES, SETTINGS, Found, voices, without_markup
from knowhub_ext.backends.vendors import vendor
from knowhub_ext.domain.captions import plain_speakers, spoken_by

Times = tuple[int, int]
#: A line that can only be the times of a cue, so that a cue begins with it even where no blank line parts it.
_TIMING = re.compile(r"\s*(?:\d+:)?\d+:\d\d[.,]\d+\s*-->\s*(?:\d+:)?\d+:\d\d[.,]\d+")
_STRICT = re.compile(
    r"\s*((?:\d{2,4}:)?[0-5]\d:[0-5]\d\.\d{3})\s+-->\s+((?:\d{2,4}:)?[0-5]\d:[0-5]\d\.\d{3})(?:\s|$)", re.ASCII
)
#: No time stamp; the pattern of the package srt takes the cube of such a number's length to find that out.
_ENDLESS = re.compile(r"\d{10}|.{300}")
_SBV = re.compile(r"(\d{1,4}):(\d\d):(\d\d)\.(\d{3}),(\d{1,4}):(\d\d):(\d\d)\.(\d{3})\s*")
_HEADER = re.compile(r"(WEBVTT|NOTE|STYLE|REGION|X-TIMESTAMP-MAP|Kind:|Language:)")
_LANGUAGE = re.compile(r"\AWEBVTT[^\n]*\n(?:[^\n]+\n)*?Language:[ \t]*([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)[ \t]*\n")


@dataclass(frozen=True, slots=True)
class _Block:
    """Neighbouring lines that are not blank; `line` numbers the first one, from 1."""

    line: int
    lines: tuple[str, ...]

    @property
    def timing(self) -> int | None:
        return next((i for i, line in enumerate(self.lines) if "-->" in line), None)


def read_vtt(text: str) -> Found:
    """Read WebVTT (W3C); a voice is a speaker, and two voices of one cue are two cues of the same times."""
    found = Found()
    language = _LANGUAGE.match(text.lstrip("\ufeff"))
    found.language = language.group(1) if language else ""
    for block in _blocks(text):
        if block.timing is None:
            header = _HEADER.match(block.lines[0])
            if header is None:
                found.problem(block.line, NO_TIMES, block.lines[0])
            elif header.group(1) in LEFT_OUT:
                found.drop(LEFT_OUT[header.group(1)])
            continue
        line, row = block.line + block.timing, block.lines[block.timing]
        times = _vtt_times(row)
        if times is None:
            found.problem(line, BAD_TIMES, row)
            continue
        _formless(row, found)
        for speaker, payload in voices("\n".join(block.lines[block.timing + 1 :])):
            found.cue(line, times, without_markup(payload), speaker=speaker, quoted=row)
    return found


def read_srt(text: str) -> Found:
    """Read SubRip; a name that stands before several cues, or in bold before one, is the speaker's."""
    found = Found()
    rows: list[tuple[int, Times, str, str]] = []
    for block in _joined(_blocks(text)):
        if block.timing is None:
            _lost(block, found)
            continue
        line, row = block.line + block.timing, block.lines[block.timing]
        times = _srt_times(row)
        if times is None:
            found.problem(line, BAD_TIMES, row)
        else:
            _formless(row, found)
            rows.append((line, times, "\n".join(block.lines[block.timing + 1 :]), row))
    known = plain_speakers([payload for _, _, payload, _ in rows])
    for line, times, payload, row in rows:
        speaker, said = spoken_by(payload, known)
        said = without_markup(said, overrides=True)
        found.cue(line, times, said, speaker=without_markup(speaker), quoted=row)
    return found


def read_sbv(text: str) -> Found:
    """Read SubViewer captions: `0:00:01.000,0:00:03.000` and text below."""
    found = Found()
    for block in _blocks(text):
        times = _SBV.fullmatch(block.lines[0])
        if times is None:
            found.problem(block.line, NO_TIMES, block.lines[0])
            continue
        start, end = _ms(times.groups()[:4]), _ms(times.groups()[4:])
        found.cue(block.line, (start, end), without_markup("\n".join(block.lines[1:])), quoted=block.lines[0])
    return found


def is_sbv(text: str) -> bool:
    """Say whether a text begins as SubViewer captions do."""
    return _SBV.match(text.lstrip("\ufeff \n")) is not None


def _ms(parts: tuple[str, ...]) -> int:
    hours, minutes, seconds, milli = (int(part) for part in parts)
    return (hours * 60 + minutes) * 60_000 + seconds * 1000 + milli


def _lost(block: _Block, found: Found) -> None:
    """Say that a block of SubRip lost its times, unless it is a number alone, which counts cues."""
    if not all(line.strip().isdigit() for line in block.lines):
        found.problem(block.line, NO_TIMES, block.lines[0])


def _formless(row: str, found: Found) -> None:
    """Count what of a cue's form is not kept: what stands behind the times in their `row`. Where a line breaks is
    left to whoever shows it, as nearly every file has such breaks."""
    if len(row.partition("-->")[2].split()) > 1:
        found.drop(SETTINGS)


def _blocks(text: str) -> Iterator[_Block]:
    """Yield the blocks of a file; a line of times begins one of its own, with the number above it."""
    rows: list[str] = []
    start = 1
    for number, line in enumerate([*text.lstrip("\ufeff").split("\n"), ""], 1):
        if line.strip() and rows and _TIMING.match(line) and any("-->" in row for row in rows):
            kept = 1 if len(rows) > 1 and rows[-1].strip().isdigit() and "-->" not in rows[-1] else 0
            yield _Block(start, tuple(rows[: len(rows) - kept]))
            start, rows = number - kept, [*rows[len(rows) - kept :], line]
        elif line.strip():
            start = start if rows else number
            rows.append(line)
        elif rows:
            yield _Block(start, tuple(rows))
            rows = []


def _joined(blocks: Iterator[_Block]) -> Iterator[_Block]:
    """In SubRip a blank line may stand inside a cue: give what follows it back to its cue."""
    start, rows, timed = 0, [""], False
    for block in blocks:
        if timed and block.timing is None:
            rows += block.lines
            continue
        if start:
            yield _Block(start, tuple(rows))
        start, rows, timed = block.line, list(block.lines), block.timing is not None
    if start:
        yield _Block(start, tuple(rows))


def _vtt_times(row: str) -> Times | None:
    if strict := _STRICT.match(row):  # webvtt-py reads these as well, at a tenth of a millisecond each
        return _stamp(strict.group(1)), _stamp(strict.group(2))
    if _ENDLESS.search(row):
        return None
    with vendor("webvtt-py"):
        import webvtt
    try:
        captions = list(webvtt.WebVTT.from_buffer(io.StringIO(f"WEBVTT\n\n{row}\ntext\n")))
        return (_stamp(captions[0].start), _stamp(captions[0].end)) if len(captions) == 1 else None
    except (webvtt.errors.MalformedFileError, webvtt.errors.MalformedCaptionError, ValueError):
        return None


def _stamp(stamp: str) -> int:
    hours, minutes, seconds = (["0", *stamp.split(":")])[-3:]
    if int(minutes) > 59 or float(seconds) >= 60:
        raise ValueError(stamp)
    return (int(hours) * 60 + int(minutes)) * 60_000 + round(float(seconds) * 1000)


def _srt_times(row: str) -> Times | None:
    if _ENDLESS.search(row):
        return None
    with vendor("srt"):
        import srt
    try:
        cues = list(srt.parse(f"1\n{row}\ntext\n"))
    except (srt.SRTParseError, ValueError, OverflowError):
        return None
    if len(cues) != 1:
        return None
    return round(cues[0].start.total_seconds() * 1000), round(cues[0].end.total_seconds() * 1000)
