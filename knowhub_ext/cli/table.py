"""Jobs as a table on a terminal, drawn over itself. The table is a pure function; the screen knows the terminal."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from typing import Any

from knowhub_ext.cli.output import left, plain

#: What each stage of a job is called; speech is told apart by the kind of the file.
STAGES = {"probe": "looking at the file", "read": "reading", "passages": "cutting passages", "vectors": "vectors"}
_ORDER = {"running": 0, "queued": 1, "dead": 2, "failed": 3, "cancelled": 4, "done": 5}
_BAR = 12


def table(rows: Sequence[dict[str, Any]], *, width: int, height: int) -> list[str]:
    """Return the lines of a table of jobs: what runs, what waits, what went wrong; at most `height` lines.

    What is done is counted, and so is what does not fit.
    """
    counts = {state: sum(row["state"] == state for row in rows) for state in _ORDER}
    said = ", ".join(f"{count} {state}" for state, count in counts.items() if count) or "no job"
    shown = [row for row in rows if row["state"] not in ("done", "cancelled")]
    # newest first within a state, but the queue in the order in which it will be over
    shown.sort(key=lambda row: (_ORDER[row["state"]], row["eta_s"] if row["eta_s"] is not None else float("inf")))
    lines = [said]
    for row in shown:
        lines += _lines(row, width)
    if len(lines) > height:
        kept = max(1, height - 1)
        lines = [*lines[:kept], f"… {len(lines) - kept} more lines; `knowhub jobs` lists all"]
    return [line[:width] for line in lines]


def _lines(row: dict[str, Any], width: int) -> list[str]:
    name = plain(row.get("title") or row["job"])
    done = round(row["progress"] * _BAR)
    bar = f"{'█' * done}{'·' * (_BAR - done)} {row['progress']:>4.0%}"
    match row["state"]:
        case "running":
            return [f"{bar}  {_stage(row):<20} {left(row['eta_s']):<16} {name}".rstrip()]
        case "queued":
            again = f"attempt {row['attempts'] + 1}" if row["attempts"] else "waiting"
            return [f"{bar}  {again:<20} {left(row['eta_s']):<16} {name}".rstrip()]
    why = row["error"] or {"message": "", "cure": ""}
    told = plain(f"{why['message']} {why['cure']}")
    return [f"{row['state'].upper():<{_BAR + 5}}  {name}", f"{'':<{_BAR + 7}}{told}"]


def _stage(row: dict[str, Any]) -> str:
    if row["stage"] == "read" and row.get("media") in ("video", "audio"):
        return "recognising speech"
    return STAGES.get(row["stage"], row["stage"])


class Screen:
    """The terminal on stdout; each drawing takes the place of the one before."""

    def __init__(self) -> None:
        self._drawn = 0

    @property
    def width(self) -> int:
        return shutil.get_terminal_size().columns

    @property
    def height(self) -> int:
        """Lines that can be drawn over: all but the one the cursor ends on."""
        return max(2, shutil.get_terminal_size().lines - 1)

    def draw(self, lines: Sequence[str]) -> None:
        """Put these lines where the last ones stood."""
        up = f"\x1b[{self._drawn}A" if self._drawn else ""
        body = "".join(f"\x1b[2K{line}\n" for line in lines)
        sys.stdout.write(f"{up}\r{body}\x1b[J")
        sys.stdout.flush()
        self._drawn = len(lines)
