"""Stretches that may have been a hot word, and which of them were: "draft" for Raft, "wall" for WAL, "UMA" for NUMA.

By sound alone nobody knows, since the everyday word may be meant. The engine says how much less likely than what it
wrote it finds the text with the hot word; what the course says it will talk about gets a bonus. These rules find the
stretches that are worth asking for, and take the hot word where its bonus outweighs the loss.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from knowhub_ext.domain.respelling import LONGEST, SURE, changes, consonants, ends, near, spellings, squeeze, written
from knowhub_ext.domain.segments import Word

#: What a hot word that sounds like the stretch is worth, as a natural logarithm of probability.
BONUS = 4.0
#: Of the consonants at most this share differs, in what was heard and in the hot word.
_APART = 0.4
_FEWEST = 2
#: Stretches of a clip that are asked for, the nearest in sound first: each costs a pass of the decoder.
_MOST = 6


@dataclass(frozen=True, slots=True)
class Candidate:
    """A hot word that `size` words, from number `first` on, may stand for; `apart` (0..1): how far off they sound."""

    first: int
    size: int
    term: str
    apart: float

    @property
    def end(self) -> int:
        return self.first + self.size


@dataclass(frozen=True)
class SoundAlikes:
    """Args:
    hot_words: as the engine was told them.
    sound: how a word of letters and digits sounds, as consonants; equal for words that sound alike.
    """

    hot_words: Sequence[str]
    sound: Callable[[str], str]

    def candidates(self, words: Sequence[Word]) -> list[Candidate]:
        """Return what may be a hot word: nothing the engine is sure of, and nothing that is one already."""
        right = self._right(words)
        runs = [
            (first, size) for first in range(len(words)) for size in range(1, LONGEST + 1)
            if first + size <= len(words) and right.isdisjoint(range(first, first + size))
        ]
        found = [found for first, size in runs for found in self._alike(words[first : first + size], first)]
        return sorted(found, key=lambda row: (row.apart, row.first, row.size))[:_MOST]

    def _alike(self, run: Sequence[Word], first: int) -> list[Candidate]:
        if min(word.probability for word in run) >= SURE or any(ends(word) for word in run[:-1]):
            return []
        heard = squeeze("".join(word.text for word in run))
        key = consonants(self.sound(heard))
        rows = ((term, changes(key, sound) / max(len(key), len(sound))) for term, sound in self._sounds.items())
        return [
            Candidate(first, len(run), term, apart)
            for term, apart in rows if apart <= _APART and near(heard, squeeze(term))
        ]

    def _right(self, words: Sequence[Word]) -> frozenset[int]:
        """Return the numbers of the words that are, or are a part of, a hot word."""
        plain = [squeeze(word.text) for word in words]
        runs = (range(first, first + size) for first in range(len(words)) for size in range(1, LONGEST + 1))
        return frozenset(n for run in runs if "".join(plain[run.start : run.stop]) in self._known for n in run)

    @cached_property
    def _known(self) -> frozenset[str]:
        return spellings(self.hot_words)

    @cached_property
    def _sounds(self) -> dict[str, str]:
        """Consonants of the hot words; those that have too few of them sound like everything."""
        rows = {word: consonants(self.sound(squeeze(word))) for word in self.hot_words if word.isascii()}
        return {word: key for word, key in rows.items() if len(key) >= _FEWEST}


def spelled(run: Sequence[Word], candidate: Candidate) -> str:
    """Return the text of a whole run of words with the hot word instead of what may stand for it."""
    return written(run[candidate.first : candidate.end], candidate.term).text


def chosen(words: Sequence[Word], candidates: Sequence[Candidate], gains: Sequence[float]) -> list[Word]:
    """Return the words with the hot words that outweigh what was heard; the likeliest first where they overlap.

    Args:
        words: as they were heard.
        candidates: of these words.
        gains: how much likelier the engine finds each of them than what was heard, as natural logarithms.
    """
    best: list[Candidate] = []
    for gain, candidate in sorted(zip(gains, candidates, strict=True), key=lambda row: -row[0]):
        free = all(candidate.end <= other.first or other.end <= candidate.first for other in best)
        if free and gain > -BONUS:
            best.append(candidate)
    kept = list(words)
    for candidate in sorted(best, key=lambda row: -row.first):
        run = slice(candidate.first, candidate.end)
        kept[run] = [written(words[run], candidate.term)]
    return kept
