"""The seams: one Protocol each, of one verb where it can be. A backend is found by entry point `knowhub.<folder>`.

Each has a plain backend (standard library or a tiny dependency) that is the reference for its contract test in
`knowhub_ext.testing.contracts`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from knowhub_ext.domain.documents import Document
from knowhub_ext.domain.embeddings import TokenVectors
from knowhub_ext.domain.media import Blob, MediaInfo
from knowhub_ext.domain.passages import Passage
from knowhub_ext.domain.segments import Provenance, Segment

Vector = Sequence[float]


def _nobody(_ms: int) -> None:
    """Nobody wants to know how far it came."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SpeechRequest:
    """What a transcriber is asked.

    `start_ms`: skip what was saved before; `end_ms`: None for all of it; `language`: None to detect it; `task`:
    `transcribe`, or `translate` to English; `model`: a name of `OffersModels`, or what an earlier provenance calls one;
    `auto` or nothing: the backend's choice.
    """

    language: str | None = None
    hot_words: tuple[str, ...] = ()
    start_ms: int = 0
    end_ms: int | None = None
    task: str = "transcribe"
    model: str = ""
    #: Told now and then up to which media time (ms) everything is heard, speech or not. It may raise to stop the work:
    #: what it raises comes out of the iterator.
    heard: Callable[[int], None] = _nobody
    #: How the file was named, since a blob has no suffix.
    name: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Recognition:
    """A transcript on its way: its provenance, and segments in order of start as they are recognised."""

    provenance: Provenance
    segments: Iterator[Segment]


@dataclass(frozen=True, kw_only=True, slots=True)
class SpeechModel:
    """A model a transcriber can be asked for. `languages`: `en` or `many`; `chosen`: it is what `auto` means here."""

    name: str
    languages: str
    why: str
    chosen: bool
    available: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexEntry:
    """A passage's vector on its way into an index."""

    passage_id: str
    course_id: str
    vector: Vector


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """A passage found by vector; `score` is the cosine, higher is nearer."""

    passage_id: str
    score: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """A question and the numbered passages an answer may rest on; `[n]` in the reply means `passages[n - 1]`."""

    question: str
    passages: Sequence[Passage]


@runtime_checkable
class Reader(Protocol):
    """Documents and notebooks to canonical text in blocks with locators."""

    #: File suffixes it reads, lower-case with the dot.
    suffixes: frozenset[str]

    def read(self, path: Path, *, name: str) -> Document:
        """Read the file at `path`, which was named `name`.

        Raises:
            UnreadableFile: it is not what its name says.
        """
        ...


@runtime_checkable
class Transcriber(Protocol):
    """Media or captions to timed text. May be asked twice for the same file."""

    def transcribe(self, path: Path, request: SpeechRequest) -> Recognition:
        """Start recognising the file at `path`. Segments are lazy; none at all means: no speech.

        Raises:
            UnreadableFile: it cannot be decoded (may be raised by the iterator too).
            MissingWeights, DamagedWeights: the model is not there or not the pinned one.
        """
        ...


@runtime_checkable
class OffersModels(Protocol):
    """What a transcriber with more than one model has beside `transcribe`. Not a seam of its own."""

    def models(self) -> Sequence[SpeechModel]:
        """Return the models a request may name, whether or not they are on this machine. Loads none."""
        ...


@runtime_checkable
class Embedder(Protocol):
    """Text to vectors of unit length. `name` and `dimensions` are stamped on every stored vector.

    Where options change the name, an optional class method `named(model)` returns the embedder of such a name, or None:
    vectors that were made before are searched by it until they are made anew.
    """

    name: str
    dimensions: int
    #: Whether near vectors mean near meaning (a hashed n-gram's do not); decides if cosine counts as evidence.
    semantic: bool

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """Return one vector of `dimensions` floats per text, in order."""
        ...


@runtime_checkable
class TokenEmbedder(Embedder, Protocol):
    """An embedder that tells of each token as well, which late interaction compares."""

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return one a text, in order; their vectors are those of `embed`."""
        ...


@runtime_checkable
class VectorIndex(Protocol):
    """A derived cache of the vectors in SQL. Fed by the process that searches, never by a worker."""

    def add(self, entries: Sequence[IndexEntry]) -> None:
        """Add or replace entries; the same passage twice stays one."""
        ...

    def forget(self, passage_ids: Sequence[str]) -> None:
        """Remove passages; unknown ids are ignored."""
        ...

    def search(self, vector: Vector, *, course_id: str, limit: int) -> list[Hit]:
        """Return at most `limit` hits of that course alone, nearest first."""
        ...

    def seen(self) -> int:
        """Return the change number up to which SQL has been applied; 0 for a new index."""
        ...

    def mark(self, seq: int) -> None:
        """Remember that SQL has been applied up to `seq`."""
        ...

    def close(self) -> None:
        """Release files and locks."""
        ...


@runtime_checkable
class Reranker(Protocol):
    """Reads a question together with each of a few texts that were found, which no vector made beforehand can.

    Its scores are of any scale: they are compared with each other alone. Asked from several threads at a time.
    """

    #: Shown to people, for instance `cross-encoder:ms-marco-MiniLM-L6-v2`.
    name: str
    #: How much its scores count beside the ranking that they change, in standard deviations of each.
    weight: float

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return one finite number a text, in order; the higher, the better it answers.

        Raises:
            MissingWeights, DamagedWeights: its model is not there, or is none.
        """
        ...


@runtime_checkable
class ChatModel(Protocol):
    """Writes an answer over numbered passages. Has no tools, no ids, no times: it proposes, code disposes."""

    #: Shown to people, for instance `ollama:llama3.2`.
    name: str

    def reply(self, prompt: Prompt) -> Iterator[str]:
        """Yield the reply in pieces, with marks `[n]` after what passage n supports.

        While it waits it may yield empty pieces: only then can whoever has left be noticed. Closing the iterator stops
        the reply where it is made.

        Raises:
            ChatModelFailed: no usable reply (also from the iterator).
        """
        ...


@runtime_checkable
class RewritesQuestions(Protocol):
    """What a chat model may have beside `reply`. Not a seam of its own."""

    def rewrite(self, question: str, earlier: Sequence[str]) -> str:
        """Return a question so that it can be understood without the earlier ones; empty where it cannot say.

        It takes seconds at most. What it returns is data that is checked (`domain.followups.accepted`).

        Raises:
            ChatModelFailed: no usable reply in time.
        """
        ...


@runtime_checkable
class JobRunner(Protocol):
    """Wakes a worker. Which job runs and who holds it stands in the database."""

    def wake(self) -> None:
        """See to it that a worker looks for work soon. Returns at once; harmless to call twice."""
        ...

    def close(self) -> None:
        """Stop what this runner started, letting a running job go back to the queue."""
        ...


@runtime_checkable
class BlobStore(Protocol):
    """Content by SHA-256, stored once, never changed."""

    def put(self, source: Path) -> Blob:
        """Copy a file in, by reflink where the file system can; durable when this returns. The source is untouched."""
        ...

    def adopt(self, source: Path, *, sha256: str) -> Blob:
        """Move a file in whose SHA-256 the caller knows; durable when this returns, and the source is gone.

        Raises:
            UnreadableFile: the source is not there.
            DiskFull: there is no room, where it could not be moved without a copy.
            KnowHubError: it cannot be moved for now; it stays where it is.
        """
        ...

    def path(self, sha256: str) -> Path:
        """Return where the content lies on this machine.

        Raises:
            NotFound: it is not here.
        """
        ...

    def remove(self, sha256: str) -> None:
        """Delete content; unknown content is ignored."""
        ...


class MediaProbe(Protocol):
    """Opens a media file far enough to say what is in it, and how long it is. Not a seam: one implementation, beside
    the decoder."""

    def __call__(self, path: Path, *, name: str) -> MediaInfo:
        """Raise `UnreadableFile` where the file is not media that can be decoded."""
        ...
