"""A course that grows, and with it everything that is to search it: the hub's database, and the engines beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from knowhub_ext.domain.locators import TimeSpan
from knowhub_ext.hub import Hub
from tests.bench import engines_beside as beside
from tests.bench import mass
from tests.bench.library import Filling
from tests.bench.measuring import spent


@dataclass
class Shelf:
    """The course as far as it has grown, in the hub and beside it."""

    hub: Hub
    folder: Path
    filling: Filling
    engines: Mapping[str, beside.Engine]
    words: beside.PlainWords
    names: list[str] = field(default_factory=list)
    spans: list[list[TimeSpan]] = field(default_factory=list)
    filled_s: float = 0.0

    @property
    def passages(self) -> int:
        return sum(len(rows) for rows in self.spans)

    def grow(self, stream: Iterator[mass.Lecture], size: int) -> None:
        """Add lectures to everything that searches, until there are so many passages."""
        while self.passages < size:
            lecture = next(stream)
            took, _ = spent(lambda one=lecture: self.filling.add(one.passages, one.vectors.tolist()))
            self.filled_s += took.wall
            self.words.add([passage.text for passage in lecture.passages])
            for engine in self.engines.values():
                engine.add(lecture.vectors)
            self.names += [lecture.name] * len(lecture.passages)
            self.spans.append([p.locator for p in lecture.passages if isinstance(p.locator, TimeSpan)])
        self.words.save()
        for engine in self.engines.values():
            engine.save()
