"""How right a transcript is: words wrong, terms found, words put in that nobody said, error of the cited second."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Any


def words(texts: Iterable[str]) -> list[str]:
    return re.findall(r"[a-z0-9]+", " ".join(texts).lower())


def distance(wanted: Sequence[str], said: Sequence[str]) -> int:
    """Return the fewest insertions, deletions and substitutions of words that lead from one to the other."""
    row = list(range(len(said) + 1))
    for i, word in enumerate(wanted, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(said, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]


def occurrences(term: str, texts: Sequence[str]) -> int:
    """Return how often a term stands in texts, however it is spaced or hyphenated, alone or in the plural."""
    wanted, said = "".join(words([term])), words(texts)
    found, at = 0, 0
    while at < len(said):
        for size in range(1, len(wanted) + 1):
            joined = "".join(said[at : at + size])
            if joined in (wanted, f"{wanted}s"):
                found, at = found + 1, at + size - 1
                break
            if len(joined) > len(wanted):
                break
        at += 1
    return found


def terms(hot_words: Sequence[str], lines: Sequence[str], said: Sequence[str]) -> tuple[int, int, int]:
    """Return how many terms were said, how many of these the transcript has, and how many it has that nobody said."""
    there = found = invented = 0
    for term in hot_words:
        wanted, has = occurrences(term, lines), occurrences(term, said)
        there, found, invented = there + wanted, found + min(wanted, has), invented + max(0, has - wanted)
    return there, found, invented


def second_errors(lines: Sequence[str], starts: Sequence[float], said: Sequence[tuple[float, str]]) -> list[float]:
    """Return for each line how many seconds its start is off in a transcript of `(start, text)` pieces.

    The start of a line is that of the piece in which its first recognised word stands: what a citation would open.
    """
    wanted = [(word, n) for n, line in enumerate(lines) for word in words([line])]
    heard = [(word, start) for start, text in said for word in words([text])]
    matcher = SequenceMatcher(None, [w for w, _ in wanted], [w for w, _ in heard], autojunk=False)
    first: dict[int, float] = {}
    begins: dict[int, int] = {}
    for i, (_, n) in enumerate(wanted):
        begins.setdefault(n, i)
    for block in matcher.get_matching_blocks():
        for k in range(block.size):
            n = wanted[block.a + k][1]
            if block.a + k <= begins[n] + 1:  # its first or second word
                first.setdefault(n, heard[block.b + k][1])
    return [abs(first[n] - starts[n]) for n in sorted(first)]


def middle(values: Sequence[float]) -> float:
    return statistics.median(values) if values else float("nan")


def starts(segments: Iterable[Any]) -> list[tuple[float, str]]:
    """Return `(second, text)` of cues of ours."""
    return [(segment.start_ms / 1000, segment.text) for segment in segments]
