"""Which of the ranked passages are shown, and where each is opened: no two that overlap, each from where it begins."""

from __future__ import annotations

from collections.abc import Sequence

from knowhub_ext.domain.locators import TimeSpan, meet
from knowhub_ext.domain.openings import Start, opened
from knowhub_ext.domain.passages import Place
from knowhub_ext.store.database import Tx

#: What was ranked of one asset: where it is and its score, by its id.
Ranked = dict[str, tuple[Place, float]]
#: Of so many of the ranked passages the places are read at a time: the first few give most searches all their hits.
_READ = 64


def picked(tx: Tx, ranked: Sequence[tuple[str, float]], limit: int, *, opening: bool = True) -> dict[str, float]:
    """Return at most `limit` passages and the score of each, best first, none of which overlaps a better one.

    Passages begin one sentence after the other and overlap. Of a lecture the one is returned that begins where the
    answer is probably heard from its beginning; it has the score of the one that was ranked.
    Not `opening`, what was ranked is returned as it is.
    """
    chosen: dict[str, float] = {}
    taken: dict[str, list[Place]] = {}
    read: dict[str, Ranked] = {}
    for first in range(0, len(ranked), _READ):
        some = dict(ranked[first : first + _READ])
        for i, place in tx.passages.places(list(some)).items():
            read.setdefault(place.asset_id, {})[i] = place, some[i]
        homes = {i: home for home in read.values() for i in home}
        for passage_id in some:
            if len(chosen) >= limit:
                return chosen
            beside = homes.get(passage_id, {})
            mine = taken.setdefault(beside[passage_id][0].asset_id, []) if beside else []
            if not beside or _meets(beside[passage_id][0], mine):
                continue
            best = _opened(passage_id, beside, mine) if opening else passage_id
            chosen[best] = some[passage_id]
            # what was ranked is taken as well: beside an earlier start it would come again as a hit of its own
            mine += [beside[passage_id][0], beside[best][0]]
    return chosen


def _opened(passage_id: str, beside: Ranked, taken: Sequence[Place]) -> str:
    place, _ = beside[passage_id]
    if not isinstance(place.locator, TimeSpan):
        return passage_id
    around = [
        Start(id=i, start_ms=other.locator.start_ms, score=score)
        for i, (other, score) in beside.items()
        if isinstance(other.locator, TimeSpan) and meet(other.locator, place.locator) and not _meets(other, taken)
    ]
    return opened(next(one for one in around if one.id == passage_id), around)


def _meets(place: Place, others: Sequence[Place]) -> bool:
    return any(meet(place.locator, other.locator) for other in others)
