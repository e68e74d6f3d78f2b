"""TTML, SubStation, SubViewer, speakers in all of them, and that what is written is read back without loss."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowhub_ext.backends.cues import BACKWARDS, BAD_TIMES, NO_TIMES
from knowhub_ext.backends.transcribers.captions import CaptionsTranscriber
from knowhub_ext.domain.captions import FORMATS, to_ass, to_srt, to_ttml, to_vtt
from knowhub_ext.domain.segments import Segment
from knowhub_ext.domain.texts import canonical
from knowhub_ext.errors import UnreadableFile
from knowhub_ext.ports import Recognition, SpeechRequest


def read(folder: Path, text: str | bytes, name: str) -> tuple[list[Segment], Recognition]:
    path = folder / "blob"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = CaptionsTranscriber().transcribe(path, SpeechRequest(name=name))
    return list(found.segments), found


def brief(segments: Sequence[Segment]) -> list[tuple[int, int, str, str]]:
    return [(s.start_ms, s.end_ms, s.speaker, s.text) for s in segments]


def problems(found: Recognition) -> list[tuple[int, str]]:
    return [(row["line"], row["message"]) for row in found.provenance.options.get("problems", [])]


TTML = """<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata"
    xmlns:ttp="http://www.w3.org/ns/ttml#parameter" ttp:frameRate="25" ttp:tickRate="1000" xml:lang="en">
 <head><metadata><ttm:agent xml:id="a" type="person"><ttm:name type="full">Ada  Lovelace</ttm:name></ttm:agent>
 </metadata></head>
 <body begin="10s"><div>
  <p begin="00:00:01.500" end="00:00:03" ttm:agent="a">First &lt;i&gt; <span>and</span><br/>second</p>
  <p begin="00:00:04:05" dur="50f">frames</p>
  <p begin="6000t" end="7000t">ticks</p>
  <p begin="8s" end="7.5s">backwards</p>
  <p begin="soon" end="9s">never</p>
  <p><span begin="10s" end="11s">one</span><span begin="11s" end="12s">two</span></p>
 </div></body>
</tt>
"""


def test_ttml_times_offsets_frames_ticks_and_agents(tmp_path: Path) -> None:
    segments, found = read(tmp_path, TTML, "a.ttml")
    assert brief(segments) == [
        (11_500, 13_000, "Ada Lovelace", "First <i> and second"), (14_200, 16_200, "", "frames"),
        (16_000, 17_000, "", "ticks"), (20_000, 21_000, "", "one"), (21_000, 22_000, "", "two"),
    ]
    assert problems(found) == [(10, BACKWARDS), (11, BAD_TIMES)]
    assert found.provenance.language == "en"


def test_damaged_ttml_keeps_what_comes_before_and_names_the_line(tmp_path: Path) -> None:
    segments, found = read(tmp_path, TTML.replace("<p begin=\"8s\"", "<p begin=8s"), "a.ttml")
    assert len(segments) == 3
    [(line, message)] = problems(found)
    assert line == 10
    assert "damaged here" in message


def test_ttml_whose_root_is_no_tt_is_read_with_the_defaults_of_its_times(tmp_path: Path) -> None:
    rows = '<?xml version="1.0"?><t4><body><p begin="1t" end="60f">Hello</p></body></t4>'
    segments, _ = read(tmp_path, rows, "a.ttml")
    assert [(s.start_ms, s.end_ms) for s in segments] == [(1000, 2000)]


def test_what_cannot_be_read_is_quoted_on_one_line(tmp_path: Path) -> None:
    cue = '<p begin="5s" end="1s">Hello\n   <span>you</span></p>'
    rows = f'<tt xmlns="http://www.w3.org/ns/ttml"><body><div>{cue}</div></body></tt>'
    with pytest.raises(UnreadableFile, match="“Hello you”"):
        read(tmp_path, rows, "a.ttml")


def test_ttml_that_declares_entities_is_refused(tmp_path: Path) -> None:
    bomb = TTML.replace("<tt ", '<!DOCTYPE tt [<!ENTITY a "aaaaaaaaaa">]><tt ', 1)
    with pytest.raises(UnreadableFile, match="document type"):
        read(tmp_path, bomb, "a.ttml")


def test_xml_that_says_its_encoding_is_read_in_it(tmp_path: Path) -> None:
    text = TTML.replace("UTF-8", "ISO-8859-2").replace("ticks", "Łódź").encode("iso-8859-2")
    assert "Łódź" in [s.text for s in read(tmp_path, text, "a.ttml")[0]]


ASS = """[Script Info]
ScriptType: v4.00+

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.50,0:00:03.00,Default,Ada,0,0,0,,{\\i1}First{\\i0}, second\\Nline
Comment: 0,0:00:01.50,0:00:03.00,Default,,0,0,0,,not said
Dialogue: 0,0:00:05.00,0:00:04.00,Default,,0,0,0,,backwards
Dialogue: 0,0:00:xx.00,0:00:04.00,Default,,0,0,0,,never
Dialogue: 0,0:00:06.00,0:00:07.00,Default,,0,0,0,,{\\p1}m 0 0 l 100 0{\\p0}
Dialogue: 0,0:00:08.00
Dialogue: 0,0:00:08.00,0:00:09.00,Default,,0,0,0,,a \\{brace\\}
"""


def test_substation_dialogue_speakers_and_problems(tmp_path: Path) -> None:
    segments, found = read(tmp_path, ASS, "a.ass")
    assert brief(segments) == [
        (1_500, 3_000, "Ada", "First, second line"), (8_000, 9_000, "", "a {brace}"),
    ]
    assert problems(found) == [(8, BACKWARDS), (9, BAD_TIMES), (11, "a dialogue line with too few fields was left out")]


def test_subviewer_is_read(tmp_path: Path) -> None:
    text = "0:00:01.000,0:00:02.500\nHello\nthere\n\n0:01:00.000,0:01:01.000\nAgain\n"
    assert brief(read(tmp_path, text, "a.sbv")[0]) == [(1_000, 2_500, "", "Hello there"), (60_000, 61_000, "", "Again")]


def test_two_voices_of_one_cue_are_two_speakers(tmp_path: Path) -> None:
    text = "WEBVTT\nLanguage: de\n\n00:01.000 --> 00:02.000\nBoth: <v Ada>Hi there. <v Bob Smith>Hello.\n"
    segments, found = read(tmp_path, text, "a.vtt")
    assert [(s.speaker, s.text) for s in segments] == [("", "Both:"), ("Ada", "Hi there."), ("Bob Smith", "Hello.")]
    assert found.provenance.language == "de"


def test_cues_without_a_blank_line_between_them_are_all_read(tmp_path: Path) -> None:
    srt = "1\n00:00:01,000 --> 00:00:02,000\none\n2\n00:00:03,000 --> 00:00:04,000\ntwo\n"
    vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\none\n00:03.000 --> 00:04.000\ntwo\n"
    for text, name in ((srt, "a.srt"), (vtt, "a.vtt")):
        segments, found = read(tmp_path, text, name)
        assert [s.text for s in segments] == ["one", "two"]
        assert problems(found) == []


def test_a_subrip_name_is_a_speaker_where_it_comes_again(tmp_path: Path) -> None:
    def srt(*texts: str) -> str:
        return "\n\n".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{text}" for n, text in enumerate(texts, 1))

    twice, _ = read(tmp_path, srt("Ada: Hello.", "Bob: Hi.", "Ada: Well.", "a", "b", "c", "d", "e", "f"), "a.srt")
    assert [(s.speaker, s.text) for s in twice[:3]] == [("Ada", "Hello."), ("", "Bob: Hi."), ("Ada", "Well.")]
    small, _ = read(tmp_path, srt("at 5: it rains", "at 5: it rains"), "a.srt")
    assert [s.speaker for s in small] == ["", ""]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_another_encoding_than_utf_8_is_said(tmp_path: Path, encoding: str) -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nGrüße\x81\n" if encoding == "latin-1" else (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nGrüße\n"
    )
    [(line, message)] = problems(read(tmp_path, text.encode(encoding), "a.vtt")[1])
    assert line == 0
    assert message.startswith("it is not UTF-8")
    assert problems(read(tmp_path, text.encode(), "a.vtt")[1]) == []


def test_thousands_of_problems_are_counted_not_listed(tmp_path: Path) -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\ngood\n" + "\n00:02.000 --> 00:01.000\nbad\n" * 5_000
    rows = problems(read(tmp_path, text, "a.vtt")[1])
    assert len(rows) == 99
    assert rows[-1] == (0, "4902 more lines of the same kind are not listed")


# Round trips

WORDS = st.text(
    st.sampled_from("ab Zé漢🙂:;-->&<>{}\\/'\"N,.1 ") | st.characters(codec="utf-8", exclude_categories=["Cc"]),
    min_size=1, max_size=60,
)
MARKUP = st.sampled_from([
    "<i>x</i>", "<v Ada>x", "&lt;b&gt;", "&amp;lt;", "{\\an8}x", "a --> b", "00:01.000 --> 00:02.000", "Ada: x", "1",
    "NOTE x", "<b>Ada:</b> x", "<b></b>x", "\\N", "WEBVTT", "[Events]", "<img src=x onerror=alert(1)>", "Note: this",
    "&#60;", "Dialogue: 0", "\\{x", "x\\",
])
TEXT = st.one_of(WORDS, MARKUP).map(lambda text: " ".join(canonical(text).split())).filter(bool)
NAMES = st.one_of(
    st.just(""), st.just(""), TEXT,
    st.sampled_from(["Ada", "Bob Smith", "Dr. No", "ann", "A: B", "<v X>", "a & b", "1"]),
)


@st.composite
def transcripts(draw: st.DrawFn, grain: int) -> list[Segment]:
    rows, at = [], 0
    for _ in range(draw(st.integers(1, 6))):
        start = at + draw(st.integers(0, 4_000)) * grain
        end = start + draw(st.integers(1, 400_000)) * grain
        rows.append(Segment(start_ms=start, end_ms=end, text=draw(TEXT), speaker=draw(NAMES)))
        at = start
    return rows


def again(folder: pytest.TempPathFactory, text: str, name: str) -> list[Segment]:
    return read(folder.getbasetemp(), text, name)[0]


@pytest.mark.parametrize(("write", "name"), [(to_vtt, "a.vtt"), (to_srt, "a.srt"), (to_ttml, "a.ttml")])
@settings(deadline=None)
@given(data=st.data())
def test_text_times_and_speakers_come_back_to_the_millisecond(
    tmp_path_factory: pytest.TempPathFactory, write: Callable[[Sequence[Segment]], str], name: str, data: st.DataObject
) -> None:
    rows = data.draw(transcripts(1))
    if write is to_ttml:  # XML has no place for two code points
        rows = [s for s in rows if not set("\ufffe\uffff") & set(s.text + s.speaker)]
    read_back = again(tmp_path_factory, write(rows), name) if rows else []
    assert brief(read_back) == brief(rows)


@settings(deadline=None)
@given(rows=transcripts(10))
def test_substation_keeps_text_and_speakers_and_hundredths(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Segment]
) -> None:
    read_back = again(tmp_path_factory, to_ass(rows), "a.ass")
    assert brief(read_back) == [(s, e, name.replace(",", ";"), text) for s, e, name, text in brief(rows)]


def test_control_a_writer_that_escapes_nothing_is_caught(tmp_path: Path) -> None:
    hostile = [Segment(start_ms=0, end_ms=1, text="<i>x</i> & &lt;", speaker="")]
    assert brief(read(tmp_path, to_srt(hostile), "a.srt")[0]) == brief(hostile)
    naive = f"1\n00:00:00,000 --> 00:00:00,001\n{hostile[0].text}\n"
    assert brief(read(tmp_path, naive, "a.srt")[0]) != brief(hostile)


def test_every_format_writes_every_cue() -> None:
    said = Segment(start_ms=0, end_ms=1000, text="Hello.", speaker="Ada")
    rows = [said, Segment(start_ms=1000, end_ms=2000, text="Hi")]
    for _, write in FORMATS.values():
        assert "Hello." in write(rows)
        assert "Ada" in write(rows)
    assert "Ada: Hello." in to_srt(rows)
    assert "<v Ada>Hello." in to_vtt(rows)


def test_what_of_a_files_form_is_not_kept_is_said_once_with_its_count(tmp_path: Path) -> None:
    cue = "00:0{0}.000 --> 00:0{0}.900 align:start\nOne line\nand another\n\n"
    vtt = "WEBVTT\n\nREGION\nid:a\n\nNOTE one\n\nNOTE two\n\n" + cue.format(1) + cue.format(2)
    segments, found = read(tmp_path, vtt, "a.vtt")
    assert [segment.text for segment in segments] == ["One line and another"] * 2
    assert problems(found) == [
        (0, "regions (REGION) were left out: 1"), (0, "comments (NOTE) were left out: 2"),
        (0, "captions lost their place or alignment: 2"),
    ]
    plain = "WEBVTT\n\n1\n00:01.000 --> 00:02.000\nOne line\nand another\n"
    assert problems(read(tmp_path, plain, "b.vtt")[1]) == []


def test_digits_and_signs_without_times_are_said_by_line(tmp_path: Path) -> None:
    times = "00:01.000 --> 00:02.000\nText.\n\n"
    bare = f"WEBVTT\n\n{times}42\n\n?!\n"
    assert problems(read(tmp_path, bare, "a.vtt")[1]) == [(6, NO_TIMES), (8, NO_TIMES)]
    srt = "1\n\n00:00:01,000 --> 00:00:02,000\nText.\n"
    assert problems(read(tmp_path, srt, "b.srt")[1]) == [], "a number alone counts cues"
    assert problems(read(tmp_path, f"♪♪\n\n{srt}", "c.srt")[1]) == [(1, NO_TIMES)]
