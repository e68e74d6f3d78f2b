"""How often a true sentence is proven, and a false one: thresholds chosen on one half of the data, shown on the other.

`python -m tests.bench.proving` needs the evaluation data (`KNOWHUB_EVAL_DATA`, else `../shared/eval`). The claims are
made by rule (`claims.py`), so they say how the rules of proof hold against such changes, not how often models lie.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowhub_ext.backends import registry
from knowhub_ext.domain.proving import BARS, Bars, candidates, verbatim
from knowhub_ext.domain.texts import stems
from knowhub_ext.ports import Embedder
from tests.bench.claims import FALSE, TRUE, Case, cases
from tests.bench.figures import Figure, Peer, Section, as_text
from tests.bench.measuring import EVAL, Options, Unavailable

WORDS = (0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)
MEANING = (0.0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95)
#: Of all that is shown as proven this much has to be so, on the half where thresholds are chosen.
PRECISION = 0.99


@dataclass(frozen=True, slots=True)
class Weighed:
    """A claim and what might prove it: per run of sentences the share of words, the cosine, if it is verbatim."""

    case: Case
    runs: Sequence[tuple[float, float, bool]]

    def proven(self, bars: Bars, *, alone: bool = False) -> bool:
        """Say what `prove` says; `alone`: where vectors do not speak of meaning."""
        if alone:
            return any(share >= bars.alone or same for share, _, same in self.runs)
        return any((share >= bars.words and near >= bars.meaning) or same for share, near, same in self.runs)

    def by_words(self, share: float) -> bool:
        """The rule before: the passage holds this share of the content, whatever it says of it."""
        return _plain_share(self.case) >= share


def sections(options: Options) -> list[Section]:
    """Return how proofs hold, with vectors and without.

    Raises:
        Unavailable: the evaluation data or the sentence model are not there.
    """
    if not (EVAL / "passage_qa").is_dir():
        raise Unavailable("no evaluation data (KNOWHUB_EVAL_DATA)")
    embedder: Embedder = registry.create("embedders", "minilm")
    weighed = [_weighed(case, embedder) for case in cases(EVAL, each=4 if options.quick else 24)]
    return list(_sections(weighed))


def _sections(weighed: Sequence[Weighed]) -> Iterator[Section]:
    for alone in (False, True):
        rows = list(weighed)
        first, second = ([row for row in rows if row.case.half == half] for half in (0, 1))
        chosen = [_chosen(half, alone=alone) for half in (first, second)]
        title = "Proven by words alone" if alone else "Proven by words and meaning"
        yield Section(
            title=title, about=_about(rows, chosen, alone=alone),
            figures=[
                *_figures("the other half, chosen on the first", second, chosen[0], alone=alone),
                *_figures("the first half, chosen on the other", first, chosen[1], alone=alone),
                *_figures("both, as it is set", rows, BARS, alone=alone),
                *_kinds(rows, BARS, alone=alone),
            ],
        )


def _weighed(case: Case, embedder: Embedder) -> Weighed:
    found = candidates(case.claim, case.passage, min(WORDS))
    if not found:
        return Weighed(case, ())
    claim, *rows = embedder.embed([case.claim, *(run.text for run, _ in found)])
    near = [sum(a * b for a, b in zip(claim, row, strict=True)) for row in rows]
    return Weighed(case, tuple(
        (share, cosine, verbatim(case.claim, run.text)) for (run, share), cosine in zip(found, near, strict=True)
    ))


def _chosen(rows: Sequence[Weighed], *, alone: bool) -> Bars:
    """Return the thresholds that prove most of what is true, of those that are right often enough, the strictest."""
    tried = [Bars(words=w, meaning=m, alone=w) for w, m in itertools.product(WORDS, MEANING[:1] if alone else MEANING)]
    scored = [(bars, *_scores(rows, bars, alone=alone)) for bars in tried]
    right = [row for row in scored if row[1] >= PRECISION] or [max(scored, key=lambda row: row[1])]
    best = max(recall for _, _, recall in right)
    return max((bars for bars, _, recall in right if recall >= best - 0.005), key=lambda b: (b.words, b.meaning))


def _scores(rows: Sequence[Weighed], bars: Bars, *, alone: bool) -> tuple[float, float]:
    """Return precision and recall of `proven`."""
    shown = [row.case.true for row in rows if row.proven(bars, alone=alone)]
    true = sum(row.case.true for row in rows)
    return (sum(shown) / len(shown) if shown else 1.0), sum(shown) / max(1, true)


def _plain_share(case: Case) -> float:
    wanted = set(stems(case.claim))
    return len(wanted & set(stems(case.passage.text))) / max(1, len(wanted))


def _figures(where: str, rows: Sequence[Weighed], bars: Bars, *, alone: bool) -> list[Figure]:
    precision, recall = _scores(rows, bars, alone=alone)
    before = [row.case.true for row in rows if row.by_words(0.6)]
    true = sum(row.case.true for row in rows)
    return [
        Figure(what=f"precision, {where}", value=precision, unit="of 1",
               peer=Peer(name="60 % of the words", value=sum(before) / max(1, len(before)))),
        Figure(what=f"recall, {where}", value=recall, unit="of 1",
               peer=Peer(name="60 % of the words", value=sum(before) / max(1, true))),
    ]  # fmt: skip


def _kinds(rows: Sequence[Weighed], bars: Bars, *, alone: bool) -> list[Figure]:
    by_kind: Mapping[str, list[Weighed]] = defaultdict(list)
    for row in rows:
        by_kind[row.case.kind].append(row)
    return [
        Figure(
            what=f"{'true' if kind in TRUE else 'false'}: {kind}", unit="of 1", note=f"{len(by_kind[kind])} claims",
            value=_mean(row.proven(bars, alone=alone) for row in by_kind[kind]),
            peer=Peer(name="60 % of the words", value=_mean(row.by_words(0.6) for row in by_kind[kind])),
        )
        for kind in (*TRUE, *FALSE)
    ]


def _mean(rows: Iterable[bool]) -> float:
    found = list(rows)
    return sum(found) / max(1, len(found))


def _about(rows: Sequence[Weighed], chosen: Sequence[Bars], *, alone: bool) -> str:
    true = sum(row.case.true for row in rows)
    named = [f"words {b.alone:g}" if alone else f"words {b.words:g} and cosine {b.meaning:g}" for b in (*chosen, BARS)]
    return (
        f"{true} true and {len(rows) - true} false claims; chosen on the first half: {named[0]}, "
        f"on the other: {named[1]}, set: {named[2]}"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        for part in sections(Options(quick="--quick" in sys.argv, scratch=Path(scratch))):
            print(as_text(part), flush=True)
