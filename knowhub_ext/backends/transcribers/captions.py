"""WebVTT and SubRip captions as a transcript: what a person wrote is taken as it is. Writing them is `domain.captions`.

The plain backend of its seam. The parsers are asked cue by cue, since webvtt-py leaves malformed cues out without a
word and an author must learn which line to correct.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from knowhub_ext.backends.plaintext import read_text
from knowhub_ext.backends.vendors import vendor
from knowhub_ext.domain.segments import Provenance, Segment, monotone
from knowhub_ext.domain.texts import canonical
from knowhub_ext.errors import UnreadableFile
from knowhub_ext.ports import Recognition, SpeechRequest

#: So many malformed cues are named; whoever has more has another problem.
MAX_PROBLEMS = 50


@dataclass(frozen=True, slots=True)
class _Block:
    """Neighbouring lines that are not blank; `line` numbers the first one, from 1."""

    line: int
    lines: tuple[str, ...]

    @property
    def timed(self) -> bool:
        return any("-->" in line for line in self.lines)


class CaptionsTranscriber:
    """Reads `.vtt` and `.srt`; which of both it is, the content decides."""

    def transcribe(self, path: Path, request: SpeechRequest) -> Recognition:
        """Read a caption file. Malformed cues are left out and named in `provenance.options["problems"]`.

        `problems` is a list of `{"line": n, "text": the line}`. Cues come in order of start.

        Raises:
            UnreadableFile: it is not text, or none of its cues can be read; the message names the first bad line.
        """
        name = request.name or path.name
        text = read_text(path, name=name).replace("\r\n", "\n").replace("\r", "\n")
        kind = _kind(text, name)
        cues, problems = _read(text, kind)
        if problems and not cues:
            line, row = problems[0]["line"], problems[0]["text"]
            raise UnreadableFile(
                f"No caption of '{name}' can be read; the first that cannot be is in line {line}: “{row}”.",
                cure="Correct the time stamps (00:01:02.500 --> 00:01:05.000) and add the file again.",
            )
        if not cues and not _says_it_is_captions(text, kind):
            raise UnreadableFile(f"'{name}' holds no captions.")
        options: dict[str, Any] = {"problems": problems[:MAX_PROBLEMS]} if problems else {}
        ordered = monotone(sorted(cues, key=lambda cue: cue.start_ms))
        return Recognition(
            provenance=Provenance(engine="captions", model=kind, language=request.language or "", options=options),
            segments=(cue for cue in ordered if cue.start_ms >= request.start_ms),
        )


def _kind(text: str, name: str) -> str:
    if text.lstrip("\ufeff \n").startswith("WEBVTT"):
        return "vtt"
    if re.search(r"\d,\d{1,3}\s*-->", text):
        return "srt"
    return "vtt" if PurePath(name).suffix.lower() == ".vtt" else "srt"


def _says_it_is_captions(text: str, kind: str) -> bool:
    """Tell whether a file without cues is a caption file all the same: a bare WebVTT header is one."""
    return kind == "vtt" and text.lstrip("\ufeff \n").startswith("WEBVTT")


def _read(text: str, kind: str) -> tuple[list[Segment], list[dict[str, Any]]]:
    """Return the cues that can be read and the problems, both in the order of the file."""
    parse = _parse_vtt if kind == "vtt" else _parse_srt
    cues: list[Segment] = []
    problems: list[dict[str, Any]] = []
    for block in _joined(_blocks(text), kind):
        if not block.timed:
            if _is_lost_text(block, kind):
                problems.append({"line": block.line, "text": block.lines[0][:200]})
            continue
        made = parse(block)
        if made is None:
            line = next(i for i, row in enumerate(block.lines) if "-->" in row)
            problems.append({"line": block.line + line, "text": block.lines[line][:200]})
        elif made.text:
            cues.append(made)
    return cues, problems


def _blocks(text: str) -> Iterator[_Block]:
    rows: list[str] = []
    start = 1
    for number, line in enumerate([*text.lstrip("\ufeff").split("\n"), ""], 1):
        if line.strip():
            start = start if rows else number
            rows.append(line)
        elif rows:
            yield _Block(start, tuple(rows))
            rows = []


def _joined(blocks: Iterator[_Block], kind: str) -> Iterator[_Block]:
    """In SubRip a blank line may stand inside a cue: give what follows it back to its cue."""
    held: _Block | None = None
    for block in blocks:
        if kind == "srt" and held is not None and held.timed and not block.timed:
            held = _Block(held.line, (*held.lines, *block.lines))
            continue
        if held is not None:
            yield held
        held = block
    if held is not None:
        yield held


def _is_lost_text(block: _Block, kind: str) -> bool:
    """Tell whether a block without times is a cue that lost them, rather than a header, note, style or region."""
    if kind == "vtt" and re.match(r"(WEBVTT|NOTE|STYLE|REGION|X-TIMESTAMP-MAP|Kind:|Language:)", block.lines[0]):
        return False
    return any(re.search(r"[^\W\d_]", line) for line in block.lines)


def _parse_vtt(block: _Block) -> Segment | None:
    with vendor("webvtt-py"):
        import webvtt
    try:
        captions = list(webvtt.WebVTT.from_buffer(io.StringIO("WEBVTT\n\n" + "\n".join(block.lines) + "\n")))
        cue = captions[0] if len(captions) == 1 else None
        return None if cue is None else _segment(_ms(cue.start), _ms(cue.end), _payload(block))
    except (webvtt.errors.MalformedFileError, webvtt.errors.MalformedCaptionError, ValueError):
        return None


def _parse_srt(block: _Block) -> Segment | None:
    with vendor("srt"):
        import srt
    try:
        cues = list(srt.parse("\n".join(block.lines) + "\n"))
    except (srt.SRTParseError, ValueError):
        return None
    if len(cues) != 1:
        return None
    start, end = (round(t.total_seconds() * 1000) for t in (cues[0].start, cues[0].end))
    return _segment(start, end, cues[0].content.split("\n"))


def _payload(block: _Block) -> Sequence[str]:
    timing = next(i for i, line in enumerate(block.lines) if "-->" in line)
    return block.lines[timing + 1 :]


def _ms(stamp: str) -> int:
    hours, minutes, seconds = (["0", *stamp.split(":")])[-3:]
    if int(minutes) > 59 or float(seconds) >= 60:
        raise ValueError(stamp)
    return (int(hours) * 60 + int(minutes)) * 60_000 + round(float(seconds) * 1000)


_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_TAG = re.compile(r"</?[A-Za-z][^>]*>|<\d+(?::\d+)+[.,]\d+>|</?>|\{\\[^}]*\}")


def _segment(start_ms: int, end_ms: int, lines: Sequence[str]) -> Segment | None:
    """Form a cue of plain text; None where it would end before it starts."""
    if end_ms < start_ms:
        return None
    raw = "\n".join(lines)
    voice = _VOICE.search(raw)
    text = canonical(html.unescape(_TAG.sub("", raw)))
    return Segment(
        start_ms=start_ms, end_ms=end_ms, text=re.sub(r"\s+", " ", text).strip(),
        speaker=canonical(html.unescape(voice.group(1))).strip() if voice else "",
    )
