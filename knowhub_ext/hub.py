"""Assembly of the server wing: the only file that knows who is who. Server, worker and CLI build the same hub here."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Any, cast

from knowhub_ext.backends import registry
from knowhub_ext.backends.chat_models.langchain import discover_ollama
from knowhub_ext.backends.probing import probe
from knowhub_ext.config import KnowHub
from knowhub_ext.errors import Busy, DataLocked, KnowHubError, MissingBackend
from knowhub_ext.ports import (
    BlobStore,
    ChatModel,
    Embedder,
    JobRunner,
    Reader,
    Transcriber,
    VectorIndex,
)
from knowhub_ext.services.asking import Asking
from knowhub_ext.services.courses import Courses
from knowhub_ext.services.ingest import Ingest
from knowhub_ext.services.jobs import Jobs
from knowhub_ext.services.lessons import Lessons
from knowhub_ext.services.media import Media
from knowhub_ext.services.operating import Operating
from knowhub_ext.services.people import People
from knowhub_ext.services.pipeline import Pipeline, Tools
from knowhub_ext.services.progress import ProgressKeeping
from knowhub_ext.services.searching import Searching
from knowhub_ext.services.speech import Speech
from knowhub_ext.services.working import Working
from knowhub_ext.store.database import Store, sqlite_url
from knowhub_ext.store.folder import DataFolder
from knowhub_ext.store.schema import migrate, needs_migration

#: Environment variable in which a worker gets the settings of its server, as JSON.
SETTINGS = "KNOWHUB_SETTINGS"
#: How long opening waits for others that open, migrate or restore the same folder at this moment, seconds.
PATIENCE_S = 10.0
NO_CHAT = "Install Ollama and pull a model (`ollama pull llama3.2`) to get written answers; it is found by itself."


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which backend was chosen for each need, and why: what `knowhub doctor` prints."""

    transcriber: Transcriber
    embedder: Embedder
    chat: ChatModel | None
    reasons: dict[str, tuple[str, str]]  #: need → (name, why)


@dataclass(frozen=True, kw_only=True)
class Hub:
    """Everything a door needs. `close()` when done."""

    settings: KnowHub
    folder: DataFolder
    store: Store
    runner: JobRunner
    chosen: Choice
    people: People
    courses: Courses
    lessons: Lessons
    ingest: Ingest
    jobs: Jobs
    progress: ProgressKeeping
    media: Media
    searching: Searching
    asking: Asking
    working: Working
    operating: Operating
    opened: ExitStack

    def close(self) -> None:
        """Stop the runner, close index and database, let go of the data folder."""
        self.runner.close()
        self.searching.close()
        self.opened.close()


def build(settings: KnowHub, *, door: str = "cli") -> Hub:
    """Build the hub of a data folder.

    Args:
        settings: as `config.load` returns them.
        door: `server` (owns the vector index, supervises a worker), `worker` or `cli`.

    Raises:
        DataLocked: another process holds the folder exclusively, or a migration is due while others have it open,
            and that is still so after ten seconds.
        DataTooNew: the data was written by a newer version.
        InvalidSetting, MissingBackend: a setting names what is not there.
    """
    opened = ExitStack()
    try:
        return _build(settings, door, opened)
    except BaseException:
        opened.close()
        raise


def _build(settings: KnowHub, door: str, opened: ExitStack) -> Hub:
    folder = DataFolder(settings.folder())
    store = _open_store(settings, folder, opened)
    blobs = cast(BlobStore, registry.create("blob_stores", "files", root=folder.blobs))
    runner = _runner(settings, folder, door)
    chosen = choose(settings)
    readers = _readers()
    exact = settings.index == "memory" or door != "server"
    searching = Searching(
        store, chosen.embedder, _exact if exact else _owned(settings, folder, store, chosen.embedder)
    )
    speech = Speech(
        store, blobs, captions=cast(Transcriber, registry.create("transcribers", "captions")),
        transcriber=chosen.transcriber, readers=readers,
    )
    tools = Tools(blobs=blobs, probe=probe, readers=readers, embedder=chosen.embedder)
    return Hub(
        settings=settings, folder=folder, store=store, runner=runner, chosen=chosen, people=People(store),
        courses=Courses(store), lessons=Lessons(store), ingest=Ingest(store, blobs, runner), jobs=Jobs(store, runner),
        progress=ProgressKeeping(store), searching=searching, asking=Asking(searching, chosen.chat, hint=NO_CHAT),
        media=Media(store, blobs, folder.secret(), lifetime_s=settings.media_lifetime_s),
        working=Working(store, Pipeline(store, tools, speech)), operating=Operating(store, blobs, folder),
        opened=opened,
    )


def _open_store(settings: KnowHub, folder: DataFolder, opened: ExitStack) -> Store:
    """Open the database under a shared hold of the folder; where a migration is due, migrate first.

    Several processes may do so at once, as on a first start: one of them migrates, the others wait for it.
    """
    url = settings.database_url or sqlite_url(folder.path)
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            store = _opened(url, folder, opened)
            if store is not None:
                return store
            _migrated(url, folder)
        except (DataLocked, Busy):
            if time.monotonic() > deadline:
                raise
            time.sleep(random.uniform(0.02, 0.2))  # apart from each other, or they keep meeting


def _opened(url: str, folder: DataFolder, opened: ExitStack) -> Store | None:
    """Return the open store, or None where a migration is due; then nothing is held or open any more."""
    with ExitStack() as attempt:
        attempt.enter_context(folder.hold())  # before the first look: a restore would change the file under it
        store = Store.open(url)
        attempt.callback(store.close)
        if needs_migration(store):
            return None
        opened.push(attempt.pop_all())
        return store


def _migrated(url: str, folder: DataFolder) -> None:
    """Migrate under an exclusive hold, after a backup. Locks cannot be traded up in one step, so it looks again."""
    with folder.hold(exclusive=True), closing(Store.open(url)) as store:
        migrate(store, backup_dir=folder.backups)


def choose(settings: KnowHub) -> Choice:
    """Choose a backend for each need: the one that is set, or with `auto` the best that is present."""
    reasons: dict[str, tuple[str, str]] = {}
    transcriber = _chosen("transcribers", settings.transcriber, ("faster_whisper", "captions"), reasons)
    embedder = _chosen("embedders", settings.embedder, ("minilm", "hashing"), reasons)
    return Choice(
        transcriber=registry.create("transcribers", transcriber, **settings.transcriber_options),
        embedder=registry.create("embedders", embedder, **settings.embedder_options),
        chat=_chat(settings, reasons), reasons=reasons,
    )


def _chosen(seam: str, wanted: str, order: tuple[str, ...], reasons: dict[str, tuple[str, str]]) -> str:
    if wanted != "auto":
        reasons[seam] = (wanted, "it is set in the configuration")
        return wanted
    why = ""
    for name in order:
        missing = _missing(seam, name)
        if missing is None:
            reasons[seam] = (name, why or "it is the best that is present")
            return name
        why = f"{missing.message} {missing.cure}"
    reasons[seam] = (order[-1], why)
    return order[-1]


def _missing(seam: str, name: str) -> KnowHubError | None:
    """Return why a backend cannot be used here, or None: it is asked itself, by its optional `missing()`."""
    try:
        check = getattr(registry.load(seam, name), "missing", None)
    except MissingBackend as error:
        return error
    return cast("KnowHubError | None", check()) if check is not None else None


def _chat(settings: KnowHub, reasons: dict[str, tuple[str, str]]) -> ChatModel | None:
    wanted = settings.chat_model
    if wanted == "auto":
        found = discover_ollama(settings.ollama_url)
        if found is None:
            reasons["chat_models"] = ("quote", f"no chat model was found at {settings.ollama_url}. {NO_CHAT}")
            return None
        wanted, why = f"ollama:{found.removeprefix('ollama:')}", "it was found by itself"
    else:
        why = "it is set in the configuration"
    reasons["chat_models"] = (wanted, why)
    if wanted == "quote":
        return None
    options: dict[str, Any] = {"model": wanted}
    if wanted.startswith("ollama:"):
        options["base_url"] = settings.ollama_url
    return cast(ChatModel, registry.create("chat_models", "langchain", **options))


def _runner(settings: KnowHub, folder: DataFolder, door: str) -> JobRunner:
    if door != "server":
        return cast(JobRunner, registry.create("runners", "inline", run_pending=_nothing))
    command = [sys.executable, "-m", "knowhub_ext.worker", "--data", str(folder.path),
               "--idle", str(settings.worker_idle_s)]
    return cast(JobRunner, registry.create(
        "runners", settings.runner, data=folder.path, command=command, environment={SETTINGS: settings.to_json()}
    ))


def _nothing() -> None:
    """A command line and a worker wake nobody: the one runs its jobs itself, the other is the worker."""


def _exact() -> VectorIndex:
    return cast(VectorIndex, registry.create("indexes", "memory"))


def _owned(settings: KnowHub, folder: DataFolder, store: Store, embedder: Embedder) -> Callable[[], VectorIndex]:
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
            return _exact()

    return owned


def _readers() -> dict[str, Reader]:
    readers: dict[str, Reader] = {}
    for name in registry.names("readers"):
        try:
            reader = cast(Reader, registry.create("readers", name))
        except KnowHubError:
            continue  # its extra is not installed; files of its kind say so when they are added
        readers.update(dict.fromkeys(reader.suffixes, reader))
    return readers

