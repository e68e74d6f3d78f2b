"""Hot words that were heard right and written wrong: "case swapd" for kswapd, "swapiness" for swappiness.

An engine that is told a term still spells it now and then as it sounds. Where a doubtful, unusual stretch of words
sounds the same as a hot word, the hot word is what was said. Everyday words are never touched, whatever they sound
like.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from knowhub_ext.domain.segments import Word

#: A stretch the engine is surer of than this is left alone.
SURE = 0.85
#: A term with fewer consonants sounds like too much else.
_FEWEST = 3
LONGEST = 3


@dataclass(frozen=True)
class Speller:
    """Args:
    hot_words: as the engine was told them.
    sound: how a word of letters and digits sounds, as consonants; equal for words that sound alike.
    rare: whether a word, in lower case, is none of everyday language.
    """

    hot_words: Sequence[str]
    sound: Callable[[str], str]
    rare: Callable[[str], bool]

    def words(self, words: Sequence[Word]) -> list[Word]:
        """Return the words with such stretches written as the hot word; it has the time of its stretch."""
        kept: list[Word] = []
        at = 0
        while at < len(words):
            size, term = self._term(words[at : at + LONGEST])
            kept.append(written(words[at : at + size], term) if term else words[at])
            at += size
        return kept

    def _term(self, ahead: Sequence[Word]) -> tuple[int, str]:
        """Return how many of the words ahead stand for which hot word; `(1, "")` where none does."""
        for size in range(len(ahead), 0, -1):
            run = ahead[:size]
            squeezed = squeeze("".join(word.text for word in run))
            if len(squeezed) < _FEWEST or squeezed in self._known or any(ends(word) for word in run[:-1]):
                continue
            term = self._by_sound.get(consonants(self.sound(squeezed)), "")
            if term and self._doubtful(run) and near(squeezed, squeeze(term)):
                return size, term
        return 1, ""

    def _doubtful(self, run: Sequence[Word]) -> bool:
        plain = [squeeze(word.text) for word in run]
        if any(word in self._known for word in plain):
            return False
        unusual = any(self.rare(word) or (len(word) == 1 and word not in ("a", "i")) for word in plain if word)
        return unusual and min(word.probability for word in run) < SURE

    @cached_property
    def _known(self) -> frozenset[str]:
        return spellings(self.hot_words)

    @cached_property
    def _by_sound(self) -> dict[str, str]:
        """Hot words by how they sound; those that sound alike are left out, since nothing tells them apart."""
        rows = sorted((consonants(self.sound(squeeze(word))), word) for word in set(self.hot_words) if word.isascii())
        groups = ((key, [word for _, word in group]) for key, group in groupby(rows, lambda row: row[0]))
        return {key: found[0] for key, found in groups if len(found) == 1 and len(key) >= _FEWEST}


def consonants(sound: str) -> str:
    """Return the consonants of a sound, each once in a row, without a vowel at the beginning."""
    return "".join(letter for letter, _ in groupby(sound)).lstrip("AEIOU")


def spellings(hot_words: Sequence[str]) -> frozenset[str]:
    """Return hot words and their plurals, squeezed."""
    plain = [squeeze(word) for word in hot_words]
    return frozenset([*plain, *(f"{word}s" for word in plain)])


def squeeze(text: str) -> str:
    """Return letters and digits alone, in lower case."""
    return re.sub(r"[\W_]+", "", text.casefold())


def near(a: str, b: str) -> bool:
    """Tell whether at most half of the longer of two words has to change to get the other."""
    return 2 * changes(a, b) <= max(len(a), len(b))


def changes(a: str, b: str) -> int:
    """Return the fewest letters put in, left out or exchanged that lead from one word to the other (Levenshtein)."""
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (letter != other))
    return row[-1]


def ends(word: Word) -> bool:
    """Tell whether a sentence ends with the word: a term does not go on behind it."""
    return word.text.rstrip().endswith((".", "!", "?", ":", ";"))


def written(run: Sequence[Word], term: str) -> Word:
    """Return one word: what stands before the first and after the last one, quotes and stops, is kept."""
    first, last = run[0].text, run[-1].text
    before = first[: len(first) - len(first.lstrip(" \t\"'([“‘"))]
    after = last[len(last.rstrip(" .,!?:;\"')]”’")) :]
    return Word(
        start_ms=run[0].start_ms, end_ms=run[-1].end_ms, text=f"{before}{term}{after}",
        probability=min(word.probability for word in run),
    )
