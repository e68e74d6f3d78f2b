"""Whether sentences of the course prove a sentence that a model wrote. Code decides; no model is asked.

A proof is the shortest run of neighbouring sentences of one passage that holds the claim's names, numbers, code and
turns, denies what it denies, shares its words and lies near it in meaning. It is no logic (docs/explanation/search.md).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from knowhub_ext.domain.claims import FEWEST, Facts, apart, clauses, facts, own_words, unframed
from knowhub_ext.domain.languages import language_of
from knowhub_ext.domain.locators import exists
from knowhub_ext.domain.passages import Passage, Sentence, span_of
from knowhub_ext.domain.texts import canonical

#: Cosines of a text with others by their text, or None where vectors do not speak of meaning.
Meanings = Callable[[str, Sequence[str]], Mapping[str, float] | None]
#: A proof is at most so many neighbouring sentences.
LONGEST = 3
#: No sentence has so many characters; what is longer is not one.
MOST = 1_200
#: So many words, and one of every eight, may stand elsewhere in the claim than in its proof.
MOVED = 1
#: Languages without spaces between words: there a sentence is one word, and proven only by standing there as it is.
UNSPACED = frozenset(("ja", "th", "zh"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Bars:
    """What a proof has to reach. `python -m tests.bench.proving` prints what these give, and how they were chosen."""

    #: Share of the claim's plain words that the proof holds, where vectors agree as well …
    words: float = 1.0
    #: … and the cosine by which they agree.
    meaning: float = 0.7
    #: The share where vectors do not speak of meaning.
    alone: float = 1.0


BARS = Bars()


def prove(
    claim: str, passage: Passage, meanings: Meanings | None = None, bars: Bars = BARS
) -> Sentence | None:
    """Return what of the passage proves the claim, as one sentence with its place; None where nothing does.

    Args:
        claim: a sentence without marks.
        passage: one the model was shown.
        meanings: compares the claim with what might prove it; None: words decide alone.
        bars: what has to be reached.
    """
    found = candidates(claim, passage, min(bars.words, bars.alone))
    if not found:
        return None
    near = meanings(claim, [run.text for run, _ in found]) if meanings is not None else None
    for run, share in found:
        near_enough = near is not None and share >= bars.words and near.get(run.text, 0.0) >= bars.meaning
        if near_enough or (near is None and share >= bars.alone) or verbatim(claim, run.text):
            return run
    return None


def verbatim(quote: str, text: str) -> bool:
    """Say whether a quote stands in a text word for word; case, space and the marks around words do not count."""
    return f" {_normal(quote)} " in f" {_normal(text)} "


def _normal(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+(?:[^\w\s]+[^\W_]+)*", canonical(text).casefold().replace("’", "'")))


def candidates(claim: str, passage: Passage, least: float) -> list[tuple[Sentence, float]]:
    """Return the runs of neighbouring sentences that hold all a claim may not bring itself, and at least this share of
    its words; with the share, best first and of those the shortest."""
    own, quotes = apart(unframed(claim))
    said = facts(own)
    if len(claim) > MOST or (said.weight < FEWEST and (quotes or language_of(claim) not in UNSPACED)):
        return []
    rows, found = passage.sentences, []
    proofs = [facts(text) for text in own_words([row.text for row in rows])]
    if not _within(said, frozenset().union(*(proof.words for proof in proofs)), least):
        return []  # most of what is made up brings a word that is nowhere in the passage
    for size in range(1, min(LONGEST, len(rows)) + 1):
        for start in range(len(rows) - size + 1):
            share = supported(own, proofs[start : start + size], least)
            if share < least:
                continue
            run = joined(rows[start : start + size])
            # what a claim has in quotation marks has to stand there word for word
            if all(verbatim(quote, run.text) for quote in quotes) and (said.plain or verbatim(claim, run.text)):
                found.append((run, share))
    return sorted(found, key=lambda row: -round(row[1], 3))


def _within(said: Facts, words: frozenset[str], least: float) -> bool:
    """Say whether a passage has the words that a proof in it would need at least."""
    needed = set(said.hard) | said.turning
    return needed <= words and len(said.plain & words) >= least * len(said.plain)


def stands(proof: Sentence, passage: Passage) -> bool:
    """Say whether a proof is a run of a passage's own sentences, word for word, at a place that exists."""
    rows = passage.sentences
    runs = (joined(rows[a:b]) for a in range(len(rows)) for b in range(a + 1, min(a + LONGEST, len(rows)) + 1))
    return any(run == proof for run in runs) and verbatim(proof.text, passage.text) and exists(proof.locator)


def joined(rows: Sequence[Sentence]) -> Sentence:
    """Return neighbouring sentences as one, with the place that covers them."""
    return Sentence(
        text=" ".join(row.text for row in rows), locator=span_of([row.locator for row in rows]),
        code=all(row.code for row in rows),
    )


def supported(claim: str, proofs: Sequence[Facts], least: float) -> float:
    """Return the share of a claim's words that sentences hold. Of several each of its clauses has to stand in one, in
    this order: words picked from here and there would prove anything."""
    if len(proofs) == 1:
        return support(facts(claim), proofs[0])
    at, first, worst = 0, -1, 1.0
    for part in clauses(claim):
        shares = [support(facts(part), proof) for proof in proofs[at:]]
        if max(shares) < least:
            return 0.0
        at += next(n for n, share in enumerate(shares) if share >= least)
        first, worst = at if first < 0 else first, min(worst, max(shares))
    return worst if at > first else 0.0  # all of it in one sentence, and yet not proven by that: the words are mixed


def support(said: Facts, proof: Facts) -> float:
    """Return the share 0..1 of a claim's plain words in a proof; 0 where the claim says what the proof does not."""
    loose = _loose(said, proof)
    if not _holds(said, proof) or loose & set(said.hard) or len(loose) > MOVED + len(said.plain) // 8:
        return 0.0
    if not said.plain:
        return 1.0
    return len(said.plain & proof.words) / len(said.plain)


def _loose(said: Facts, proof: Facts) -> set[str]:
    """Return the words of a claim that stand in a proof beside none of those they are beside in the claim."""
    return {
        key for key, beside in said.beside
        if beside and key in proof.words and not any(frozenset((key, one)) in proof.pairs for one in beside)
    }


def _more_often(said: Facts, proof: Facts) -> bool:
    """Say whether a claim has one of a proof's words more often than the proof: one of them was put for another."""
    given = Counter(key for key, _ in proof.beside)
    return any(count > given[key] > 0 for key, count in Counter(key for key, _ in said.beside).items())


def _holds(said: Facts, proof: Facts) -> bool:
    return (
        said.codes <= proof.codes
        and said.turning <= proof.words
        and proof.asks <= said.asks
        and not proof.orders
        and said.denied == tuple(word for word in proof.denied if word in said.words)
        and proof.hedged & said.words <= said.hedged
        and not _more_often(said, proof)
        and _in_order(said.hard, proof.order)
    )


def _in_order(wanted: Sequence[str], given: Sequence[str]) -> bool:
    """Say whether names and numbers follow each other in a proof as they do in the claim: who did what to whom."""
    left = iter(given)
    return all(any(one == other for other in left) for one in wanted)

