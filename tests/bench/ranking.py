"""Questions people asked about lectures, and the second that answers: KnowHub beside the usual ways to search.

`python -m tests.bench.ranking` needs the evaluation data (`KNOWHUB_EVAL_DATA`, else `../shared/eval`): the set
`lecture_qa` of what `knowhub eval` measures, in the form of the other benchmarks. The questions of every second video
are shown beside the others: what differs between the halves is chance. No half was kept apart so far.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from knowhub_ext.hub import Hub
from knowhub_ext.hub.parts import exact_index
from knowhub_ext.services.evaluation.running import OURS, Measured, Running, Tools
from knowhub_ext.services.evaluation.sets import QuestionSet, read_sets
from knowhub_ext.testing.hubs import plain_hub, run_jobs
from tests.bench.figures import Figure, Section, as_text
from tests.bench.measuring import EVAL, Options, Unavailable

#: The figures shown, what they are called, and what the first of the systems should reach.
FIGURES: Mapping[str, tuple[str, str]] = {
    "hit@1": ("hit@1", ".52"), "hit@5": ("hit@5", ".78"), "hit@10": ("hit@10", ""), "mrr@10": ("MRR@10", ".63"),
    "seek_median_s": ("seek error, median", ""), "opens_within_5s": ("opens within 5 s", ".28"),
}


@contextmanager
def lectures(options: Options) -> Iterator[tuple[Hub, QuestionSet]]:
    """Open a hub with the lectures in the course `lectures`; yield it with the questions about them.

    Raises:
        Unavailable: the evaluation data are not there.
    """
    folder = EVAL / "lecture_qa"
    if not folder.is_dir():
        raise Unavailable("no evaluation data (KNOWHUB_EVAL_DATA)")
    [asked] = read_sets(folder, options.scratch / "corpus")
    with plain_hub(options.scratch / "lectures", embedder="auto") as hub:
        me = hub.people.local()
        hub.courses.create(me, "lectures", "Lectures")
        hub.ingest.add(me, "lectures", asked.files)
        run_jobs(hub)
        yield hub, asked.every(10 if options.quick else 1)


def sections(options: Options) -> list[Section]:
    """Return a section a system, KnowHub first.

    Raises:
        Unavailable: the evaluation data are not there.
    """
    with lectures(options) as (hub, asked):
        measured = Running(tools(hub), hub.people.local(), "lectures").rank(asked, lambda: None)
    about = f"{measured.questions} questions over {measured.documents} lectures, asked of all of them at once"
    return [
        Section(title=f"The right second: {name}", about=about, figures=_figures(name, measured))
        for name in measured.systems
    ]


def tools(hub: Hub) -> Tools:
    """Return what a hub gives to a run of questions."""
    return Tools(
        store=hub.store, searching=hub.searching, asking=hub.asking, embedder=hub.chosen.embedder,
        empty_index=exact_index,
    )


def _figures(system: str, measured: Measured) -> list[Figure]:
    ours = system == OURS
    return [
        Figure(
            what=what, value=measured.systems[system][key], unit="s" if key.endswith("_s") else "of 1", headline=ours,
            note=_note(key, target, measured) if ours else "",
        )
        for key, (what, target) in FIGURES.items()
    ]


def _note(key: str, target: str, measured: Measured) -> str:
    halves = " and ".join(f"{half[key]:.3f}" for half in measured.halves)
    return f"by halves {halves}" + (f"; target ≥ {target}" if target else "")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        for part in sections(Options(quick="--quick" in sys.argv, scratch=Path(scratch))):
            print(as_text(part), flush=True)
