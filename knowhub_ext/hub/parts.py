"""The parts of a hub that its door decides on: the runner, the index, the readers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import cast

from knowhub_ext.backends import registry
from knowhub_ext.backends.cage.caged import CagedReader, CagedTranscriber, target_of
from knowhub_ext.config import KnowHub
from knowhub_ext.errors import Busy, KnowHubError
from knowhub_ext.ports import Embedder, JobRunner, Reader, Transcriber, VectorIndex
from knowhub_ext.store.database import Store
from knowhub_ext.store.folder import DataFolder

#: Environment variable in which a worker gets the settings of its server, as JSON.
SETTINGS = "KNOWHUB_SETTINGS"


def runner_of(settings: KnowHub, folder: DataFolder, door: str) -> JobRunner:
    if door != "server":
        return cast(JobRunner, registry.create("runners", "inline", run_pending=_nothing))
    command = [sys.executable, "-m", "knowhub_ext.worker", "--data", str(folder.path),
               "--idle", str(settings.worker_idle_s)]
    return cast(JobRunner, registry.create(
        "runners", settings.runner, data=folder.path, command=command, environment={SETTINGS: settings.to_json()}
    ))


def _nothing() -> None:
    """A command line and a worker wake nobody: the one runs its jobs itself, the other is the worker."""


def exact_index() -> VectorIndex:
    return cast(VectorIndex, registry.create("indexes", "memory"))


def owned_index(settings: KnowHub, folder: DataFolder, store: Store, embedder: Embedder) -> Callable[[], VectorIndex]:
    """Return how the server opens its index: Chroma by the one process that owns it, exact search by any other."""

    def owned() -> VectorIndex:
        name = "chroma" if settings.index == "auto" else settings.index
        with store.read() as tx:
            database, last = tx.meta.identity(), tx.vectors.last()
        try:
            return cast(VectorIndex, registry.create(
                "indexes", name, path=folder.index, name=embedder.name, dimensions=embedder.dimensions,
                database=database, last=last,
            ))
        except Busy:  # another process owns it: search the same vectors exactly
            return exact_index()

    return owned


def readers_by_suffix() -> dict[str, Reader]:
    """Return every installed reader, in its cage, by the suffixes that it says it reads."""
    readers: dict[str, Reader] = {}
    for name in registry.names("readers"):
        try:
            reader = cast(Reader, registry.create("readers", name))
        except KnowHubError:
            continue  # its extra is not installed; files of its kind say so when they are added
        caged = CagedReader(target_of("readers", name), frozenset(reader.suffixes))
        readers.update(dict.fromkeys(reader.suffixes, caged))
    return readers


def caption_reader() -> Transcriber:
    """Return the parser of caption files, in its cage."""
    return CagedTranscriber(target_of("transcribers", "captions"))
