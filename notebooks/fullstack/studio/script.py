"""Lecture scripts as values: what is said, what is shown, and which notebook cells belong to a sentence.

Not for drawing, speaking or timing; those read these values.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One spoken sentence: `text` as written, `say` as the synthesiser reads it, the `cells` it explains."""

    text: str
    say: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Slide:
    """One slide: `spec` is the drawn part of the script as it stands there, `says` its sentences in order."""

    spec: dict[str, Any]
    says: tuple[Sentence, ...]


@dataclass(frozen=True, kw_only=True)
class Lecture:
    """One lecture. `lesson` is the lesson's slug and the stem of its video and notebook."""

    lesson: str
    title: str
    accent: str
    slides: tuple[Slide, ...]

    @property
    def sentences(self) -> list[Sentence]:
        """All sentences in the order in which they are spoken."""
        return [sentence for slide in self.slides for sentence in slide.says]


def load(path: Path) -> Lecture:
    """Read one script. Raises ValueError, naming the file, when a field is missing."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        slides = tuple(_slide(entry) for entry in raw["slides"])
        return Lecture(lesson=raw["lesson"], title=raw["title"], accent=raw["accent"], slides=slides)
    except KeyError as missing:
        cure = "Add it; celery-worker-dies.yml shows every field."
        raise ValueError(f"{path} lacks {missing}. {cure}") from missing


def load_all(folder: Path) -> list[Lecture]:
    """Read every script of a folder, by name."""
    return [load(path) for path in sorted(folder.glob("*.yml"))]


def _slide(entry: dict[str, Any]) -> Slide:
    spec = {key: value for key, value in entry.items() if key != "says"}
    return Slide(spec=spec, says=tuple(_sentence(item) for item in entry["says"]))


def _sentence(item: dict[str, Any]) -> Sentence:
    text = str(item["text"])
    return Sentence(text=text, say=str(item.get("say", text)), cells=tuple(item.get("cells", ())))
