"""Small inputs for tests of backends: media made on the spot, nine seconds of speech, captions, a document, a notebook.

The speech is the beginning of this project's own sample lecture, spoken by a synthetic voice.
"""

from __future__ import annotations

import json
import math
import sys
import tempfile
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from knowhub_ext.backends import registry
from knowhub_ext.domain.locators import TimeSpan
from knowhub_ext.domain.passages import Passage, Sentence

SPEECH = Path(__file__).parent / "speech.ogg"
SPEECH_TEXT = (
    "What happens to a Celery task when its worker dies in the middle of the job? "
    "With the default settings the answer is short: the task is lost."
)
CAPTIONS = """WEBVTT

00:00.500 --> 00:04.400
<v Ada>What happens to a Celery task when its worker dies?

00:05.000 --> 00:08.500
The task is lost.
"""
MARKDOWN = """# Late acknowledgement

With `acks_late` the worker acknowledges after the task has finished. A killed worker loses nothing.

```python
app.conf.task_acks_late = True
```

- A task may run twice.
- So it must be idempotent.
"""


def tone(path: Path, *, seconds: float = 2.0, hertz: float = 440.0, rate: int = 16_000) -> Path:
    """Write a sine tone as 16-bit WAV; 0 hertz is silence."""
    import wave
    from array import array

    samples = array("h", (
        round(12_000 * math.sin(2 * math.pi * hertz * n / rate)) for n in range(round(seconds * rate))
    ))
    if sys.byteorder == "big":
        samples.byteswap()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return path


def video(path: Path, *, seconds: float = 2.0, sound: Path | None = None, silent: bool = False) -> Path:
    """Write a small video (64 x 36, H.264 where it can be encoded) with the sound of `sound`, a tone, or none at all.

    The suffix of `path` decides the container; AAC in `.mp4`.
    """
    import av

    with av.open(str(path), "w") as box:
        codec = "libx264" if "libx264" in av.codecs_available else "mpeg4"
        pictures = box.add_stream(codec, rate=5)
        pictures.width, pictures.height, pictures.pix_fmt = 64, 36, "yuv420p"
        heard = None if silent else box.add_stream("aac", rate=16_000, layout="mono")
        for number in range(max(1, round(seconds * 5))):
            frame = av.VideoFrame(64, 36, "yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 5)
            box.mux(pictures.encode(frame))
        box.mux(pictures.encode())
        if heard is not None:
            with tempfile.TemporaryDirectory() as scratch:
                _add_sound(box, heard, sound or tone(Path(scratch, "tone.wav"), seconds=seconds))
    return path


def _add_sound(box: Any, stream: Any, source: Path) -> None:
    import av

    resampler = av.AudioResampler(format="fltp", layout="mono", rate=16_000, frame_size=1024)
    with av.open(str(source)) as read:
        for frame in [*read.decode(audio=0), None]:
            for made in resampler.resample(frame):
                box.mux(stream.encode(made))
    box.mux(stream.encode())


def notebook(path: Path, *, segments: Sequence[dict[str, Any]] = ()) -> Path:
    """Write a notebook of a heading, code with a printed output, and `segments` linked to the code."""
    code: dict[str, Any] = {
        "cell_type": "code", "id": "run-it", "execution_count": 1, "source": "import celery\nprint(celery.Task)\n",
        "metadata": {"knowhub": {"segments": list(segments)}} if segments else {},
        "outputs": [{"output_type": "stream", "name": "stdout", "text": ["<class 'celery.Task'>\n"]}],
    }
    words = {"cell_type": "markdown", "id": "words", "metadata": {}, "source": "# Late acknowledgement with PostgreSQL"}
    data = {"cells": [words, code], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def passages() -> list[Passage]:
    """Return three passages of a lecture to ask about."""
    rows = (
        "By default Celery acknowledges a message just before the task starts.",
        "A GIN index keeps a list of rows for every word.",
        "Reciprocal rank fusion adds one divided by sixty plus the rank.",
    )
    return [
        Passage(
            text=text, id=f"p{n}", asset_id="a", lesson_id="l", course_id="c", title="Lecture", ordinal=n,
            locator=TimeSpan(start_ms=n * 9000, end_ms=n * 9000 + 5000),
            sentences=(Sentence(text=text, locator=TimeSpan(start_ms=n * 9000, end_ms=n * 9000 + 5000)),),
        )
        for n, text in enumerate(rows)
    ]


def example_options(seam: str, name: str, folder: Path) -> dict[str, Any]:
    """Return options to construct any registered backend for a test: those of these names that it takes."""
    sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
    examples: dict[str, Any] = {
        "path": folder / "path", "root": folder / "root", "data": folder / "data", "name": "example", "dimensions": 8,
        "command": sleeper, "run_pending": lambda: None, "model": "auto", "grace_s": 5.0,
    }
    if seam == "embedders":
        del examples["dimensions"]
    return {key: examples[key] for key in registry.options_of(seam, name) if key in examples}
