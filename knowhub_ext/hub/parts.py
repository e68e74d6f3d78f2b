"""The parts of a hub that its door decides on: the runner, the index, the readers."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import cast

from knowhub_ext.backends import registry
from knowhub_ext.backends.cage.caged import CagedReader, CagedTranscriber, target_of
from knowhub_ext.backends.runners.supervising import Hand
from knowhub_ext.config import KnowHub
from knowhub_ext.domain.jobs import Lane
from knowhub_ext.errors import Busy, KnowHubError
from knowhub_ext.ports import ChatModel, Embedder, JobRunner, Reader, Transcriber, VectorIndex
from knowhub_ext.services.sparing import Sparing
from knowhub_ext.services.working import Terms
from knowhub_ext.store.database import Store
from knowhub_ext.store.folder import DataFolder

#: Environment variable in which a worker gets the settings of its server, as JSON.
SETTINGS = "KNOWHUB_SETTINGS"


def runner_of(settings: KnowHub, folder: DataFolder, door: str) -> JobRunner:
    if door != "server":
        return cast(JobRunner, registry.create("runners", "inline", run_pending=_nothing))
    command = worker_command(settings, settings.worker_idle_s)
    return cast(JobRunner, registry.create(
        "runners", settings.runner, data=folder.path, command=command, lanes=lanes_of(settings),
        environment={SETTINGS: settings.to_json()},
    ))


def crew_of(settings: KnowHub, idle_s: float | None) -> list[Hand]:
    """Return the worker processes of this one, not started yet, one a lane; they say their messages where it does."""
    command, environment = worker_command(settings, idle_s), {SETTINGS: settings.to_json()}
    return [Hand([*command, "--lane", lane], environment, None) for lane in lanes_of(settings)]


def worker_command(settings: KnowHub, idle_s: float | None) -> list[str]:
    """Return the command line of a worker that ends with this process, or after `idle_s` seconds without work."""
    command = [sys.executable, "-m", "knowhub_ext.worker", "--data", str(settings.folder()),
               "--parent", str(os.getpid())]
    return command if idle_s is None else [*command, "--idle", str(idle_s)]


def lanes_of(settings: KnowHub) -> list[str]:
    """Return the lane of each worker process: a job that takes its process down then takes no other along."""
    return [Lane.SPEECH.value] * settings.workers + [Lane.LIGHT.value]


def terms_of(settings: KnowHub) -> Terms:
    """Return how workers work under these settings; a heartbeat is a sixth of a lease."""
    lease_ms = round(settings.lease_s * 1000)
    return Terms(
        limits={Lane.SPEECH: settings.workers, Lane.LIGHT: 1}, lease_ms=lease_ms, beat_ms=lease_ms // 6
    )


def spared(settings: KnowHub, chat: ChatModel | None) -> ChatModel | None:
    """Return the chat model behind a breaker, or None where there is none."""
    if chat is None:
        return None
    return Sparing(chat, failures=settings.chat_failures, rest_s=settings.chat_rest_s)


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
            deleted = tx.meta.deleted(embedder.name)
        if deleted:  # an index that was fed before holds what nobody should have any more
            database += f"-{deleted}"
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
