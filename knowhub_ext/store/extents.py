"""Which rows of the word index the passages of a course consist of, as arrays that are kept between searches.

A row's number is never given again, and higher ones come later: what is kept is brought up to date by what is above it.
"""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from knowhub_ext.store.counters import WORDS, WORDS_GONE, Counters
from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import PASSAGE

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Extents:
    """The passages of one course in the order of their rows. One column of `table` each: its number, the half-open
    range of rows it consists of, its length in words. 32 bytes a passage, and what is asked for lies together."""

    table: Numbers
    upto: int  #: the last row of the index when this was read
    gone: int  #: how often passages had been removed then

    def __len__(self) -> int:
        return int(self.table.shape[1])

    @property
    def numbers(self) -> Numbers:
        """Return what `passage.number` says of each."""
        numbers: Numbers = self.table[0]
        return numbers

    @property
    def lengths(self) -> Numbers:
        """Return how many words each has."""
        lengths: Numbers = self.table[3]
        return lengths

    @property
    def bounds(self) -> tuple[int, int]:
        """Return the first row of the first passage and the row behind the last; there has to be one."""
        return int(self.table[1, 0]), int(self.table[2, -1])

    def holding(self, rows: Numbers) -> tuple[Numbers, Numbers]:
        """Return at which places of the table passages hold any of these rows, ascending, and how many of them.

        Starts and ends both ascend, so the passages that hold a row are neighbours. Rows of other courses lie between.
        """
        import numpy as np

        low = np.searchsorted(self.table[2], rows, "right")
        high = np.searchsorted(self.table[1], rows, "right")
        each = high - low
        total = int(each.sum())
        if not total:
            nothing = np.zeros(0, dtype=np.int64)
            return nothing, nothing
        places = np.repeat(high - np.cumsum(each), each) + np.arange(total)
        start = int(places.min())
        often = np.bincount(places - start)
        held = np.flatnonzero(often)
        return held + start, often[held]


class ExtentCache:
    """One a store, for its readers: a transaction that writes must not leave behind what it may yet take back."""

    def __init__(self) -> None:
        self._known: dict[str, Extents] = {}
        self._lock = threading.Lock()

    def of(self, course_id: str, session: Session, counters: Counters) -> Extents:
        """Return the extents of a course, read as far as they are not known."""
        last = counters.known()
        upto, gone = last[WORDS], last[WORDS_GONE]
        with self._lock:
            known = self._known.get(course_id)
        if known is None or known.gone != gone:
            known = read(session, course_id, upto=upto, gone=gone)
        elif known.upto < upto:
            known = _joined(known, read(session, course_id, upto=upto, gone=gone, after=known.upto))
        else:
            return known
        with self._lock:
            self._known[course_id] = known
        return known


def read(session: Session, course_id: str, *, upto: int, gone: int, after: int = 0) -> Extents:
    """Read the extents of a course's passages that begin beyond row `after`."""
    import numpy as np

    rows = session.tuples(
        select(PASSAGE.c.number, PASSAGE.c.words_from, PASSAGE.c.words_to, PASSAGE.c.length)
        .where(PASSAGE.c.course_id == course_id, PASSAGE.c.words_from > after).order_by(PASSAGE.c.words_from)
    )
    flat = np.fromiter(itertools.chain.from_iterable(rows), dtype=np.int64, count=4 * len(rows))
    return Extents(table=np.ascontiguousarray(flat.reshape(-1, 4).T), upto=upto, gone=gone)


def _joined(old: Extents, new: Extents) -> Extents:
    import numpy as np

    return Extents(table=np.concatenate([old.table, new.table], axis=1), upto=new.upto, gone=new.gone)
