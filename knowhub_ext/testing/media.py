"""Small real media made on the fly, so that tests need no files of their own."""

from __future__ import annotations

import math
from pathlib import Path


def tone(path: Path, *, seconds: float = 5.0, hertz: float = 440.0, video: bool = True) -> Path:
    """Write a tone (0 Hz: silence) as AAC, with an H.264 picture at 2 frames a second unless `video` is false."""
    import av
    import numpy as np

    rate = 16_000
    with av.open(str(path), "w") as out:
        sound = out.add_stream("aac", rate=rate, layout="mono")
        picture = out.add_stream("libx264", rate=2) if video else None
        if picture is not None:
            picture.width, picture.height, picture.pix_fmt = 64, 36, "yuv420p"
        at = np.arange(int(seconds * rate)) / rate
        wave = (0.2 * np.sin(2 * math.pi * hertz * at)).astype(np.float32) if hertz else np.zeros(len(at), np.float32)
        for start in range(0, len(wave), 1024):
            frame = av.AudioFrame.from_ndarray(wave[None, start : start + 1024], format="fltp", layout="mono")
            frame.sample_rate, frame.pts = rate, start
            out.mux(sound.encode(frame))
        out.mux(sound.encode(None))
        if picture is not None:
            for _ in range(int(seconds * 2)):
                out.mux(picture.encode(av.VideoFrame.from_ndarray(np.zeros((36, 64, 3), np.uint8), format="rgb24")))
            out.mux(picture.encode(None))
    return path
