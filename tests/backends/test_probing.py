"""What is in a media file, and in one sentence why a file is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowhub_ext.backends.cage import opening
from knowhub_ext.backends.probing import probe
from knowhub_ext.errors import UnreadableFile
from knowhub_ext.testing import fixtures


def test_a_video_with_sound(tmp_path: Path) -> None:
    info = probe(fixtures.video(tmp_path / "a.mp4", seconds=2), name="a.mp4")
    assert (info.has_audio, info.has_video) == (True, True)
    assert info.duration_ms == pytest.approx(2_000, abs=120)


def test_a_video_without_a_sound_track_is_media(tmp_path: Path) -> None:
    info = probe(fixtures.video(tmp_path / "a.mp4", silent=True), name="a.mp4")
    assert (info.has_audio, info.has_video) == (False, True)


def test_the_content_decides_and_not_the_suffix(tmp_path: Path) -> None:
    info = probe(fixtures.tone(tmp_path / "a.wav"), name="lecture.mp4")
    assert (info.container, info.has_video) == ("wav", False)


def test_a_blob_without_a_suffix_is_recognised(tmp_path: Path) -> None:
    path = fixtures.video(tmp_path / "a.mp4").rename(tmp_path / "0f3a")
    assert probe(path, name="a.mp4").has_video


def test_a_cover_picture_is_no_video(tmp_path: Path) -> None:
    import av

    path = tmp_path / "song.mp3"
    with av.open(str(path), "w") as box:
        sound = box.add_stream("mp3", rate=44_100)
        cover = box.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 16, 16, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        box.mux(cover.encode(av.VideoFrame(16, 16, "yuvj420p")))
        fixtures._add_sound(box, sound, fixtures.tone(tmp_path / "a.wav", rate=44_100))
    info = probe(path, name="song.mp3")
    assert (info.has_audio, info.has_video) == (True, False)


PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9,\nhttp://127.0.0.1:9/secret.ts\n#EXT-X-ENDLIST\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"Dear students,\nthe lecture is cancelled.\n", "plain text"),
        ("Liebe Hörer, ".encode() * 900, "plain text"),
        (PLAYLIST, "HLS playlist"),
        (b"\xef\xbb\xbf\n" + PLAYLIST, "HLS playlist"),
        (b"ffconcat version 1.0\nfile '/etc/passwd'\n", "playlist"),
        (b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"/>', "XML"),
        (b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nm=audio 5004 RTP/AVP 0\r\n", "stream description"),
        (b"%PDF-1.7\n\x00\xff", "PDF"),
        (b"PK\x03\x04" + bytes(40), "archive"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "picture"),
        (b"\x00\x01\x02\x03" * 500, "damaged or not a media file"),
    ],
)
def test_what_is_no_media_gets_one_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "blob"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=said) as raised:
        probe(path, name="lecture.mp4")
    assert raised.value.message.startswith("'lecture.mp4' ")
    assert raised.value.message.count(". ") == 0
    assert raised.value.cure


def test_formats_that_reach_elsewhere_are_refused_by_the_decoder_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import av

    fixtures.video(tmp_path / "other.ts")
    path = tmp_path / "blob"
    path.write_text("ffconcat version 1.0\nfile 'other.ts'\n")
    with av.open(f"file:{path}") as box:
        assert box.format.name == "concat"  # left alone, FFmpeg follows the list to the other file
    monkeypatch.setattr(opening, "_refuse_other_content", lambda path, name: None)
    with pytest.raises(UnreadableFile, match="not among those that may be opened"):
        opening.probe(path, name="lecture.mp4")


def test_a_file_cut_off_before_its_index_is_named_damaged(tmp_path: Path) -> None:
    whole = fixtures.video(tmp_path / "a.mp4").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableFile, match="damaged"):
        probe(tmp_path / "cut.mp4", name="cut.mp4")


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"'a\.mp4' cannot be read"):
        probe(tmp_path / "a.mp4", name="a.mp4")
