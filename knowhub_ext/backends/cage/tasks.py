"""The tasks that run inside a cage: one file in, one answer or stream out. `outside` says which, `inside` runs it."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowhub_ext.backends.cage import archives, decoding, forms, opening, wire
from knowhub_ext.domain.documents import Document
from knowhub_ext.domain.segments import Provenance, Segment
from knowhub_ext.ports import SpeechRequest

Frames = Iterator[tuple[bytes, bytes]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Captions:
    """A caption file, read whole: a `Recognition` that can cross."""

    provenance: Provenance
    segments: tuple[Segment, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Layers:
    """Which layers of a cage hold here, from the inside."""

    names: tuple[str, ...]


def run(request: Mapping[str, Any], layers: Sequence[str]) -> Frames:
    """Yield the frames that the task of `request` answers with.

    Raises:
        UserError: the file is refused.
    """
    if request["task"] == "layers":
        return _document(Layers(names=tuple(layers)))
    path, name, options = Path(request["path"]), request["name"], request["options"]
    return _TASKS[request["task"]](path, name, options)


def _probe(path: Path, name: str, options: Mapping[str, Any]) -> Frames:
    return _document(opening.probe(path, name=name))


def _sound(path: Path, name: str, options: Mapping[str, Any]) -> Frames:
    for piece in decoding.pieces(path, name, start_ms=options["start_ms"]):
        yield wire.SOUND, piece


def _read(path: Path, name: str, options: Mapping[str, Any]) -> Frames:
    archives.refuse_bomb(path, name)
    document: Document = _made(options["backend"]).read(path, name=name)
    return _document(document)


def _captions(path: Path, name: str, options: Mapping[str, Any]) -> Frames:
    archives.refuse_bomb(path, name)
    request = SpeechRequest(name=name, **options["request"])
    found = _made(options["backend"]).transcribe(path, request)
    return _document(Captions(provenance=found.provenance, segments=tuple(found.segments)))


def _made(backend: str) -> Any:
    """Construct the backend of an entry point's `module:attribute`, without options."""
    module, _, attribute = backend.partition(":")
    made = importlib.import_module(module)
    for part in attribute.split("."):
        made = getattr(made, part)
    return made()  # type: ignore[operator]


def _document(value: Any) -> Frames:
    yield wire.ANSWER, json.dumps(forms.encode(value)).encode()


_TASKS: Mapping[str, Callable[[Path, str, Mapping[str, Any]], Frames]] = {
    "probe": _probe, "sound": _sound, "read": _read, "captions": _captions,
}
