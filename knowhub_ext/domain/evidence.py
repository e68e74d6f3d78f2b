"""How surely a course speaks of a question: a logistic model over what was found.

The weights are learned by `python -m tests.bench.evidence` from labelled questions: on lectures and on articles, each
question with its course, without the document that answers it, and asked of the other course.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowhub_ext.domain.texts import STOPWORDS, stem, stems, words

#: What the model looks at; each is explained in `features`.
FEATURES = (
    "top_meaning", "best_meaning", "mean_meaning", "sentence_meaning", "top_words", "best_words", "sentence_words",
    "pairs", "unknown", "length",
)
Features = tuple[float, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A passage that was found: its sentences, and its cosine with the question."""

    sentences: Sequence[str]
    meaning: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """How many of a course's `passages` hold each word of a question."""

    words: Mapping[str, int]
    passages: int

    def rarity(self, word: str) -> float:
        """Return the inverse document frequency ln(1 + N/(n + ½)); a word that nothing holds is the rarest."""
        return math.log(1 + self.passages / (self.words.get(word, 0) + 0.5))


def features(question: str, shown: Sequence[Shown], meanings: Mapping[str, float], counts: Counts) -> Features:
    """Return the values of `FEATURES`, all 0 where nothing was found.

    Args:
        question: as asked.
        shown: the passages found, best first.
        meanings: cosine of the question with each of their sentences, by its text.
        counts: of the question's content words, by `content_words`.

    The shares of words are of their summed rarity in the course: a word that the course says everywhere tells little,
    one that it never says tells most.
    """
    rarity = {stem(word): counts.rarity(word) for word in content_words(question)}
    total = sum(rarity.values())
    if not shown or not total:
        return (0.0,) * len(FEATURES)

    def share(text: str) -> float:
        return sum(rarity[word] for word in rarity.keys() & set(stems(text))) / total

    texts = [" ".join(passage.sentences) for passage in shown]
    cosines = [passage.meaning for passage in shown]
    sentences = [sentence for passage in shown for sentence in passage.sentences]
    shares = [share(text) for text in texts]
    wanted = pairs(question)
    return (
        cosines[0], max(cosines), sum(cosines) / len(cosines),
        max(meanings.get(sentence, 0.0) for sentence in sentences), shares[0], max(shares),
        max(share(sentence) for sentence in sentences),
        max(len(wanted & pairs(text)) for text in texts) / len(wanted) if wanted else 0.5,
        sum(counts.rarity(word) for word in content_words(question) if not counts.words.get(word)) / total,
        math.log(len(rarity)),
    )


def content_words(question: str) -> list[str]:
    """Return one word of the question for each content stem in it, in order."""
    found: dict[str, str] = {}
    for word in words(question):
        if word not in STOPWORDS:
            found.setdefault(stem(word), word)
    return list(found.values())


def pairs(text: str) -> set[tuple[str, str]]:
    """Return the pairs of stems of content words that stand side by side."""
    plain = words(text)
    return {(stem(a), stem(b)) for a, b in itertools.pairwise(plain) if a not in STOPWORDS and b not in STOPWORDS}


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """Logistic regression over standardised features. `embedder`: whose cosines it was learned on."""

    embedder: str
    means: Features
    spreads: Features
    weights: Features
    bias: float
    #: Below this confidence a question is refused.
    threshold: float

    def confidence(self, values: Features) -> float:
        """Return how probably the course speaks of it, 0..1."""
        rows = zip(values, self.means, self.spreads, self.weights, strict=True)
        score = self.bias + sum(weight * (value - mean) / spread for value, mean, spread, weight in rows)
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, score))))


#: Learned on all of the labelled questions; docs/adr/0018 has what one half of them teaches about the other.
MODEL = Model(
    embedder="all-MiniLM-L6-v2",
    means=(0.45187, 0.47393, 0.35517, 0.48239, 0.4383, 0.52195, 0.46588, 0.29623, 0.25488, 1.29816),
    spreads=(0.23445, 0.22825, 0.18641, 0.22202, 0.35209, 0.3332, 0.31338, 0.34956, 0.33052, 0.42952),
    weights=(0.91824, 0.87214, -0.11737, 0.89991, 0.65181, 0.16376, 0.10887, 0.17225, -0.05432, 0.23187),
    bias=-0.08868, threshold=0.27731,
)
