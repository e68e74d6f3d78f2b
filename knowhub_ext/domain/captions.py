"""Writing a transcript as WebVTT, SubRip or plain text. Reading them is a backend's business."""

from __future__ import annotations

from collections.abc import Sequence

from knowhub_ext.domain.segments import Segment


def stamp(ms: int, *, comma: bool = False) -> str:
    """Return `HH:MM:SS.mmm` (WebVTT) or `HH:MM:SS,mmm` (SubRip)."""
    seconds, milli = divmod(ms, 1000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}{',' if comma else '.'}{milli:03}"


def to_vtt(segments: Sequence[Segment]) -> str:
    """Write WebVTT (W3C); text is escaped, so that it is text whatever it holds."""
    cues = ["WEBVTT"]
    for number, segment in enumerate(segments, 1):
        text = segment.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", " ")
        voice = f"<v {segment.speaker.replace('>', ' ')}>" if segment.speaker else ""
        cues.append(f"{segment.id or number}\n{stamp(segment.start_ms)} --> {stamp(segment.end_ms)}\n{voice}{text}")
    return "\n\n".join(cues) + "\n"


def to_srt(segments: Sequence[Segment]) -> str:
    """Write SubRip."""
    rows = [
        f"{number}\n{stamp(s.start_ms, comma=True)} --> {stamp(s.end_ms, comma=True)}\n{s.text}"
        for number, s in enumerate(segments, 1)
    ]
    return "\n\n".join(rows) + "\n" if rows else ""


def to_txt(segments: Sequence[Segment]) -> str:
    """Write one sentence a line."""
    return "".join(f"{segment.text}\n" for segment in segments)
