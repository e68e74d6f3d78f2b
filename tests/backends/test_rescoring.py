"""What sounds like a hot word is one where the engine prefers it: an engine with planned answers, and a real one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from knowhub_ext.backends import audio
from knowhub_ext.backends.transcribers.faster_whisper import FasterWhisperTranscriber
from knowhub_ext.backends.transcribers.hearing import prompt
from knowhub_ext.backends.transcribers.rescoring import Rescorer, encoded
from knowhub_ext.backends.transcribers.speech_models import Engines
from knowhub_ext.backends.vendors import usable_threads
from knowhub_ext.domain.segments import Word
from knowhub_ext.domain.soundalikes import BONUS
from knowhub_ext.ports import SpeechRequest
from knowhub_ext.testing import fixtures

HOT_WORDS = ("WAL", "fsync")
TINY = FasterWhisperTranscriber(model="tiny.en")


class Planned:
    """An engine whose tokens are letters, sure of every text alike but for what `odds` says of words in it."""

    max_length = 448

    def __init__(self, **odds: float) -> None:
        self.odds = odds
        self.asked: list[str] = []
        self.told: list[int] = []
        self.model = SimpleNamespace(is_multilingual=False, device="cpu", align=self.align)
        self.hf_tokenizer = SimpleNamespace(encode=self.encode, token_to_id=lambda _: 0)

    def encode(self, text: str, **_: Any) -> Any:
        return SimpleNamespace(ids=[ord(letter) for letter in text])

    def get_prompt(self, tokenizer: Any, previous: Sequence[int], *, hotwords: str) -> list[int]:
        return [0, *map(ord, hotwords), 1]

    def align(self, sound: Any, start: list[int], texts: list[list[int]], frames: int) -> list[Any]:
        text = "".join(map(chr, texts[0]))
        self.asked.append(text)
        self.told = start
        scores = np.zeros(len(text))
        for word, odds in self.odds.items():
            if f" {word}" in text:
                scores[text.index(f" {word}") + 1] = odds
        return [SimpleNamespace(text_token_probs=np.exp(scores).tolist())]


def said(*texts: str) -> list[Word]:
    return [
        Word(start_ms=n * 100, end_ms=n * 100 + 90, text=f" {text}", probability=0.5) for n, text in enumerate(texts)
    ]


def rescored(engine: Planned, *texts: str) -> str:
    told = prompt(HOT_WORDS)
    assert told
    found = Rescorer(engine, HOT_WORDS, told).words(said(*texts), lambda: "sound")
    return "".join(word.text for word in found).strip()


SENTENCE = ("written", "to", "the", "wall,", "and", "then", "follow", "tables")


def test_the_hot_word_is_written_where_the_engine_prefers_it() -> None:
    assert rescored(Planned(wall=-5.0, WAL=-2.0), *SENTENCE) == "written to the WAL, and then follow tables"


def test_the_hot_word_is_written_where_it_loses_less_than_its_bonus() -> None:
    assert rescored(Planned(WAL=0.5 - BONUS), *SENTENCE) == "written to the WAL, and then follow tables"


def test_the_everyday_word_stays_where_the_engine_prefers_it() -> None:
    assert rescored(Planned(WAL=-0.5 - BONUS), *SENTENCE) == " ".join(SENTENCE)


def test_what_follows_counts_as_well() -> None:
    class Offended(Planned):
        def align(self, sound: Any, start: list[int], texts: list[list[int]], frames: int) -> list[Any]:
            (row,) = super().align(sound, start, texts, frames)
            if "WAL" in self.asked[-1]:
                row.text_token_probs[-1] = np.exp(-BONUS - 1)
            return [row]

    assert rescored(Offended(), *SENTENCE) == " ".join(SENTENCE)


def test_the_engine_is_told_all_hot_words_and_asked_only_as_far_as_needed() -> None:
    engine = Planned()
    rescored(engine, *SENTENCE)
    assert "".join(map(chr, engine.told[1:-1])) == "WAL, fsync."
    assert engine.asked[0] == " " + " ".join(SENTENCE)
    assert " written to the WAL, and t" in engine.asked


def test_without_a_likeness_nothing_is_asked_and_the_sound_not_fetched() -> None:
    engine = Planned()
    told = prompt(HOT_WORDS)
    assert told
    words = said("hello", "there")
    assert Rescorer(engine, HOT_WORDS, told).words(words, lambda: pytest.fail("the sound was fetched")) == words
    assert engine.asked == []


def test_a_text_longer_than_the_engine_takes_is_left_as_it_is() -> None:
    engine = Planned(wall=-9.0)
    assert rescored(engine, *SENTENCE * 10) == " ".join(SENTENCE * 10)
    assert engine.asked == []


@pytest.mark.models
def test_a_clip_is_found_in_the_batches_of_the_encoder() -> None:
    from ctranslate2 import StorageView

    batches = [StorageView.from_array(np.full((2, 3, 4), n, dtype=np.float32)) for n in range(2)]
    assert np.asarray(encoded(batches, 1)).tolist() == np.zeros((1, 3, 4)).tolist()
    assert np.asarray(encoded(batches, 2)).tolist() == np.ones((1, 3, 4)).tolist()


@pytest.mark.models
def test_provenance_says_it_where_it_was_done() -> None:
    def options(**request: Any) -> Any:
        return TINY.transcribe(fixtures.SPEECH, SpeechRequest(**request)).provenance.options

    assert options(hot_words=("Celery",))["term_bonus"] == BONUS
    assert "term_bonus" not in options()


@pytest.mark.models
def test_a_real_engine_tells_what_was_said() -> None:
    """The fixture asks "What happens to a Celery task ...": with "salary" for it, and "task" beside the term Dask."""
    hot_words = ("Celery", "Dask")
    request = SpeechRequest(hot_words=hot_words, language="en")
    heard = [word for cue in TINY.transcribe(fixtures.SPEECH, request).segments for word in cue.words]
    assert [word.text for word in heard[:6]] == ["What", "happens", "to", "a", "Celery", "task"]
    words = [replace(word, text=f" {word.text}", probability=0.5) for word in heard]
    words[4] = replace(words[4], text=" salary")
    engine = Engines(device="cpu", compute_type="int8", threads=usable_threads()).load("tiny.en")[0]
    samples = audio.read(fixtures.SPEECH)
    features = np.pad(engine.feature_extractor(samples)[:, :-1], ((0, 0), (0, 3000)))[:, :3000]
    rescorer = Rescorer(engine, hot_words, "Celery, Dask.")
    found = rescorer.words(words, lambda: engine.encode(features))
    assert [word.text for word in found[:6]] == [" What", " happens", " to", " a", " Celery", " task"]
