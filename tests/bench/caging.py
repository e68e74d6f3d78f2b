"""What the cage costs: the start of a child, and the same file opened in a cage and in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from knowhub_ext.backends import audio, probing
from knowhub_ext.backends.cage import decoding, opening, walls
from knowhub_ext.backends.cage.caged import CagedReader, CagedTranscriber, target_of
from knowhub_ext.backends.readers.notebook import NotebookReader
from knowhub_ext.backends.readers.text import TextReader
from knowhub_ext.backends.transcribers.captions import CaptionsTranscriber
from knowhub_ext.hub.cages import standing
from knowhub_ext.ports import SpeechRequest
from knowhub_ext.testing import fixtures
from tests.bench.figures import Figure, Peer, Section
from tests.bench.lectures import sample
from tests.bench.measuring import SAMPLE, Options, Spent, alternate, median

PLAIN = "in this process"


def sections(options: Options) -> list[Section]:
    """Return the start alone and five kinds of files, each with its ratio to the same work without a cage."""
    rounds = 3 if options.quick else 9
    starts = [_start(kind, rounds) for kind in _kinds()]
    files = [_pair(what, caged, bare, rounds) for what, caged, bare in _pairs(options.scratch)]
    cage = standing()
    about = f"{' + '.join((cage.kind, *cage.layers))}; median of {rounds}, files read before, libraries loaded before"
    return [Section(title="The cage", about=about, figures=[*starts, *files])]


def _kinds() -> list[walls.Wall]:
    best = walls.current()
    limits = walls.Wall(kind="limits")
    return [limits, walls.BARE] if best.kind != "bubblewrap" else [best, limits, walls.BARE]


def _start(wall: walls.Wall, rounds: int) -> Figure:
    """A child that starts, loads its own modules, shuts itself in and says so."""
    with walls.using(wall):
        times, _ = alternate({"start": lambda: standing}, rounds)
    return Figure(what=f"start of a child, {wall.kind}", value=1000 * _wall(times["start"]), unit="ms")


def _pairs(scratch: Path) -> list[tuple[str, Callable[[], Any], Callable[[], Any]]]:
    lecture, notebook = sample("celery-worker-dies").path, SAMPLE / "gin-finds-words.ipynb"
    text, captions = scratch / "notes.md", SAMPLE / "rag-cites.vtt"
    text.write_text(fixtures.MARKDOWN * 200, encoding="utf-8")
    hour = fixtures.tone(scratch / "hour.wav", seconds=3600, hertz=0)
    asked = SpeechRequest(name=captions.name)

    def reader(name: str) -> CagedReader:
        return CagedReader(target_of("readers", name), frozenset())

    shut = CagedTranscriber(target_of("transcribers", "captions"))
    return [
        ("probing a lecture", lambda: probing.probe(lecture, name="a.mp4"),
         lambda: opening.probe(lecture, name="a.mp4")),
        ("decoding a lecture's sound", lambda: _drain(audio.blocks(lecture)), lambda: _bare_sound(lecture)),
        ("decoding an hour of plain sound", lambda: _drain(audio.blocks(hour)), lambda: _bare_sound(hour)),
        ("reading a notebook", lambda: reader("notebook").read(notebook, name="a.ipynb"),
         lambda: NotebookReader().read(notebook, name="a.ipynb")),
        ("reading 60 kB of Markdown", lambda: reader("text").read(text, name="a.md"),
         lambda: TextReader().read(text, name="a.md")),
        ("reading captions", lambda: list(shut.transcribe(captions, asked).segments),
         lambda: list(CaptionsTranscriber().transcribe(captions, asked).segments)),
    ]  # fmt: skip


def _pair(what: str, caged: Callable[[], Any], bare: Callable[[], Any], rounds: int) -> Figure:
    caged(), bare()  # neither pays for what is loaded once
    times, _ = alternate({"caged": lambda: caged, "bare": lambda: bare}, rounds)
    peer = Peer(name=PLAIN, value=1000 * _wall(times["bare"]))
    headline = what == "decoding a lecture's sound"
    return Figure(what=what, value=1000 * _wall(times["caged"]), unit="ms", peer=peer, headline=headline)


def _wall(times: list[Spent]) -> float:
    return median([one.wall for one in times])


def _drain(blocks: Any) -> int:
    return sum(len(block) for block in blocks)


def _bare_sound(path: Path) -> int:
    return _drain(decoding.pieces(path, path.name)) // decoding.WIDTH
