"""How likely the engine finds a hot word where it wrote something that sounds alike: both texts are forced on it.

The rules which stretches are asked for and what is made of the answers stand in `domain.soundalikes`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

from knowhub_ext.backends.vendors import vendor
from knowhub_ext.domain.segments import Word
from knowhub_ext.domain.soundalikes import Candidate, SoundAlikes, chosen, spelled

#: Tokens behind a stretch that count as well: what fits in place of it fits what follows.
_BEHIND = 6
#: Only the probabilities of the alignment are wanted: frames it would place the words in cost time.
_FRAMES = 2


class Rescorer:
    """Asks one engine, told the same hot words as when it heard. `prompt` is the hot words as one text."""

    def __init__(self, engine: Any, hot_words: Sequence[str], prompt: str) -> None:
        import jellyfish

        with vendor("faster-whisper"):
            from faster_whisper.tokenizer import Tokenizer
        self._engine = engine
        self._alikes = SoundAlikes(hot_words, jellyfish.metaphone)
        many = engine.model.is_multilingual
        self._tokenizer = Tokenizer(engine.hf_tokenizer, many, task="transcribe", language="en")
        self._prompt = engine.get_prompt(self._tokenizer, [], hotwords=prompt)

    def words(self, words: Sequence[Word], sound: Callable[[], Any]) -> list[Word]:
        """Return the words of a clip with hot words where they are likely enough.

        `sound` returns the clip as the engine's encoder left it, of shape (1, frames, width).
        """
        candidates = self._alikes.candidates(words)
        if not candidates:
            return list(words)
        heard = [self._tokenizer.encode(word.text) for word in words]
        if len(self._prompt) + sum(map(len, heard)) + 2 * _BEHIND > self._engine.max_length:
            return list(words)
        return chosen(words, candidates, self._gains(sound(), words, heard, candidates))

    def _gains(
        self, encoded: Any, words: Sequence[Word], heard: Sequence[list[int]], candidates: Sequence[Candidate]
    ) -> list[float]:
        """Return how much likelier each candidate is than what was heard, from its first token on."""
        told = self._scores(encoded, _flat(heard))
        gains = []
        for candidate in candidates:
            before, old = _flat(heard[: candidate.first]), _flat(heard[candidate.first : candidate.end])
            behind = _flat(heard[candidate.end :])[:_BEHIND]
            new = self._scores(encoded, [*before, *self._tokenizer.encode(spelled(words, candidate)), *behind])
            at = len(before)
            gains.append(sum(new[at:]) - sum(told[at : at + len(old) + len(behind)]))
        return gains

    def _scores(self, encoded: Any, tokens: list[int]) -> list[float]:
        """Return the natural logarithm of the probability of each token after those before it."""
        import numpy as np

        found = self._engine.model.align(encoded, self._prompt, [tokens], _FRAMES)[0].text_token_probs
        scores: list[float] = np.log(np.maximum(np.asarray(found, dtype=np.float64), 1e-12)).tolist()
        return scores


def suited(engine: Any, hot_words: Sequence[str], prompt: str | None) -> Rescorer | None:
    """Return what asks this engine; None without hot words, and on other devices than a processor, from which what the
    encoder made of a clip is not to be had."""
    return Rescorer(engine, hot_words, prompt) if prompt and engine.model.device == "cpu" else None


def _flat(pieces: Sequence[Sequence[int]]) -> list[int]:
    return list(chain.from_iterable(pieces))


def encoded(batches: Sequence[Any], number: int) -> Any:
    """Return one clip, the one of this number, of what the encoder made of batches of clips."""
    import numpy as np

    with vendor("ctranslate2"):
        from ctranslate2 import StorageView
    for batch in batches:
        rows = np.asarray(batch)
        if number < len(rows):
            return StorageView.from_array(np.ascontiguousarray(rows[number : number + 1]))
        number -= len(rows)
    raise IndexError(number)
