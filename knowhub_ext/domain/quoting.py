"""Answering with the course's own words: which sentences best support a question, and when none does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from knowhub_ext.domain.answers import Quote
from knowhub_ext.domain.locators import TimeSpan
from knowhub_ext.domain.passages import Passage, Sentence
from knowhub_ext.domain.ranking import coverage, rarity
from knowhub_ext.domain.texts import stems

#: Below this share of the question's (rarity-weighted) words in a passage it is not relevant, see `relevant`.
MIN_COVERAGE = 0.5
#: A passage as near in meaning as this is relevant even if it shares few of the question's words …
MIN_MEANING = 0.6
#: … but this share at least: near meaning alone also joins questions and texts on two different things.
MIN_SHARED = 0.15
#: A quoted sentence has to cover this much of the question's words, or lie this near in meaning.
SENTENCE_COVERAGE, SENTENCE_MEANING = 0.3, 0.5
#: What the lecturer says comes before what the companion notebook says in nearly the same words.
SPOKEN = 0.06
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
    return words >= MIN_COVERAGE or (meaning >= MIN_MEANING and words >= MIN_SHARED)


def best_sentences(
    question: str, passages: Sequence[Passage], meanings: Mapping[str, float] | None = None, *, sure: bool = False
) -> list[Quote]:
    """Choose up to `MAX_QUOTES` sentences that best support the question, best first.

    Args:
        question: as asked.
        passages: candidates, best first.
        meanings: cosine of the question with each sentence by its text; None where vectors say nothing.
        sure: the passages are known to speak of the question: the best sentence is quoted, however weak it is alone.

    Returns:
        The chosen sentences; empty where no passage is relevant, which means: refuse.
    """
    chosen = _chosen(_candidates(question, passages, meanings or {}, every=False))
    if sure and not chosen:
        return _chosen(_candidates(question, passages, meanings or {}, every=True))[:1]
    return chosen


def _candidates(
    question: str, passages: Sequence[Passage], near: Mapping[str, float], *, every: bool
) -> list[Quote]:
    """Return the sentences that may be quoted, each once; `every` one, whatever its words and meaning."""
    weights = rarity([p.text for p in passages])
    quotes: dict[str, Quote] = {}
    for rank, passage in enumerate(passages):
        meaning = max(near.get(s.text, 0.0) for s in passage.sentences)
        if not every and not relevant(question, passage, weights, meaning):
            continue
        for quote in _scored(question, passage, weights, near, rank, every):
            key = f"{passage.asset_id}{quote.sentence.locator}{quote.sentence.text}"
            if key not in quotes or quotes[key].score < quote.score:
                quotes[key] = quote
    return list(quotes.values())


def _scored(
    question: str, passage: Passage, weights: Mapping[str, float], near: Mapping[str, float], rank: int, every: bool
) -> Iterator[Quote]:
    """Weigh the words, the meaning and the passage's rank of each sentence; the shares were set on lecture questions.

    A lecturer who asks the very question answers it next: such a sentence lends its score to the two that follow.
    """
    lent: list[float] = []
    for sentence in passage.sentences:
        words, meaning = coverage(question, sentence.text, weights), max(0.0, near.get(sentence.text, 0.0))
        own = 0.55 * words + 0.3 * meaning + 0.15 / (1 + rank) + (SPOKEN if _spoken(sentence) else 0.0)
        fits = every or words >= SENTENCE_COVERAGE or meaning >= SENTENCE_MEANING
        borrowed = lent.pop(0) if lent else 0.0
        if not sentence.code and _says_more(question, sentence) and (fits or borrowed):
            yield Quote(sentence=sentence, passage=passage, score=max(own, borrowed))
        if fits and not sentence.code and sentence.text.rstrip().endswith("?"):
            lent = [0.95 * own, 0.9 * own]


def _spoken(sentence: Sentence) -> bool:
    return isinstance(sentence.locator, TimeSpan)


def _says_more(question: str, sentence: Sentence) -> bool:
    """Say whether a sentence adds anything to the question: a heading or a question in its own words does not."""
    text = sentence.text.strip()
    return not text.endswith("?") and bool(set(stems(text)) - set(stems(question)))


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
