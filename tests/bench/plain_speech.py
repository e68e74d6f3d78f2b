"""faster-whisper alone, in its two ways: the peer of the hub's speech, here and in a process of its own.

`python -m tests.bench.plain_speech MODEL_FOLDER THREADS HOT_WORDS FILE…` recognises the files in clips.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from faster_whisper import BatchedInferencePipeline, WhisperModel

#: What the hub asks of the engine too, except how the sound is cut.
_SAME: dict[str, Any] = {"beam_size": 5, "vad_filter": True, "word_timestamps": True}


def load(folder: str, threads: int) -> Any:
    return WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=threads)


def sequential(model: Any, path: str, hot_words: str) -> list[Any]:
    """Return all segments, the engine finding its own way through the file, trying again where it is unsure."""
    return list(model.transcribe(path, hotwords=hot_words or None, condition_on_previous_text=False, **_SAME)[0])


def in_clips(model: Any, path: str, hot_words: str, *, batch_size: int = 1) -> list[Any]:
    """Return all segments, recognised clip by clip by the engine's own pipeline, `batch_size` at a time."""
    pipeline = BatchedInferencePipeline(model)
    return list(pipeline.transcribe(path, hotwords=hot_words or None, batch_size=batch_size, **_SAME)[0])


def main(folder: str, threads: str, hot_words: str, *paths: str) -> None:
    """Print how many segments each file has."""
    model = load(folder, int(threads))
    print(json.dumps([len(in_clips(model, path, hot_words)) for path in paths]))


if __name__ == "__main__":
    main(*sys.argv[1:])
