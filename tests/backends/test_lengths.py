"""How long a recording is where its header guesses, knows only its first part, or does not say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from knowhub_ext.backends import audio
from knowhub_ext.backends.cage import lengths
from knowhub_ext.backends.probing import probe


def encoded(path: Path, seconds: float, codec: str, *, loud: float = 1.0, **options: Any) -> bytes:
    """Return a file of noise, made at `path`; `rate`, `bit_rate`, and options of the container."""
    rate, bit_rate = options.pop("rate", 44_100), options.pop("bit_rate", 64_000)
    noise = (np.random.default_rng(1).standard_normal(round(seconds * rate)) * 8000 * loud).astype(np.int16)
    with av.open(str(path), "w", options=options) as box:
        stream = box.add_stream(codec, rate=rate)
        stream.bit_rate, stream.layout = bit_rate, "mono"
        for at in range(0, len(noise), 960):
            frame = av.AudioFrame.from_ndarray(noise[None, at : at + 960], format="s16", layout="mono")
            frame.sample_rate, frame.pts = rate, at
            box.mux(stream.encode(frame))
        box.mux(stream.encode())
    return path.read_bytes()


def joined_aac(path: Path) -> Path:
    """Write ten seconds of loud noise and forty of silence: by the rate of the loud ones it is far shorter."""
    parts = encoded(path, 10, "aac", bit_rate=192_000) + encoded(path, 40, "aac", bit_rate=192_000, loud=0.0)
    path.write_bytes(parts)
    return path


def joined_mp3(path: Path, **options: Any) -> Path:
    parts = [encoded(path, s, "libmp3lame", bit_rate=b, **options) for s, b in ((10, 128_000), (40, 32_000))]
    path.write_bytes(b"".join(parts))
    return path


def joined_ogg(path: Path) -> Path:
    parts = [encoded(path, seconds, "libopus", rate=48_000) for seconds in (40, 10)]
    path.write_bytes(b"".join(parts))
    return path


MADE = {
    "joined.aac": joined_aac,
    "joined.mp3": joined_mp3,
    "untold.mp3": lambda path: joined_mp3(path, write_xing="0", id3v2_version="0"),
    "joined.ogg": joined_ogg,
}


@pytest.mark.parametrize("name", MADE)
def test_a_length_that_a_header_only_guesses_is_counted(tmp_path: Path, name: str) -> None:
    path = MADE[name](tmp_path / name)
    with av.open(str(path)) as box:
        assert abs((box.duration or 0) / 1e6 - 50) > 5, "control: the header is wrong"
    heard = len(audio.read(path)) / audio.RATE
    assert heard == pytest.approx(50, abs=0.3)
    assert probe(path, name=name).duration_ms / 1000 == pytest.approx(heard, abs=0.2)


def test_a_recording_that_was_written_as_it_came_says_no_length(tmp_path: Path) -> None:
    path = tmp_path / "live.webm"
    encoded(path, 5, "libopus", rate=48_000, live="1")
    with av.open(str(path)) as box:
        assert not box.duration, "control"
    assert probe(path, name="live.webm").duration_ms == pytest.approx(5_000, abs=100)


def test_a_length_that_is_told_is_not_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lengths, "_counted_ms", lambda container: pytest.fail("counted"))
    encoded(tmp_path / "a.m4a", 2, "aac")
    with av.open(str(tmp_path / "a.m4a")) as box:
        assert lengths.length_ms(box) == pytest.approx(2_000, abs=100)


def test_where_counting_takes_too_long_the_longer_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lengths, "_BUSY_S", -1.0)
    with av.open(str(joined_mp3(tmp_path / "a.mp3"))) as box:
        assert lengths.length_ms(box) == round(box.duration / 1000)


def test_a_cut_off_file_is_as_long_as_what_is_left_of_it(tmp_path: Path) -> None:
    data = encoded(tmp_path / "a.mp3", 20, "libmp3lame")
    (tmp_path / "cut.mp3").write_bytes(data[: len(data) // 2])
    assert probe(tmp_path / "cut.mp3", name="cut.mp3").duration_ms == pytest.approx(10_000, abs=300)
