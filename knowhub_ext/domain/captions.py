"""Writing a transcript as WebVTT, SubRip, TTML, SubStation or plain text. Reading them is a backend's business.

What is written can be read back without loss: text, times and speakers; SubStation has hundredths of a second only.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from knowhub_ext.domain.notes import Note, kept
from knowhub_ext.domain.segments import Provenance, Segment


def stamp(ms: int, *, comma: bool = False) -> str:
    """Return `HH:MM:SS.mmm` (WebVTT) or `HH:MM:SS,mmm` (SubRip)."""
    seconds, milli = divmod(ms, 1000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}{',' if comma else '.'}{milli:03}"


def _vtt(text: str) -> str:
    """Escape text, so that it is text whatever it holds."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", " ")


def to_vtt(segments: Sequence[Segment]) -> str:
    """Write WebVTT (W3C), speakers as voices."""
    cues = ["WEBVTT"]
    for number, segment in enumerate(segments, 1):
        voice = f"<v {_vtt(segment.speaker)}>" if segment.speaker else ""
        text = _vtt(segment.text)
        cues.append(f"{segment.id or number}\n{stamp(segment.start_ms)} --> {stamp(segment.end_ms)}\n{voice}{text}")
    return "\n\n".join(cues) + "\n"


# SubRip has no word for speakers and no escapes. A speaker is written `Name: text`, and read so where the name stands
# before several cues; elsewhere the name is bold. Text that merely looks so follows a pair of tags that shows nothing.
_PLAIN = re.compile(r"([^\W\d_][\w.'’-]{0,29}(?: [^\W\d_a-z][\w.'’-]{0,29}){0,2}): (?=\S)")
_BOLD = re.compile(r"<b>([^<>\n]+):</b> ")
_NOTHING = "<b></b>"


def plain_speakers(payloads: Sequence[str]) -> frozenset[str]:
    """Return the names that stand as `Name: ` before at least two SubRip cues, or a quarter of them."""
    count = Counter(name for name in map(_prefix, payloads) if name)
    return frozenset(name for name, times in count.items() if times >= 2 or times * 4 >= len(payloads))


def _prefix(text: str) -> str:
    """Return the name that a text begins with as `Name: `, or nothing."""
    match = _PLAIN.match(text)
    return match.group(1) if match and match.group(1)[0].isupper() else ""


def spoken_by(payload: str, known: frozenset[str]) -> tuple[str, str]:
    """Return `(speaker, text)` of a SubRip payload, both with their markup; `known` as `plain_speakers` returns."""
    if match := _BOLD.match(payload):
        return match.group(1), payload[match.end() :]
    name = _prefix(payload)
    return (name, payload[len(name) + 2 :]) if name in known else ("", payload.removeprefix(_NOTHING))


def to_srt(segments: Sequence[Segment]) -> str:
    """Write SubRip, speakers as `Name: ` before what they say."""
    known = plain_speakers([f"{s.speaker}: x" if _prefix(f"{s.speaker}: x") == s.speaker else "" for s in segments])
    rows = [
        f"{number}\n{stamp(s.start_ms, comma=True)} --> {stamp(s.end_ms, comma=True)}\n{_srt_payload(s, known)}"
        for number, s in enumerate(segments, 1)
    ]
    return "\n\n".join(rows) + "\n" if rows else ""


def _srt_payload(segment: Segment, known: frozenset[str]) -> str:
    text, speaker = _srt(segment.text), segment.speaker
    if not speaker:
        return f"{_NOTHING}{text}" if _prefix(text) else text
    return f"{speaker}: {text}" if speaker in known else f"<b>{html.escape(speaker, quote=False)}:</b> {text}"


def _srt(text: str) -> str:
    """Escape only what a reader would take for markup or times, since many players show entities as they are."""
    text = text.replace("\n", " ")
    if re.search(r"-->|<[\w/>]|\{\\", text) or html.unescape(text) != text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("{\\", "&#123;\\")
    return text


def to_ttml(segments: Sequence[Segment]) -> str:
    """Write TTML (W3C), speakers as agents, times to the millisecond."""
    names = list(dict.fromkeys(s.speaker for s in segments if s.speaker))
    ids = {name: f"speaker{number}" for number, name in enumerate(names, 1)}
    agents = "".join(
        f'<ttm:agent type="person" xml:id="{ids[name]}"><ttm:name type="full">{_xml(name)}</ttm:name></ttm:agent>\n'
        for name in names
    )
    rows = "".join(
        f'<p begin="{stamp(s.start_ms)}" end="{stamp(s.end_ms)}"'
        + (f" ttm:agent={quoteattr(ids[s.speaker])}" if s.speaker else "") + f">{_xml(s.text)}</p>\n"
        for s in segments
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<tt xmlns="http://www.w3.org/ns/ttml" '
        'xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xml:lang="">\n'
        f"<head><metadata>\n{agents}</metadata></head>\n<body><div>\n{rows}</div></body>\n</tt>\n"
    )


def _xml(text: str) -> str:
    """Escape text; the two characters of canonical text that XML cannot hold are left out."""
    return escape(re.sub("[\ufffe\uffff]", "", text))


_ASS_HEAD = """[Script Info]
ScriptType: v4.00+
WrapStyle: 0
PlayResX: 1280
PlayResY: 720

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,48,&H00FFFFFF,&H000000FF,&H00000000,&H80000000,0,0,0,0,100,100,0,0,1,2,1,2,40,40,40,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def to_ass(segments: Sequence[Segment]) -> str:
    """Write Advanced SubStation. Its clock has hundredths of a second; a name holds no comma, for which `;` stands."""
    rows = [
        f"Dialogue: 0,{_ass_stamp(s.start_ms)},{_ass_stamp(max(s.end_ms, s.start_ms + 10))},Default,"
        f"{s.speaker.replace(',', ';')},0,0,0,,{_ass(s.text)}\n"
        for s in segments
    ]
    return _ASS_HEAD + "".join(rows)


def _ass_stamp(ms: int) -> str:
    seconds, hundredths = divmod(round(ms / 10), 100)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{hundredths:02}"


def _ass(text: str) -> str:
    """Escape braces; a backslash before a letter that would end the line gets an invisible neighbour in between."""
    text = text.replace("{", "\\{").replace("}", "\\}").replace("\n", " ")
    return re.sub(r"\\(?=[Nnh])", "\\\\\u2060", text)


def to_txt(segments: Sequence[Segment]) -> str:
    """Write one sentence a line, speakers before what they say."""
    return "".join(f"{f'{s.speaker}: ' if s.speaker else ''}{s.text}\n" for s in segments)


def notes_of(origin: Provenance, segments: Sequence[Segment], duration_ms: int) -> tuple[Note, ...]:
    """Return what must be said about a caption file: its problems line by line, and cues after the end of its medium.

    Args:
        origin: with `options["problems"]` as a reader of captions leaves them: `{"line", "text", "message"}` each.
        segments: all cues, before they are cut to the medium.
        duration_ms: the medium's length; 0 where it is unknown.
    """
    notes = []
    for row in origin.options.get("problems", ()):
        quoted = f": “{row['text']}”" if row["text"] else ""
        start = f"line {row['line']}: " if row["line"] else ""
        notes.append(Note(line=row["line"], message=f"{start}{row['message']}{quoted}."))
    late = [s for s in segments if duration_ms and s.start_ms >= duration_ms]
    if late:
        first = stamp(late[0].start_ms)
        many = f"{len(late)} cues from {first} on begin" if len(late) > 1 else f"a cue at {first} begins"
        message = f"{many} after the recording's end: left out."
        notes.append(Note(message=message))
    return kept(notes)


#: What a transcript can be written as: media type and how.
FORMATS: Mapping[str, tuple[str, Callable[[Sequence[Segment]], str]]] = {
    "vtt": ("text/vtt", to_vtt), "srt": ("application/x-subrip", to_srt), "txt": ("text/plain", to_txt),
    "ttml": ("application/ttml+xml", to_ttml), "ass": ("text/x-ssa", to_ass),
}
