"""Is the sentence that a hit shows the one that answers? Real questions about lectures, over first hits that are right.

`python -m tests.bench.previews` needs the evaluation data (`KNOWHUB_EVAL_DATA`, else `../shared/eval`). Beside the
preview stand the passage's opening, a sentence of it by chance, and the most that any choice of one could reach.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from knowhub_ext.domain.locators import TimeSpan
from knowhub_ext.domain.previews import Preview
from knowhub_ext.services.evaluation.sets import Stretch
from knowhub_ext.services.searching import Found
from tests.bench.figures import Figure, Peer, Section, as_text
from tests.bench.measuring import Options
from tests.bench.ranking import lectures

#: Half of what is shown has to be of the answer.
ENOUGH = 0.5


def sections(options: Options) -> list[Section]:
    """Return one section.

    Raises:
        Unavailable: the evaluation data are not there.
    """
    with lectures(options) as (hub, asked):
        me = hub.people.local()
        with hub.store.read() as tx:
            assets = tx.assets.of_course(tx.courses.get("lectures").id)
        videos = {asset.id: Path(asset.key).stem for asset in assets}
        found = [
            (wanted, hub.searching.search(me, "lectures", question.text))
            for question in asked.questions for wanted in question.wanted if isinstance(wanted, Stretch)
        ]
    right = [(wanted, hits[0]) for wanted, hits in found if hits and _within(wanted, hits[0], videos)]
    about = f"{len(right)} of {len(found)} questions, those whose first hit is right"
    return [Section(title="What a hit shows", about=about, figures=list(_figures(right, [hits for _, hits in found])))]


def _within(asked: Stretch, hit: Found, videos: Mapping[str, str]) -> bool:
    return videos[hit.passage.asset_id] == asked.document and _share(hit.locator, asked, 0)


def _share(place: object, asked: Stretch, enough: float = ENOUGH) -> bool:
    """Say whether a place lies in the answer, by more than `enough` of itself or by just that."""
    assert isinstance(place, TimeSpan)
    shared = min(place.end_ms, asked.end_ms) - max(place.start_ms, asked.start_ms)
    return shared > 0 and shared >= enough * (place.end_ms - place.start_ms)


def _figures(right: Sequence[tuple[Stretch, Found]], all_hits: Sequence[Sequence[Found]]) -> Iterator[Figure]:
    shown = [(asked, hit, hit.preview) for asked, hit in right]
    opening = _mean(right, lambda asked, hit: float(_share(hit.passage.sentences[0].locator, asked)))
    chance = _mean(right, lambda asked, hit: statistics.fmean(_share(s.locator, asked) for s in hit.passage.sentences))
    most = _mean(right, lambda asked, hit: float(any(_share(s.locator, asked) for s in hit.passage.sentences)))
    yield Figure(
        what="shows what answers", value=statistics.fmean(_share(p.locator, asked) for asked, _, p in shown),
        unit="of 1", peer=Peer(name="the opening sentence", value=opening),
        note=f"a sentence by chance {chance:.3f}, the best choice {most:.3f}",
    )
    yield Figure(what="marks a word", value=statistics.fmean(bool(p.marks) for *_, p in shown), unit="of 1")
    yield Figure(
        what="length, median", value=statistics.median(len(p.text) for *_, p in shown), unit="signs",
        peer=Peer(name="the passage", value=statistics.median(len(hit.text) for _, hit in right)),
    )
    yield Figure(what="ten previews, processor, median", value=1000 * _seconds(all_hits), unit="ms")


def _mean(rows: Sequence[tuple[Stretch, Found]], value: Callable[[Stretch, Found], float]) -> float:
    return statistics.fmean(value(asked, hit) for asked, hit in rows)


def _seconds(all_hits: Sequence[Sequence[Found]]) -> float:
    """Return the processor time that the previews of one search take: it moves less than wall time."""

    def one(hits: Sequence[Found]) -> tuple[float, list[Preview]]:
        started = time.process_time()
        made = [hit.preview for hit in hits]
        return time.process_time() - started, made

    return statistics.median(one(hits)[0] for hits in all_hits[:500])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        for part in sections(Options(quick="--quick" in sys.argv, scratch=Path(scratch))):
            print(as_text(part), flush=True)
