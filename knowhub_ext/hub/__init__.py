"""Assembly of the server wing: the only place that knows who is who. Server, worker and CLI build the same hub here."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import cast

from knowhub_ext.backends import calendars, registry
from knowhub_ext.backends.cage import walls
from knowhub_ext.backends.probing import probe
from knowhub_ext.config import KnowHub
from knowhub_ext.hub.choosing import NO_CHAT, Choice, choose
from knowhub_ext.hub.embedders import embedders_of, other_shelf
from knowhub_ext.hub.incoming import room_of, uploads_of
from knowhub_ext.hub.opening import open_store
from knowhub_ext.hub.parts import (
    SETTINGS,
    caption_reader,
    exact_index,
    owned_index,
    readers_by_suffix,
    runner_of,
    spared,
    terms_of,
)
from knowhub_ext.ports import BlobStore, JobRunner
from knowhub_ext.services.annotations import Annotations
from knowhub_ext.services.asking import Asking, Manner
from knowhub_ext.services.courses import Courses
from knowhub_ext.services.embeddings import Embeddings
from knowhub_ext.services.history import History
from knowhub_ext.services.ingest import Ingest
from knowhub_ext.services.jobs import Jobs
from knowhub_ext.services.lessons import Lessons
from knowhub_ext.services.media import Media
from knowhub_ext.services.moments import Moments
from knowhub_ext.services.operating import Operating
from knowhub_ext.services.people import People
from knowhub_ext.services.pipeline import Pipeline, Tools
from knowhub_ext.services.progress import ProgressKeeping
from knowhub_ext.services.recognising import Recognising
from knowhub_ext.services.removing import Removing
from knowhub_ext.services.searching import Searching
from knowhub_ext.services.speech import Speech
from knowhub_ext.services.uploads import Uploads
from knowhub_ext.services.vocabulary import Vocabulary
from knowhub_ext.services.working import Working
from knowhub_ext.store.database import Store
from knowhub_ext.store.folder import DataFolder

__all__ = ["SETTINGS", "Choice", "Hub", "build", "choose"]


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
    uploads: Uploads
    jobs: Jobs
    progress: ProgressKeeping
    history: History
    annotations: Annotations
    media: Media
    searching: Searching
    asking: Asking
    working: Working
    operating: Operating
    removing: Removing
    recognising: Recognising
    embeddings: Embeddings
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
        InvalidSetting, MissingBackend, MissingCage: a setting names what is not there.
    """
    opened = ExitStack()
    try:
        return _build(settings, door, opened)
    except BaseException:
        opened.close()
        raise


def _build(settings: KnowHub, door: str, opened: ExitStack) -> Hub:
    walls.use(settings.cage)
    folder = DataFolder(settings.folder())
    store = open_store(settings, folder, opened)
    blobs = cast(BlobStore, registry.create("blob_stores", "files", root=folder.blobs))
    runner = runner_of(settings, folder, door)
    room = room_of(settings, folder)
    chosen, terms = choose(settings), terms_of(settings)
    embedders = embedders_of(chosen)
    readers = readers_by_suffix()
    exact = settings.index == "memory" or door != "server"
    searching = Searching(
        store, chosen.embedder, exact_index if exact else owned_index(settings, folder, store, chosen.embedder),
        other_shelf(store, embedders), chosen.reranker,
    )
    vocabulary = Vocabulary(store, blobs, readers)
    speech = Speech(
        store, blobs, captions=caption_reader(), transcriber=chosen.transcriber, vocabulary=vocabulary,
    )
    tools = Tools(blobs=blobs, probe=probe, readers=readers, embedders=embedders)
    history = History(store, kept=settings.history)
    return Hub(
        settings=settings, folder=folder, store=store, runner=runner, chosen=chosen, people=People(store),
        courses=Courses(store), lessons=Lessons(store), ingest=Ingest(store, blobs, runner, room),
        uploads=uploads_of(store, blobs, runner, folder=folder, room=room),
        jobs=Jobs(store, runner, terms.limits), progress=ProgressKeeping(store, calendars.written),
        searching=searching, history=history, annotations=Annotations(store),
        asking=Asking(
            searching, spared(settings, chosen.chat), hint=NO_CHAT, manner=Manner(unproven=settings.unproven),
            history=history, moments=Moments(store, searching),
        ),
        media=Media(store, blobs, folder.secret(), lifetime_s=settings.media_lifetime_s),
        working=Working(store, Pipeline(store, tools, speech), terms), operating=Operating(store, blobs, folder),
        removing=Removing(store, runner, model=chosen.embedder.name),
        recognising=Recognising(store, runner, vocabulary, chosen.transcriber),
        embeddings=Embeddings(store, runner, embedders, terms.limits), opened=opened,
    )
