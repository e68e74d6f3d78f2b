"""How a course's speech is recognised: what an educator set, and what one recognition is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

#: What can be done with speech: written down as it is, or translated to English.
TASKS = ("transcribe", "translate")
AUTO = "auto"


@dataclass(frozen=True, kw_only=True, slots=True)
class SpeechSettings:
    """What an educator set for a course. `hidden`: mined words not to use; `added`: authored words that came from no
    course.yml, so that an import keeps them. `language` None: it is heard."""

    model: str = AUTO
    language: str | None = None
    task: str = "transcribe"
    hidden: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"hidden": list(self.hidden), "added": list(self.added)}

    def said(self, data: Mapping[str, str]) -> SpeechSettings:
        """Return these settings with `model`, `language` and `task` as `data` says them, where it does."""
        return replace(
            self, model=data.get("model", self.model), language=data.get("language", self.language),
            task=data.get("task", self.task),
        )

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SpeechSettings:
        """Return the settings of a stored value; what it lacks is as in a new course."""
        return cls(
            model=data.get("model") or AUTO, language=data.get("language"), task=data.get("task") or "transcribe",
            hidden=tuple(data.get("hidden") or ()), added=tuple(data.get("added") or ()),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """One recognition of a lecture that was heard before: what is given goes before the course's settings.

    `start_ms` and `end_ms` bound a stretch; `over_captions`: even where captions made by hand are the transcript.
    """

    model: str | None = None
    language: str | None = None
    task: str | None = None
    start_ms: int = 0
    end_ms: int | None = None
    over_captions: bool = False

    def to_params(self) -> dict[str, Any]:
        """Return the parameters of its job: what differs from the defaults, so that equal wishes are equal jobs."""
        return {name: value for name, value in asdict(self).items() if value not in (None, 0, False)}

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Wish:
        return cls(**params)
