"""Answering with the course's own words: which sentences best support a question, and when none does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowhub_ext.domain.answers import Quote
from knowhub_ext.domain.passages import Passage, Sentence
from knowhub_ext.domain.ranking import coverage, rarity
from knowhub_ext.domain.texts import stems

#: Below this share of the question's (rarity-weighted) words in the best passage, nothing is said: see `relevant`.
MIN_COVERAGE = 0.5
#: A passage as near in meaning as this is relevant even if it shares few words with the question.
MIN_MEANING = 0.55
MAX_QUOTES = 3


def relevant(question: str, passage: Passage, weights: Mapping[str, float], meaning: float) -> bool:
    """Say whether a passage speaks of the question at all.

    Args:
        question: as asked.
        passage: a candidate.
        weights: `rarity` over the candidates.
        meaning: highest cosine of the question with a sentence of the passage, -1..1; 0.0 where vectors say nothing.
    """
    words = coverage(question, passage.text, weights)
    return words >= MIN_COVERAGE or (meaning >= MIN_MEANING and words > 0.0)


def best_sentences(
    question: str, passages: Sequence[Passage], meanings: Mapping[str, float] | None = None
) -> list[Quote]:
    """Choose up to `MAX_QUOTES` sentences that best support the question, best first.

    Args:
        question: as asked.
        passages: candidates, best first.
        meanings: cosine of the question with each sentence by its text; None where vectors say nothing.

    Returns:
        The chosen sentences; empty where no passage is relevant, which means: refuse.
    """
    weights = rarity([p.text for p in passages])
    near = meanings or {}
    quotes: dict[str, Quote] = {}
    for rank, passage in enumerate(passages):
        if not relevant(question, passage, weights, max(near.get(s.text, 0.0) for s in passage.sentences)):
            continue
        for sentence in passage.sentences:
            if not _says_more(question, sentence):
                continue
            score = _score(question, sentence, weights, rank, near.get(sentence.text, 0.0))
            key = f"{passage.asset_id}{sentence.locator}{sentence.text}"
            if key not in quotes or quotes[key].score < score:
                quotes[key] = Quote(sentence=sentence, passage=passage, score=score)
    return _chosen(list(quotes.values()))


def _says_more(question: str, sentence: Sentence) -> bool:
    """Say whether a sentence adds anything to the question: a heading or a question in its own words does not."""
    text = sentence.text.strip()
    return not text.endswith("?") and bool(set(stems(text)) - set(stems(question)))


def _score(question: str, sentence: Sentence, weights: Mapping[str, float], rank: int, meaning: float) -> float:
    """Weigh words, meaning and rank of the passage; the shares were set on lecture questions."""
    return 0.55 * coverage(question, sentence.text, weights) + 0.3 * max(0.0, meaning) + 0.15 / (1 + rank)


def _chosen(quotes: Sequence[Quote]) -> list[Quote]:
    """Take the best sentence, then those nearly as good that add something to it."""
    ranked = sorted(quotes, key=lambda q: -q.score)
    if not ranked:
        return []
    chosen = [ranked[0]]
    for quote in ranked[1:]:
        if len(chosen) >= MAX_QUOTES or quote.score < 0.6 * chosen[0].score:
            break
        if all(_overlap(quote.sentence.text, other.sentence.text) < 0.8 for other in chosen):
            chosen.append(quote)
    return chosen


def _overlap(a: str, b: str) -> float:
    left, right = set(a.casefold().split()), set(b.casefold().split())
    return len(left & right) / max(1, min(len(left), len(right)))
