"""How a course's speech is recognised: what an educator set, and what one recognition is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from knowhub_ext.errors import InvalidSetting

#: What can be done with speech: written down as it is, or translated to English.
TASKS = ("transcribe", "translate")
AUTO = "auto"
#: Languages by the codes that every Whisper model of many languages knows; Cantonese is known to the largest alone.
LANGUAGES = frozenset((
    "af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht hu hy id "
    "is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt ro ru sa sd "
    "si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo zh"
).split())


def spoken(language: str | None) -> str | None:
    """Return the code of a language as somebody gave it; None where it is heard, for which `auto` stands too.

    Raises:
        InvalidSetting: it is no code of a language that is known.
    """
    code = (language or AUTO).strip().lower()
    if code == AUTO:
        return None
    if code not in LANGUAGES:
        raise InvalidSetting(
            f"There is no language '{code[:40]}'.",
            cure="Give a code such as en, de or fr, or auto, so that it is heard which one is spoken.",
        )
    return code


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
            self, model=data.get("model", self.model), task=data.get("task", self.task),
            language=spoken(data["language"]) if "language" in data else self.language,
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

    `language` None: as the course says; `auto`: it is heard, whatever the course says. `start_ms` and `end_ms` bound a
    stretch; `over_captions`: even where captions made by hand are the transcript.
    """

    model: str | None = None
    language: str | None = None
    task: str | None = None
    start_ms: int = 0
    end_ms: int | None = None
    over_captions: bool = False

    def over(self, settings: SpeechSettings) -> SpeechSettings:
        """Return a course's settings with what is wished in their place.

        Raises:
            InvalidSetting: the language is none.
        """
        return replace(
            settings, model=self.model or settings.model, task=self.task or settings.task,
            language=spoken(self.language or settings.language),
        )

    def to_params(self) -> dict[str, Any]:
        """Return the parameters of its job: what differs from the defaults, so that equal wishes are equal jobs."""
        return {name: value for name, value in asdict(self).items() if value not in (None, 0, False)}

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Wish:
        return cls(**params)
