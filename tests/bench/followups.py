"""Are follow-up questions told from those that stand alone, and is more found when they are asked as what they mean?

`python -m tests.bench.followups` needs the evaluation data (`KNOWHUB_EVAL_DATA`, else `../shared/eval`) for its second
half; `--quick` leaves that out which searches.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from knowhub_ext.domain.followups import alone, context, follows
from knowhub_ext.domain.locators import TimeSpan
from tests.bench.figures import Figure, Peer, Section, as_text
from tests.bench.measuring import Options
from tests.bench.ranking import EVAL, lectures
from tests.followups import ANSWERED, LEANING, SEEN, STANDING, STANDING_UNSEEN, UNSEEN

#: Seconds by which a hit may begin beside the answer.
BESIDE = 5


def sections(options: Options) -> list[Section]:
    """Return what is told apart, and what is found.

    Raises:
        Unavailable: the evaluation data are not there.
    """
    told = Section(title="Follow-up questions told apart", about="made by hand", figures=list(_told()))
    if options.quick:
        return [told]
    found = Section(
        title="What a follow-up question finds", about=f"{len(ANSWERED)} made by hand over the lectures",
        figures=list(_found(options)),
    )
    return [told, found]


def _told() -> Iterator[Figure]:
    yield _count("recognised, seen while the rule was written", SEEN)
    yield _count("recognised, unseen", UNSEEN)
    yield _count("wrongly changed, seen", STANDING)
    yield _count("wrongly changed, unseen", STANDING_UNSEEN)
    path = EVAL / "lecture_qa" / "questions.jsonl"
    if path.is_file():
        asked = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        changed = [row["id"] for row in asked if follows(row["question"])]
        lean = sum(row in LEANING for row in changed)
        yield Figure(
            what="wrongly changed, real questions about lectures", value=len(changed) - lean, unit=f"of {len(asked)}",
            note=f"of {len(changed)} changed, {lean} lean on what is on the screen or are no whole question",
        )


def _count(what: str, rows: Sequence[str]) -> Figure:
    return Figure(what=what, value=sum(map(follows, rows)), unit=f"of {len(rows)}")


def _found(options: Options) -> Iterator[Figure]:
    with lectures(options) as (hub, _):
        me = hub.people.local()
        with hub.store.read() as tx:
            videos = {asset.id: Path(asset.key).stem for asset in tx.assets.of_course(tx.courses.get("lectures").id)}

        def rank(query: str, video: str, start: float, end: float) -> int:
            """Return the place of the first hit that is of the answer; 99 where none of ten is."""
            for place, hit in enumerate(hub.searching.search(me, "lectures", query, limit=10), 1):
                span = hit.passage.locator
                assert isinstance(span, TimeSpan)
                begins = (start - BESIDE) * 1000 <= span.start_ms < end * 1000
                if videos[hit.passage.asset_id] == video and begins:
                    return place
            return 99

        pairs = [
            (rank(alone(asked, context([before])) or asked, *where), rank(asked, *where))
            for before, asked, *where in ANSWERED
        ]
    for limit in (1, 5):
        yield Figure(
            what=f"hit@{limit}", value=sum(ours <= limit for ours, _ in pairs) / len(pairs), unit="of 1",
            peer=Peer(name="as it was typed", value=sum(bare <= limit for _, bare in pairs) / len(pairs)),
        )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        for part in sections(Options(quick="--quick" in sys.argv, scratch=Path(scratch))):
            print(as_text(part), flush=True)
