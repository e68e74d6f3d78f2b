"""What Whisper makes up: loops, hot words read back, stock phrases over music. Pure rules over what was heard."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowhub_ext.domain.segments import Word

#: Whisper's own bound: text that shrinks more than this when compressed goes round in circles.
COMPRESSION = 2.4
#: People say 10 to 20 letters a second; below this many most of what was said is missing, or nothing was.
SPARSE = 4.0
#: More words a second than this nobody says; a loop that fills a pause does.
HURRIED = 6.5
_LONGEST = 12


@dataclass(frozen=True, slots=True)
class Heard:
    """One recognition of a clip: its words in media time, and what the engine thinks of them.

    `no_speech` is a probability, `confidence` the mean log-probability of a token, `seconds` the speech in the clip.
    """

    words: Sequence[Word]
    no_speech: float
    confidence: float
    compression: float
    seconds: float

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words)

    @property
    def letters_a_second(self) -> float:
        return len(self.text) / self.seconds if self.seconds else 0.0


def is_suspect(hearing: Heard) -> bool:
    """Tell a recognition that should be tried again: it went in circles, or left out most of what was said."""
    if hearing.compression > COMPRESSION or repeats(hearing.words):
        return True
    return hearing.seconds > 5 and hearing.letters_a_second < SPARSE


def is_speech(hearing: Heard, hot_words: Sequence[str], before: str) -> bool:
    """Tell recognised speech from what Whisper makes up where nobody speaks.

    Args:
        hearing: what was recognised of a clip.
        hot_words: the words it was told to expect.
        before: the text of the clip before.
    """
    said = plain(hearing.text)
    if not said:
        return False
    if hearing.compression > COMPRESSION and len(hearing.text) > 80 and not is_repetition(hearing):
        return False
    if hearing.no_speech > 0.6 and hearing.confidence < -0.7:
        return False
    if hearing.seconds > 5 and hearing.letters_a_second < 1.5 and hearing.confidence < -0.4:
        return False  # a stock phrase over music: two words for half a minute
    doubtful = hearing.no_speech > 0.3 or hearing.confidence < -0.7
    return not (doubtful and (_echoes(said, hot_words) or said == plain(before)))


def is_repetition(hearing: Heard) -> bool:
    """Tell a person who really says the same again and again: at the pace of people, and clearly speech."""
    paced = bool(hearing.seconds) and len(hearing.words) / hearing.seconds < HURRIED
    return paced and hearing.confidence > -0.3 and hearing.no_speech < 0.15


def _echoes(said: str, hot_words: Sequence[str]) -> bool:
    return f" {said} " in f" {plain(' '.join(hot_words))} "


def plain(text: str) -> str:
    """Return the words of a text in lower case, one space between."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def repeats(words: Sequence[Word]) -> list[tuple[int, int, int]]:
    """Return the loops in words as `(first, length, times)`: the same `length` words, `times` times in a row.

    A single word is a loop from its sixth time on, two or more from their fourth.
    """
    said = [plain(word.text) for word in words]
    found, at = [], 0
    while at < len(said):
        loop = next(
            ((at, n, times) for n in range(1, _LONGEST + 1) if (times := _times(said, at, n)) >= (6 if n == 1 else 4)),
            None,
        )
        if loop is None:
            at += 1
        else:
            found.append(loop)
            at += loop[1] * loop[2]
    return found


def _times(said: Sequence[str], at: int, n: int) -> int:
    """Return how often the `n` words from `at` on stand there in a row."""
    first, times = said[at : at + n], 1
    while len(first) == n and said[at + n * times : at + n * (times + 1)] == first:
        times += 1
    return times


def without_loops(words: Sequence[Word]) -> list[Word]:
    """Return words with each loop that nobody can have said cut to its first round.

    People repeat themselves too, so a loop counts as made up only where its rounds are faster than speech, or where it
    runs into no time at all at its end, as a decoder's loop does.
    """
    kept: list[Word] = []
    at = 0
    for first, length, times in repeats(words):
        kept += words[at:first]
        at = first + length * times
        rounds = words[first:at]
        kept += rounds[:length] if _made_up(rounds) else rounds
    return [*kept, *words[at:]]


def _made_up(rounds: Sequence[Word]) -> bool:
    seconds = max(1, rounds[-1].end_ms - rounds[0].start_ms) / 1000
    instant = sum(word.end_ms - word.start_ms < 40 for word in rounds)
    return len(rounds) / seconds > HURRIED or instant > len(rounds) / 4
