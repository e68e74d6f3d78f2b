"""What is known of the vectors of passages: of which model, by which rules, and what of it is stale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

#: How a passage's vector is made. Raised whenever `services.embedding`, or what a passage calls its `opening` and
#: `near`, changes so that vectors made before ought to be made anew. Vectors of one model stay comparable all the same.
RECIPE = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenVectors:
    """A text as an encoder sees it: one vector of the whole, and one of each of its tokens as it is meant there."""

    #: Of unit length, as `Embedder.embed` returns it.
    vector: Sequence[float]
    #: As the encoder's vocabulary spells them, without the marks it puts around a text.
    tokens: tuple[str, ...]
    #: A row of little-endian float32 a token, as many numbers as the vector has; not of unit length.
    rows: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Serving:
    """By which model's vectors a course is searched, and which model is to follow. Empty: none yet; none."""

    model: str = ""
    coming: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class VectorSet:
    """All vectors of one model: how many floats each has, how many there are, and what they take in the database."""

    model: str
    dimensions: int
    count: int

    @property
    def size(self) -> int:
        """Return the bytes of the vectors themselves: four a float."""
        return self.count * self.dimensions * 4


class State(str, Enum):
    """What there is to say about a course's vectors, the most important thing alone."""

    EMPTY = "empty"  #: it has no passages
    WORDS = "words"  #: the model of its vectors is not on this machine: words alone are searched
    BUILDING = "building"  #: jobs make vectors
    STALE = "stale"  #: some passages lack a vector, or were cut or embedded by older rules
    OTHER = "other"  #: all is there, of another model than the one that is set
    CURRENT = "current"


@dataclass(frozen=True, kw_only=True, slots=True)
class CourseVectors:
    """How a course's live passages stand towards the model `wanted`: the one that is coming, else the one it has."""

    course_id: str
    serving: Serving
    wanted: str
    passages: int
    missing: int  #: without any vector of it
    outdated: int  #: with one that was made by an older recipe
    coarse: int  #: cut by older rules
    stale: int  #: any of these

    def state(self, *, chosen: str, loadable: bool, open_jobs: int) -> State:
        """Say how it stands.

        Args:
            chosen: the model of the settings.
            loadable: whether the model of its vectors is on this machine.
            open_jobs: how many jobs of its vectors wait or run.
        """
        if not self.passages:
            return State.EMPTY
        if open_jobs:
            return State.BUILDING
        if not loadable:
            return State.WORDS
        if self.stale:
            return State.STALE
        return State.CURRENT if self.serving.model in ("", chosen) else State.OTHER

    def to_json(self) -> dict[str, Any]:
        return {
            "model": self.serving.model or None, "coming": self.serving.coming or None, "passages": self.passages,
            "missing": self.missing, "outdated": self.outdated, "coarse": self.coarse, "stale": self.stale,
        }
