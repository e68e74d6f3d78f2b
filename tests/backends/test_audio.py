"""Sound as 16 kHz samples: complete, at the right time, and whatever can be decoded of a broken file."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from knowhub_ext.backends import audio
from knowhub_ext.errors import UnreadableFile
from knowhub_ext.testing import fixtures


def test_a_tone_keeps_its_length_and_pitch(tmp_path: Path) -> None:
    samples = audio.read(fixtures.tone(tmp_path / "a.wav", seconds=2, hertz=440, rate=44_100))
    assert samples.dtype == np.float32
    assert len(samples) == pytest.approx(2 * audio.RATE, abs=40)
    assert np.argmax(np.abs(np.fft.rfft(samples))) / 2 == pytest.approx(440, abs=1)
    assert 0.3 < np.abs(samples).max() < 0.4


def test_the_start_is_skipped_to_the_sample(tmp_path: Path) -> None:
    path = fixtures.tone(tmp_path / "a.wav", seconds=3)
    whole, rest = audio.read(path), audio.read(path, start_ms=1_234)
    np.testing.assert_array_equal(rest, whole[1_234 * 16 :])


def test_blocks_together_are_the_whole(tmp_path: Path) -> None:
    path = fixtures.tone(tmp_path / "a.wav", seconds=5)
    blocks = list(audio.blocks(path, seconds=1))
    assert len(blocks) >= 4
    np.testing.assert_array_equal(np.concatenate(blocks), audio.read(path))


def test_a_start_beyond_the_end_gives_nothing(tmp_path: Path) -> None:
    assert len(audio.read(fixtures.tone(tmp_path / "a.wav"), start_ms=60_000)) == 0


def test_a_video_without_sound_gives_nothing(tmp_path: Path) -> None:
    assert len(audio.read(fixtures.video(tmp_path / "a.mp4", silent=True))) == 0


def late_sound(path: Path, *, late: float) -> Path:
    """Write a video whose sound track begins `late` seconds after its pictures."""
    import av

    with av.open(str(path), "w") as box:
        pictures = box.add_stream("mpeg4", rate=5)
        pictures.width, pictures.height, pictures.pix_fmt = 64, 36, "yuv420p"
        sound = box.add_stream("aac", rate=16_000, layout="mono")
        for number in range(20):
            frame = av.VideoFrame(64, 36, "yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 5)
            box.mux(pictures.encode(frame))
        box.mux(pictures.encode())
        with av.open(str(fixtures.tone(path.with_suffix(".wav"), seconds=1))) as read:
            resampler = av.AudioResampler(format="fltp", layout="mono", rate=16_000, frame_size=1024)
            at = round(late * 16_000)
            for frame in [*read.decode(audio=0), None]:
                for made in resampler.resample(frame):
                    made.pts, made.time_base = at, Fraction(1, 16_000)
                    at += made.samples
                    box.mux(sound.encode(made))
        box.mux(sound.encode())
    return path


def test_sound_that_begins_late_stays_where_a_player_plays_it(tmp_path: Path) -> None:
    samples = audio.read(late_sound(tmp_path / "a.mkv", late=2.0))
    loud = np.flatnonzero(np.abs(samples) > 0.1)
    assert loud[0] / audio.RATE == pytest.approx(2.0, abs=0.1)
    assert len(samples) == pytest.approx(3 * audio.RATE, abs=2_000)


def test_a_truncated_file_gives_what_it_holds(tmp_path: Path) -> None:
    whole = fixtures.SPEECH.read_bytes()
    (tmp_path / "cut.ogg").write_bytes(whole[: len(whole) // 2])
    seconds = len(audio.read(tmp_path / "cut.ogg")) / audio.RATE
    assert 3 < seconds < 6


def test_a_hole_in_a_file_is_passed_over(tmp_path: Path) -> None:
    data = bytearray(fixtures.SPEECH.read_bytes())
    data[8_000:12_000] = bytes(4_000)
    (tmp_path / "hole.ogg").write_bytes(data)
    assert len(audio.read(tmp_path / "hole.ogg")) / audio.RATE == pytest.approx(8.9, abs=0.5)


def test_what_cannot_be_decoded_at_all_is_one_sentence(tmp_path: Path) -> None:
    data = bytearray(fixtures.video(tmp_path / "a.mp4").read_bytes())
    start = data.index(b"mdat") + 4
    data[start : data.index(b"moov") - 4] = b"\xff" * (data.index(b"moov") - 4 - start)
    (tmp_path / "b.mp4").write_bytes(data)
    with pytest.raises(UnreadableFile, match=r"'b\.mp4' is damaged"):
        audio.read(tmp_path / "b.mp4")
