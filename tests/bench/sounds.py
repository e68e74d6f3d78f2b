"""Samples to a file, and sounds nobody speaks in."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Any

import numpy as np

from knowhub_ext.backends import audio


def write(path: Path, samples: Any) -> Path:
    """Write float samples in -1..1 at 16 kHz as 16-bit WAV."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(audio.RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes())
    return path
