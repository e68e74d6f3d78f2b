"""Captions as people write them: text is text, speakers are kept, and what is malformed is named by its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowhub_ext.backends.cues import BACKWARDS, BAD_TIMES, NO_TIMES
from knowhub_ext.backends.transcribers.captions import CaptionsTranscriber
from knowhub_ext.domain.captions import to_srt, to_vtt
from knowhub_ext.domain.segments import Segment
from knowhub_ext.errors import UnreadableFile
from knowhub_ext.ports import Recognition, SpeechRequest


def read(folder: Path, text: str | bytes, name: str = "a.vtt") -> tuple[list[Segment], Recognition]:
    path = folder / "blob"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = CaptionsTranscriber().transcribe(path, SpeechRequest(name=name))
    return list(found.segments), found


def vtt(*cues: str) -> str:
    return "WEBVTT\n\n" + "\n\n".join(cues) + "\n"


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        ("plain", "plain"),
        ("<b>bold</b> and <i.loud>loud</i>", "bold and loud"),
        ("<00:00:01.500>karaoke", "karaoke"),
        ("Tom &amp; Jerry &lt;3 &#233;", "Tom & Jerry <3 é"),
        ("<img src=x onerror=alert(1)>after", "after"),
        ("<script>alert(1)</script>", "alert(1)"),
        ("&lt;img onerror=x&gt; stays text", "<img onerror=x> stays text"),
        ("if a < b and c > d", "if a < b and c > d"),
        ("two\nlines", "two lines"),
        ("zero\u200bwidth", "zerowidth"),
    ],
)
def test_text_is_text(tmp_path: Path, payload: str, text: str) -> None:
    segments, _ = read(tmp_path, vtt(f"00:01.000 --> 00:02.000\n{payload}"))
    assert [s.text for s in segments] == [text]


def test_a_voice_is_the_speaker(tmp_path: Path) -> None:
    segments, _ = read(tmp_path, vtt("00:01.000 --> 00:02.000\n<v.first Ada Lovelace>Hello &amp; welcome"))
    assert (segments[0].speaker, segments[0].text) == ("Ada Lovelace", "Hello & welcome")


def test_identifiers_settings_notes_and_styles_are_no_text(tmp_path: Path) -> None:
    cue = "intro-1\n00:00:01.000 --> 00:00:02.000 align:start\nHello"
    segments, found = read(tmp_path, vtt("NOTE\nfor the editor", "STYLE\n::cue { color: red }", cue))
    assert [(s.start_ms, s.end_ms, s.text) for s in segments] == [(1_000, 2_000, "Hello")]
    assert {(row["line"], row["message"]) for row in found.provenance.options["problems"]} == {
        (0, "comments (NOTE) were left out: 1"), (0, "style sheets (STYLE) were left out: 1"),
        (0, "captions lost their place or alignment: 1"),
    }


def test_cues_out_of_order_come_in_order(tmp_path: Path) -> None:
    segments, _ = read(tmp_path, vtt("00:05.000 --> 00:06.000\nsecond", "00:01.000 --> 00:02.000\nfirst"))
    assert [s.text for s in segments] == ["first", "second"]


def test_malformed_cues_are_named_and_the_others_kept(tmp_path: Path) -> None:
    segments, found = read(tmp_path, vtt(
        "00:01.000 --> 00:02.000\ngood", "00:xx.000 --> 00:04.000\nlost", "00:05.000 -> 00:06.000\nlost too",
        "00:09.000 --> 00:08.000\nbackwards", "00:10.000 --> 00:11.000\ngood again",
    ))
    assert [s.text for s in segments] == ["good", "good again"]
    assert found.provenance.options["problems"] == [
        {"line": 6, "text": "00:xx.000 --> 00:04.000", "message": BAD_TIMES},
        {"line": 9, "text": "00:05.000 -> 00:06.000", "message": NO_TIMES},
        {"line": 12, "text": "00:09.000 --> 00:08.000", "message": BACKWARDS},
    ]


def test_a_file_without_one_good_cue_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"'a\.vtt' .* line 3: .?1:2 --> 3:4") as raised:
        read(tmp_path, vtt("1:2 --> 3:4\nlost"))
    assert "-->" in raised.value.cure


def test_an_empty_webvtt_is_no_speech(tmp_path: Path) -> None:
    assert read(tmp_path, "WEBVTT\n")[0] == []


SRT = (
    "\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>First</i>\r\n\r\n"
    "2\r\n00:01:03,000 --> 00:01:04,000\r\n{\\an8}Second\r\n"
)


def test_subrip_with_windows_line_ends_and_byte_order_mark(tmp_path: Path) -> None:
    segments, found = read(tmp_path, SRT, "a.srt")
    assert [(s.start_ms, s.text) for s in segments] == [(1_000, "First"), (63_000, "Second")]
    assert found.provenance.model == "srt"


def test_the_content_decides_which_format_it_is(tmp_path: Path) -> None:
    assert [s.text for s in read(tmp_path, SRT, "wrong.vtt")[0]] == ["First", "Second"]


def test_a_blank_line_inside_a_subrip_cue_loses_nothing(tmp_path: Path) -> None:
    segments, _ = read(tmp_path, "1\n00:00:01,000 --> 00:00:02,000\nfirst line\n\nthird line\n", "a.srt")
    assert [s.text for s in segments] == ["first line third line"]


def test_a_malformed_subrip_cue_is_named(tmp_path: Path) -> None:
    segments, found = read(
        tmp_path, "1\n00:00:01,000 --> 00:00:02,000\ngood\n\n2\n00:00:0a,000 --> 00:00:04,000\nlost\n", "a.srt"
    )
    assert [s.text for s in segments] == ["good"]
    assert found.provenance.options["problems"] == [
        {"line": 6, "text": "00:00:0a,000 --> 00:00:04,000", "message": BAD_TIMES}
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    segments, _ = read(tmp_path, vtt("00:01.000 --> 00:02.000\nGrüße – schön").encode(encoding))
    assert segments[0].text == "Grüße – schön"


def test_text_that_holds_no_captions_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        read(tmp_path, "Dear students, there is nothing here.\n", "a.srt")


@pytest.mark.parametrize("write", [to_vtt, to_srt])
def test_what_is_written_is_read_back(tmp_path: Path, write: object) -> None:
    rows = [
        Segment(start_ms=500, end_ms=3_661_007, text="a <b> & c --x"),
        Segment(start_ms=3_700_000, end_ms=3_701_000, text="d"),
    ]
    segments, _ = read(tmp_path, write(rows), "a.vtt")  # type: ignore[operator]
    if write is to_vtt:
        assert segments == rows
    else:
        assert [(s.start_ms, s.end_ms) for s in segments] == [(s.start_ms, s.end_ms) for s in rows]
