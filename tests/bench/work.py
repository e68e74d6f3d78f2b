"""What a lecture-hour costs: processor time and memory of a worker process, bytes in the data folder."""

from __future__ import annotations

import wave
from pathlib import Path

import nbformat

from knowhub_ext.backends import audio
from knowhub_ext.backends.vendors import usable_threads
from knowhub_ext.testing.fixtures import tone
from knowhub_ext.testing.hubs import plain_hub
from tests.bench import stored
from tests.bench.figures import Figure, Peer, Section
from tests.bench.lectures import Lecture, joined, model_folder, put_in, sample, transcript_of
from tests.bench.measuring import MB, Options, Ran, run_child

PLAIN = "faster-whisper, in clips"
HOUR_S = 3_600
#: the peer's model, or the two would not be compared
_SETTINGS = '{"chat_model": "quote", "transcriber_options": {"model": "tiny.en"}}'


def sections(options: Options) -> list[Section]:
    """Return processor time and memory, then bytes.

    Raises:
        Unavailable: there is no packaged speech model.
    """
    lectures = [sample("celery-worker-dies")] + ([] if options.quick else [sample("gin-finds-words")])
    idle, plain_idle = _pair([_silence(options.scratch)], options.scratch / "idle")
    busy, plain_busy = _pair(lectures, options.scratch / "busy")
    seconds = sum(lecture.seconds for lecture in lectures)
    hours = seconds / HOUR_S
    figures = [
        Figure(
            what="processor time of a worker, a lecture-hour", value=_hour(busy, idle, hours), unit="s", headline=True,
            peer=Peer(name=PLAIN, value=_hour(plain_busy, plain_idle, hours)), note="the start once, the rest scaled",
        ),
        Figure(
            what="processor time of its start alone", value=idle.cpu, unit="s",
            peer=Peer(name=PLAIN, value=plain_idle.cpu),
        ),
        _peak(f"peak memory of a worker, {seconds / 60:.0f} minutes of lectures", busy, plain_busy),
    ]
    if not options.quick:
        long = _hour_of_sound(lectures[0], options.scratch)
        figures.append(_peak("peak memory of a worker, a file of an hour", *_pair([long], options.scratch / "hour")))
    names = ", ".join(lecture.path.name for lecture in lectures)
    about = (
        f"a worker process, from probing to vectors, beside a process that only recognises; {names}, {seconds:.0f} s "
        "together, scaled to an hour; the file of an hour is the first of them and then quiet"
    )
    hour = stored.sections(lectures[0], options.scratch / "busy", options.scratch / "stored")
    return [Section(title="Work on a lecture-hour", about=about, figures=figures), *hour]


def _pair(lectures: list[Lecture], data: Path) -> tuple[Ran, Ran]:
    """Run a worker over the lectures, and plain faster-whisper over the same files."""
    with plain_hub(data) as hub:
        for lecture in lectures[:1]:
            put_in(hub, lecture)
        for lecture in lectures[1:]:
            hub.ingest.add(hub.people.local(), "bench", [lecture.path, *lecture.beside])
    worker = run_child("knowhub_ext.worker", "--data", str(data), "--idle", "0", "--settings", _SETTINGS)
    words = joined(transcript_of(data, lectures[0]).provenance.hot_words)
    paths = [str(lecture.path) for lecture in lectures]
    return worker, run_child("tests.bench.plain_speech", str(model_folder()), str(usable_threads()), words, *paths)


def _hour(busy: Ran, idle: Ran, hours: float) -> float:
    """Return the seconds of an hour: the start once, and what the lectures took beyond it as often as they fit in."""
    return idle.cpu + (busy.cpu - idle.cpu) / hours


def _peak(what: str, ours: Ran, plain: Ran) -> Figure:
    peer = Peer(name=PLAIN, value=plain.peak / MB)
    return Figure(what=what, value=ours.peak / MB, unit="MB", peer=peer, headline=True)


def _silence(scratch: Path) -> Lecture:
    """Return two seconds of silence and a short notebook: everything a lecture needs is loaded, nothing is heard."""
    note = scratch / "silence.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Nothing is said here.")]), note)
    return Lecture(path=tone(scratch / "silence.wav", seconds=2.0, hertz=0.0), beside=(note,))


def _hour_of_sound(lecture: Lecture, scratch: Path) -> Lecture:
    """Write the lecture's sound and quiet after it, one hour together: recognised soon, read in full length."""
    path = scratch / "hour.wav"
    samples = (audio.read(lecture.path) * 32_767).astype("<i2")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(audio.RATE)
        out.writeframes(samples.tobytes())
        out.writeframes(bytes(2 * (HOUR_S * audio.RATE - len(samples))))
    return Lecture(path=path, hot_words=lecture.hot_words)
