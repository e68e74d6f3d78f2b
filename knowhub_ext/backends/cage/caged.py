"""Readers and caption parsers behind the bars: the same Protocols, the work done in a child."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

from knowhub_ext.backends.cage.outside import Task, ask
from knowhub_ext.backends.cage.tasks import Captions
from knowhub_ext.domain.documents import KINDS, Document
from knowhub_ext.domain.locators import Locator, PageRef, TextSpan
from knowhub_ext.errors import CageBroke, MissingBackend
from knowhub_ext.ports import Recognition, SpeechRequest


def target_of(seam: str, name: str) -> str:
    """Return the `module:attribute` under which a backend is registered, for a child that looks up nothing itself.

    Raises:
        MissingBackend: nothing is registered under that name.
    """
    for point in entry_points(group=f"knowhub.{seam}", name=name):
        return point.value.partition("[")[0].strip()
    raise MissingBackend(f"No backend '{name}' is installed for {seam}.")


class CagedReader:
    """Any registered reader, constructed without options, in a cage. `target`: its `module:attribute`."""

    def __init__(self, target: str, suffixes: frozenset[str]) -> None:
        self.target, self.suffixes = target, suffixes

    def read(self, path: Path, *, name: str) -> Document:
        """Read a file as the reader would.

        Raises:
            UnreadableFile: as the reader says, or because it needs more memory or time than any document may have.
            CageBroke: the reader broke, or what it answered is no document.
        """
        document = ask(_task("read", self.target, path, name), Document)
        for block in document.blocks:
            where = block.locator
            if block.kind not in KINDS or not _lies_in(where, document):
                raise CageBroke(f"The cage gave no sensible answer about '{name}': a block lies nowhere in it.")
        return document


class CagedTranscriber:
    """A transcriber of caption files in a cage; media go through `audio` instead, and their engine stays outside."""

    def __init__(self, target: str) -> None:
        self.target = target

    def transcribe(self, path: Path, request: SpeechRequest) -> Recognition:
        """Read a caption file whole, as the transcriber would.

        Raises:
            UnreadableFile: as the transcriber says.
            CageBroke: the parser broke, or its times make no sense.
        """
        name = request.name or path.name
        wanted = {"language": request.language, "start_ms": request.start_ms}  # who listens to progress stays here
        task = _task("captions", self.target, path, name, request=wanted)
        found = ask(task, Captions)
        if any(not 0 <= cue.start_ms <= cue.end_ms for cue in found.segments):
            raise CageBroke(f"The cage gave no sensible answer about '{name}': a caption ends before it begins.")
        return Recognition(provenance=found.provenance, segments=iter(found.segments))


def _lies_in(where: Locator, document: Document) -> bool:
    if isinstance(where, TextSpan):
        return 0 <= where.start <= where.end <= len(document.text)
    return not isinstance(where, PageRef) or where.page >= 1


def _task(task: str, target: str, path: Path, name: str, **options: object) -> Task:
    module = target.partition(":")[0]
    return Task(task=task, path=path, name=name, options={"backend": target, **options}, modules=(module,))
