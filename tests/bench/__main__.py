"""`python -m tests.bench`: measure, print, and where asked write the figures down."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bench import (
    caging,
    encoders,
    engines,
    loading,
    long_speech,
    previews,
    ranking,
    scale,
    search,
    servers,
    speech,
    terms,
    work,
)
from tests.bench.figures import Report, Section, as_markdown, as_text, machine_line, write_block
from tests.bench.measuring import ROOT, Options, Unavailable, machine

#: What is measured, in this order: the small and quiet first, so that nothing warms or fills the machine for others.
PARTS: Mapping[str, Callable[[Options], list[Section]]] = {
    "loading": loading.sections, "servers": servers.sections, "caging": caging.sections, "speech": speech.sections,
    "terms": terms.sections, "sample_terms": terms.sample_sections, "engines": engines.sections,
    "long_speech": long_speech.sections, "work": work.sections, "search": search.sections, "scale": scale.sections,
    "ranking": ranking.sections, "encoders": encoders.sections, "previews": previews.sections,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Return 0, or 1 where something could not be measured because it broke."""
    options = _parsed(argv)
    report = Report(machine=machine(), quick=options.quick)
    say = (lambda text: print(text, file=sys.stderr, flush=True)) if options.markdown else _print
    say(f"KnowHub's figures, measured on {machine_line(report.machine)}{' (quick)' if options.quick else ''}")
    began, broken = time.perf_counter(), False
    with tempfile.TemporaryDirectory(prefix="knowhub-bench-") as scratch:
        for name in options.only or PARTS:
            folder = Path(scratch) / name
            folder.mkdir()
            found, failed = _measured(name, Options(quick=options.quick, scratch=folder))
            broken = broken or failed
            report.sections += found
            say("\n".join(as_text(section) for section in found))
    report.took_s = time.perf_counter() - began
    if options.beside:
        report.sections = _joined(report.sections, json.loads(options.beside.read_text("utf-8"))["sections"])
    say(f"\nTook {report.took_s:.0f} s.")
    _write(report, options)
    return int(broken)


def _parsed(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, smaller inputs")
    parser.add_argument("--only", nargs="+", choices=list(PARTS), help="these parts alone")
    parser.add_argument("--beside", type=Path, metavar="FILE", help="the JSON of a run whose other sections are kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was measured")
    parser.add_argument("--markdown", action="store_true", help="print the README's block; the rest goes to stderr")
    parser.add_argument("--write-readme", action="store_true", help="replace the README's block")
    return parser.parse_args(argv)


def _joined(new: Sequence[Section], before: Sequence[Mapping[str, Any]]) -> list[Section]:
    """Return the sections of a run before, those measured anew in their places, and what it had not behind them."""
    fresh = {section.title: section for section in new}
    kept = [fresh.pop(row["title"], None) or Section.from_json(row) for row in before]
    return [*kept, *fresh.values()]


def _print(text: str) -> None:
    print(text, flush=True)


def _measured(name: str, options: Options) -> tuple[list[Section], bool]:
    """Return a part's sections, and whether it broke: then the others are measured all the same."""
    try:
        return PARTS[name](options), False
    except Unavailable as error:
        return [Section(title=name, skipped=str(error))], False
    except Exception as error:  # the rest of the figures is wanted nevertheless
        traceback.print_exc()
        return [Section(title=name, skipped=f"it broke: {error}")], True


def _write(report: Report, options: argparse.Namespace) -> None:
    if options.json:
        options.json.write_text(json.dumps(report.to_json(), indent=2) + "\n", encoding="utf-8")
    block = as_markdown(report)
    if options.markdown:
        _print(block)
    if options.write_readme:
        write_block(ROOT / "README.md", block)


if __name__ == "__main__":
    sys.exit(main())
