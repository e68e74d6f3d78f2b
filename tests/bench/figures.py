"""What a benchmark found, as values, and their three forms: a table to read, JSON, and the block in the README."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- figures:begin -->", "<!-- figures:end -->"


@dataclass(frozen=True, kw_only=True)
class Peer:
    """What the same thing costs done plainly, in the same unit, measured in the same run."""

    name: str
    value: float


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured number. `headline`: the README shows it. `runs`: the single measurements it is the median of."""

    what: str
    value: float
    unit: str
    peer: Peer | None = None
    note: str = ""
    headline: bool = False
    runs: Sequence[float] = ()

    @property
    def ratio(self) -> float | None:
        """How many times the peer's value ours is."""
        return self.value / self.peer.value if self.peer and self.peer.value else None

    def to_json(self) -> dict[str, Any]:
        peer = {"name": self.peer.name, "value": self.peer.value} if self.peer else None
        return {
            "what": self.what, "value": self.value, "unit": self.unit, "peer": peer, "ratio": self.ratio,
            "note": self.note, "headline": self.headline, "runs": list(self.runs),
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Figure:
        peer = Peer(name=row["peer"]["name"], value=row["peer"]["value"]) if row["peer"] else None
        return cls(
            what=row["what"], value=row["value"], unit=row["unit"], peer=peer, note=row["note"],
            headline=row["headline"], runs=row["runs"],
        )

    def cells(self) -> list[str]:
        """Return the columns of its row: what, ours, the peer's, the ratio."""
        peer = f"{number(self.peer.value)} {self.unit} ({self.peer.name})" if self.peer else "–"
        ratio = "–" if self.ratio is None else f"{self.ratio:.2f}"
        return [self.what, f"{number(self.value)} {self.unit}".strip(), peer, ratio]


@dataclass(frozen=True, kw_only=True)
class Section:
    """Figures that were measured together. `about`: on what and how. `skipped`: why there are none."""

    title: str
    about: str = ""
    figures: Sequence[Figure] = ()
    skipped: str = ""

    def to_json(self) -> dict[str, Any]:
        rows = [figure.to_json() for figure in self.figures]
        return {"title": self.title, "about": self.about, "figures": rows, "skipped": self.skipped or None}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Section:
        figures = [Figure.from_json(figure) for figure in row["figures"]]
        return cls(title=row["title"], about=row["about"], figures=figures, skipped=row["skipped"] or "")


@dataclass(kw_only=True)
class Report:
    """All of a run: the machine it ran on, how long it took (seconds), its sections."""

    machine: dict[str, Any]
    quick: bool
    took_s: float = 0.0
    sections: list[Section] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        sections = [section.to_json() for section in self.sections]
        return {"machine": self.machine, "quick": self.quick, "took_s": round(self.took_s, 1), "sections": sections}


def number(value: float) -> str:
    """Return a number with three figures that count, never as an exponent."""
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3 if size >= 0.1 else 4
    return f"{value:,.{digits}f}"


def as_text(section: Section) -> str:
    """Return a section as a table for a terminal."""
    lines = [f"\n== {section.title}", *([f"   {section.about}"] if section.about else [])]
    if section.skipped:
        return "\n".join([*lines, f"   skipped: {section.skipped}"])
    rows = [["", "here", "beside", "ratio"], *(figure.cells() for figure in section.figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    notes = ["", *(figure.note for figure in section.figures)]
    for row, note in zip(rows, notes, strict=True):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        lines.append(f"   {'  '.join([*cells, row[3].rjust(5)])}  {note}".rstrip())
    return "\n".join(lines)


def machine_line(machine: dict[str, Any]) -> str:
    """Return in one line what was measured on."""
    return (
        f"{machine['cores']} cores ({machine['processor']}), {machine['memory_gb']} GB, {machine['system']}, "
        f"Python {machine['python']}, load {machine['load']}"
    )


def as_markdown(report: Report) -> str:
    """Return the block of the README: the headline figures, with what was measured on and how to repeat it."""
    lines = [BEGIN, "| | here | beside it, in the same run | ratio |", "| --- | ---: | --- | ---: |"]
    for section in report.sections:
        rows = [f"| {' | '.join(figure.cells())} |" for figure in section.figures if figure.headline]
        lines += [f"| **{section.title}** | | | |", *rows] if rows else []
    lines += ["", *(f"Not measured: {s.title} ({s.skipped})" for s in report.sections if s.skipped)]
    lines += [f"Measured by `make bench` on {machine_line(report.machine)}.", END]
    return "\n".join(line for n, line in enumerate(lines) if line or lines[n - 1])


def write_block(path: Path, block: str) -> None:
    """Replace the block between the two marks of a Markdown file.

    Raises:
        ValueError: the file lacks the marks.
    """
    text = path.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{path.name} has no block between {BEGIN} and {END}.")
    path.write_text(before + block + after, encoding="utf-8")
