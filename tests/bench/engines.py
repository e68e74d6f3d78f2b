"""One table of speech engines: words wrong, error of the cited second, work, peak memory; each in a process of its own.

The lectures are two articles read aloud whose sentences have exact seconds. Each engine gets the same files and no hot
words. `python -m tests.bench.engines NAME FILE…` runs one and prints its pieces as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from knowhub_ext.backends import audio, joining
from knowhub_ext.backends.transcribers.faster_whisper import FasterWhisperTranscriber
from knowhub_ext.backends.vendors import usable_threads
from knowhub_ext.ports import SpeechRequest
from tests.bench import plain_speech, scoring
from tests.bench.figures import Figure, Section
from tests.bench.lectures import model_folder
from tests.bench.measuring import EVAL, MB, Options, Unavailable, run_child

#: `(second, text)` of each piece of a transcript.
Pieces = list[tuple[float, str]]


def _ours(model: str) -> Callable[[str], Pieces]:
    engine = FasterWhisperTranscriber(model=model)
    return lambda path: scoring.starts(engine.transcribe(Path(path), SpeechRequest(language="en")).segments)


def _plain(model: str, way: Callable[[Any, str, str], list[Any]]) -> Callable[[str], Pieces]:
    folder = model_folder() if model == "tiny.en" else joining.joined(joining.BASE)
    engine = plain_speech.load(str(folder), usable_threads())
    return lambda path: [(segment.start, segment.text) for segment in way(engine, path, "")]


def _batched(model: Any, path: str, hot_words: str) -> list[Any]:
    return plain_speech.in_clips(model, path, hot_words, batch_size=8)


def _sphinx() -> Callable[[str], Pieces]:
    from pocketsphinx import Decoder, Endpointer

    def hear(path: str) -> Pieces:
        sound = (audio.read(Path(path)) * 32_767).astype("<i2").tobytes()
        ends, decoder = Endpointer(sample_rate=audio.RATE), Decoder(samprate=audio.RATE, loglevel="FATAL")
        pieces: Pieces = []
        inside = False
        for at in range(0, len(sound) - ends.frame_bytes, ends.frame_bytes):
            frame = ends.process(sound[at : at + ends.frame_bytes])
            if frame is None:
                continue
            if not inside:
                decoder.start_utt()
                inside = True
            decoder.process_raw(frame)
            if not ends.in_speech:
                decoder.end_utt()
                inside = False
                if decoder.hyp():
                    pieces.append((ends.speech_start, decoder.hyp().hypstr))
        return pieces

    return hear


ENGINES: dict[str, Callable[[], Callable[[str], Pieces]]] = {
    "KnowHub, tiny.en": lambda: _ours("tiny.en"),
    "faster-whisper, tiny.en, sequential": lambda: _plain("tiny.en", plain_speech.sequential),
    "faster-whisper, tiny.en, batched": lambda: _plain("tiny.en", _batched),
    "KnowHub, base": lambda: _ours("base"),
    "faster-whisper, base, sequential": lambda: _plain("base", plain_speech.sequential),
    "faster-whisper, base, batched": lambda: _plain("base", _batched),
    "PocketSphinx": _sphinx,
}


def sections(options: Options) -> list[Section]:
    """Return one section an engine.

    Raises:
        Unavailable: the evaluation data or a model is not here.
    """
    files = sorted((EVAL / "spoken").glob("*.json"))[: 1 if options.quick else None]
    if not files:
        raise Unavailable("no evaluation data; set KNOWHUB_EVAL_DATA to a folder with `spoken`")
    model_folder()
    names = [name for name in ENGINES if "base" not in name or joining.missing(joining.BASE) is None]
    return [_section(name, files) for name in names]


def _section(name: str, files: Sequence[Path]) -> Section:
    ran = run_child("tests.bench.engines", name, *(str(path.with_suffix(".m4a")) for path in files))
    out = json.loads(ran.output)
    wrong, total, seconds, errors = 0, 0, 0.0, []
    for path, pieces in zip(files, out["pieces"], strict=True):
        truth = json.loads(path.read_text(encoding="utf-8"))
        lines = [row["text"] for row in truth["sentences"]]
        wanted = scoring.words(lines)
        wrong += scoring.distance(wanted, scoring.words(text for _, text in pieces))
        total, seconds = total + len(wanted), seconds + truth["duration"]
        starts = [row["start"] for row in truth["sentences"]]
        errors += scoring.second_errors(lines, starts, [(start, text) for start, text in pieces])
    late = sum(error > 2 for error in errors)
    figures = [
        Figure(what="words wrong", value=100 * wrong / total, unit="%", headline=True),
        Figure(what="error of the cited second, median", value=scoring.middle(errors), unit="s", headline=True,
               note=f"{late} of {len(errors)} sentences open more than 2 s off"),
        Figure(what="processor time", value=out["cpu"] / seconds, unit="s/s", headline=True),
        Figure(what="wall time", value=out["wall"] / seconds, unit="s/s"),
        Figure(what="peak memory", value=ran.peak / MB, unit="MB", headline=True),
    ]
    about = f"{len(files)} articles read aloud, {seconds:.0f} s, {usable_threads()} threads, no hot words"
    return Section(title=f"Speech engines: {name}", about=about, figures=figures)


def main(name: str, *paths: str) -> None:
    """Print the pieces of each file, and the seconds spent on them once the model was loaded."""
    hear = ENGINES[name]()
    wall, cpu = time.perf_counter(), time.process_time()
    pieces = [hear(path) for path in paths]
    print(json.dumps(
        {"pieces": pieces, "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    ))


if __name__ == "__main__":
    main(*sys.argv[1:])
