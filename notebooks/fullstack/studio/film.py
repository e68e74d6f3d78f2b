"""Still pictures and one sound track to an H.264/AAC mp4. Not for drawing: finished pictures come in."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

#: slides hardly move: five frames a second, and a keyframe every three seconds for quick seeking
FPS, KEYFRAME_FRAMES = 5, 15
VIDEO = {"crf": "31", "preset": "veryslow", "tune": "stillimage", "profile": "high"}
AUDIO_BITS = 48_000


def write(path: Path, stills: Iterator[Image.Image], sound: NDArray[np.int16], rate: int, title: str) -> None:
    """Encode. `stills` yields one picture a frame at `FPS`; `sound` is mono int16 at `rate`."""
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as target:
        target.metadata.update({"title": title, "comment": "Narrated by a synthetic voice."})
        video = target.add_stream("libx264", rate=FPS, options=VIDEO)
        video.width, video.height, video.pix_fmt = 1280, 720, "yuv420p"
        video.codec_context.gop_size = KEYFRAME_FRAMES
        audio = target.add_stream("aac", rate=rate, layout="mono")
        audio.bit_rate = AUDIO_BITS
        _encode_pictures(target, video, stills)
        _encode_sound(target, audio, sound, rate)


def _encode_pictures(
    target: av.container.OutputContainer, video: av.VideoStream, stills: Iterator[Image.Image]
) -> None:
    for number, still in enumerate(stills):
        frame = av.VideoFrame.from_ndarray(np.asarray(still), format="rgb24")
        frame.pts, frame.time_base = number, Fraction(1, FPS)
        target.mux(video.encode(frame))
    target.mux(video.encode())


def _encode_sound(
    target: av.container.OutputContainer, audio: av.AudioStream, sound: NDArray[np.int16], rate: int
) -> None:
    for start in range(0, len(sound), 1024):
        frame = av.AudioFrame.from_ndarray(sound[None, start : start + 1024], format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
        target.mux(audio.encode(frame))
    target.mux(audio.encode())
