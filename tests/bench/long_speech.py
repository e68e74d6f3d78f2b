"""Memory over four hours of speech, and other languages: what is too long or needs too much for a test.

`python -m tests.bench.long_speech MODEL HOURS FILE` recognises a file of so many hours made of one that is repeated;
sound comes from memory piece by piece, as it would from a decoder.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
import wave
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from knowhub_ext.backends import audio, joining
from knowhub_ext.backends.transcribers.faster_whisper import FasterWhisperTranscriber
from knowhub_ext.ports import SpeechRequest
from knowhub_ext.services.planning import read_plan
from knowhub_ext.testing.hubs import plain_hub
from tests.bench.figures import Figure, Section, as_text
from tests.bench.lectures import model_folder
from tests.bench.measuring import MB, SAMPLE, Options, Unavailable, child, run_child
from tests.bench.scoring import distance, words

TARGET = "target ≤ 700 MB"
BASE = '{"transcriber_options": {"model": "base"}}'
#: language → what is said, and the same in English
SAID = {
    "de": ("Guten Tag. Heute sprechen wir über die Geschichte der Stadt und über die Menschen, die hier gelebt haben.",
           "Good day. Today we talk about the history of the city and about the people who lived here."),
    "fr": ("Bonjour à tous. Aujourd'hui nous allons parler de la ville et des personnes qui ont vécu ici.",
           "Hello everyone. Today we will talk about the city and the people who lived here."),
    "es": ("Buenos días. Hoy vamos a hablar de la historia de la ciudad y de las personas que vivieron aquí.",
           "Good morning. Today we are going to talk about the history of the city and the people who lived here."),
}


def sections(options: Options) -> list[Section]:
    """Return memory over hours, then languages.

    Raises:
        Unavailable: a model is not here.
    """
    model_folder()
    if joining.missing(joining.BASE) is not None:
        raise Unavailable("no packaged speech model of many languages")
    hours = (0.1,) if options.quick else (0.25, 4.0)
    rows = [_memory("base", count) for count in hours] + [_worker(hours[-1], options.scratch / "long")]
    memory = Section(
        title="Speech: memory over hours", figures=rows,
        about="a sample lecture again and again, beam 5, its course's hot words, base, int8; a process of its own, "
        "then `knowhub worker` on a file",
    )
    return [memory, _languages(options.scratch)]


def _memory(model: str, hours: float) -> Figure:
    ran = run_child("tests.bench.long_speech", model, str(hours), str(SAMPLE / "celery-worker-dies.mp4"))
    out = json.loads(ran.output)
    note = f"{TARGET}; {out['cues']} cues, in order and inside: {out['ordered']}; half way {out['half'] / MB:.0f} MB"
    return Figure(what=f"peak memory, {hours:g} h of speech", value=ran.peak / MB, unit="MB", note=note, headline=True)


def _worker(hours: float, scratch: Path) -> Figure:
    """Run `knowhub worker` over a file of so many hours; of its processes the largest counts."""
    scratch.mkdir(parents=True)
    path = scratch / "long.wav"
    sound = (audio.read(SAMPLE / "celery-worker-dies.mp4") * 32_767).astype("<i2").tobytes()
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(audio.RATE)
        for _ in range(round(hours * 3600 * audio.RATE * 2 / len(sound)) or 1):
            out.writeframes(sound)
    data = scratch / "data"
    with plain_hub(data) as hub:
        me = hub.people.local()
        hub.courses.create(me, "bench")
        hub.ingest.add(me, "bench", [path])
    peaks: dict[int, int] = {}
    with child("knowhub_ext.worker", "--data", str(data), "--lane", "speech", "--idle", "0", "--settings", BASE) as run:
        began, root = time.monotonic(), psutil.Process(run.pid)
        while run.poll() is None:
            for process in (root, *root.children(recursive=True)):
                with suppress(psutil.Error):
                    peaks[process.pid] = max(peaks.get(process.pid, 0), process.memory_info().rss)
            time.sleep(0.5)
        took = time.monotonic() - began
    with plain_hub(data) as hub:
        [job] = hub.jobs.page(me)[0]
    return Figure(
        what=f"peak memory of `knowhub worker`, a file of {hours:g} h", value=max(peaks.values()) / MB, unit="MB",
        note=f"{TARGET}; job {job['state']}, {took:.0f} s", headline=True,
    )


def _languages(scratch: Path) -> Section:
    espeak = shutil.which("espeak-ng")
    if espeak is None:
        return Section(title="Speech: other languages", skipped="no synthesiser; install espeak-ng")
    engine, figures = FasterWhisperTranscriber(), []
    for code, (line, english) in SAID.items():
        path = scratch / f"{code}.wav"
        subprocess.run([espeak, "-v", code, "-s", "140", "-w", str(path), line], check=True, capture_output=True)
        heard = engine.transcribe(path, SpeechRequest())
        text = " ".join(segment.text for segment in heard.segments)
        there = engine.transcribe(path, SpeechRequest(task="translate")).segments
        translated = " ".join(segment.text for segment in there)
        wanted = words([line])
        figures.append(Figure(
            what=f"words wrong, {code}, heard as {heard.provenance.language}", unit="%",
            value=100 * distance(wanted, words([text])) / len(wanted),
            note=f"in English: {translated[:70]!r} for {english[:40]!r}",
        ))
    return Section(
        title="Speech: other languages", figures=figures, about="espeak-ng, a sentence each; the language is not told"
    )


class _Tape:
    """Pieces of a minute, the same sound again and again."""

    def __init__(self, path: Path, hours: float) -> None:
        self._sound = audio.read(path)
        self.seconds = hours * 3600

    def blocks(self, path: Path, *, start_ms: int = 0, name: str = "", seconds: float = 60.0) -> Iterator[Any]:
        left = round(self.seconds * audio.RATE)
        while left > 0:
            for at in range(0, len(self._sound), 60 * audio.RATE):
                yield self._sound[at : at + min(60 * audio.RATE, left)].copy()
                left -= min(60 * audio.RATE, left, len(self._sound) - at)
                if left <= 0:
                    return


def main(model: str, hours: str, path: str) -> None:
    """Print how many cues there are, whether they are in order and inside, and the memory half way."""
    tape = _Tape(Path(path), float(hours))
    audio.blocks = tape.blocks
    request = SpeechRequest(language="en", hot_words=tuple(read_plan(SAMPLE).hot_words))
    count, before, ordered, half = 0, 0, True, 0
    for segment in FasterWhisperTranscriber(model=model).transcribe(Path(path), request).segments:
        ordered = ordered and before <= segment.start_ms < segment.end_ms <= tape.seconds * 1000
        count, before = count + 1, segment.start_ms
        if not half and segment.start_ms > tape.seconds * 500:
            half = psutil.Process().memory_info().rss
    print(json.dumps({"cues": count, "ordered": ordered, "half": half}))


if __name__ == "__main__":
    if len(sys.argv) == 4:
        main(*sys.argv[1:])
    else:
        for part in sections(Options(quick="--quick" in sys.argv, scratch=Path("/tmp"))):
            print(as_text(part), flush=True)
