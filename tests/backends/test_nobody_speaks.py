"""Silence, noise, hum and music do not become text; what a person says again and again does."""

from __future__ import annotations

import wave
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from knowhub_ext.backends import audio
from knowhub_ext.backends.transcribers import hearing
from knowhub_ext.backends.transcribers.clips import Clip, Region
from knowhub_ext.backends.transcribers.faster_whisper import FasterWhisperTranscriber
from knowhub_ext.backends.transcribers.speech_models import Engines
from knowhub_ext.backends.vendors import usable_threads
from knowhub_ext.domain import doubts
from knowhub_ext.ports import SpeechRequest
from knowhub_ext.testing import fixtures

pytestmark = pytest.mark.models

RATE = audio.RATE
SECONDS = 29
TINY = FasterWhisperTranscriber(model="tiny.en")
HOT_WORDS = ("Celery", "Redis", "PostgreSQL", "worker")


def tone(hertz: float, seconds: float, *, fade: float = 1.2) -> Any:
    t = np.arange(round(seconds * RATE)) / RATE
    return sum(np.sin(2 * np.pi * hertz * n * t) / n for n in range(1, 8)) * np.exp(-t * fade)


def chords() -> Any:
    steps = ((261.6, 329.6, 392.0), (220.0, 261.6, 329.6), (174.6, 220.0, 261.6), (196.0, 246.9, 293.7))
    return np.concatenate([sum(tone(hertz, 1) for hertz in steps[n // 2 % 4]) for n in range(SECONDS)]) / 10


def drums() -> Any:
    noise, beats = np.random.default_rng(5), []
    t = np.arange(RATE // 2) / RATE
    for number in range(SECONDS * 2):
        kick = np.sin(2 * np.pi * (60 + 60 * np.exp(-t * 30)) * t) * np.exp(-t * 12)
        beats.append(kick if number % 2 == 0 else noise.standard_normal(len(t)) * np.exp(-t * 20) / 2)
    return np.concatenate(beats) * 0.4


def humming() -> Any:
    """Pulses through the resonances of a mouth: a voice that sings no words."""
    t = np.arange(SECONDS * RATE) / RATE
    turns = np.cumsum(150 * (1 + 0.03 * np.sin(10 * np.pi * t)) * 2 ** (np.floor(t * 1.5) % 5 / 12)) / RATE
    pulses = (np.diff(np.floor(turns), prepend=0) > 0).astype(float)
    hertz = np.fft.rfftfreq(len(pulses), 1 / RATE)
    mouth = sum(np.exp(-(((hertz - at) / width) ** 2)) for at, width in ((700, 90), (1220, 110), (2600, 170)))
    sung = np.fft.irfft(np.fft.rfft(pulses) * mouth)
    return sung * 0.3 / np.abs(sung).max()


SOUNDS = {
    "chords": chords, "drums": drums, "chords and drums": lambda: chords() + drums(), "humming": humming,
    "noise": lambda: np.random.default_rng(1).standard_normal(SECONDS * RATE) / 10,
    "silence": lambda: np.zeros(SECONDS * RATE),
}


@pytest.fixture(scope="module")
def engine() -> Any:
    return Engines(device="cpu", compute_type="int8", threads=usable_threads()).load("tiny.en")[0]


def write(path: Path, samples: Any) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def listened(engine: Any, samples: Any, *, guarded: bool) -> str:
    """What is heard in sound that is taken for speech, as if the voice detector had been fooled, twice over."""
    listener = hearing.Listener(
        engine=engine, hot_words=HOT_WORDS, options=dict(hearing.DEFAULTS), language="en", guarded=guarded
    )
    sound = samples.astype(np.float32)
    clips = [Clip((Region(n * len(sound), sound),), (n + 1) * len(sound)) for n in range(2)]
    return "".join(word.text for word in listener.words(clips, lambda ms: None))


@pytest.mark.parametrize("kind", SOUNDS)
def test_where_nobody_speaks_there_is_no_text(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path / "sound.wav", SOUNDS[kind]())
    request = SpeechRequest(name=path.name, hot_words=HOT_WORDS, language="en")
    assert list(TINY.transcribe(path, request).segments) == []


def test_the_guards_alone_let_no_music_through_and_control_without_them_the_engine_invents(engine: Any) -> None:
    invented = {kind: listened(engine, make(), guarded=False) for kind, make in SOUNDS.items()}
    assert sum(any(c.isalpha() for c in text) for text in invented.values()) >= 4, invented
    assert any(word in text for text in invented.values() for word in HOT_WORDS), "hot words read back"
    assert {kind: listened(engine, make(), guarded=True) for kind, make in SOUNDS.items()} == dict.fromkeys(SOUNDS, "")


def test_what_is_said_again_and_again_stays_as_often_as_it_was_said(tmp_path: Path) -> None:
    phrase = audio.read(fixtures.SPEECH)[round(4.9 * RATE) :]
    path = write(tmp_path / "again.wav", np.tile(np.concatenate([phrase, np.zeros(RATE // 2)]), 8))
    request = SpeechRequest(name=path.name, hot_words=HOT_WORDS, language="en")
    text = " ".join(cue.text for cue in TINY.transcribe(path, request).segments).casefold()
    assert 7 <= text.count("the task is lost") <= 8


def hypothesis(text: str, start: float, seek: int, *, compression: float, confidence: float) -> Any:
    """A segment as the engine gives it, three words a second."""
    spoken = [SimpleNamespace(word=f" {word}", start=start + n / 3, end=start + (n + 1) / 3, probability=0.9)
              for n, word in enumerate(text.split())]
    return SimpleNamespace(
        seek=seek, start=start, end=spoken[-1].end, words=spoken, no_speech_prob=0.05, avg_logprob=confidence,
        compression_ratio=compression,
    )


def test_a_doubtful_end_of_a_second_hearing_makes_no_loop_of_what_was_said_before_it(engine: Any) -> None:
    """Each window counts by itself; control: a loop that the engine is not sure of is gone all the same."""
    listener = hearing.Listener(engine=engine, hot_words=(), options=dict(hearing.DEFAULTS), language="en")
    sound = np.zeros(20 * RATE, dtype=np.float32)
    clip = Clip((Region(0, sound),), len(sound))
    said = "the task is lost " * 12
    end = hypothesis("good bye", 18, 1800, compression=0.7, confidence=-0.5)
    nothing = listener._summed(clip, [])
    clear = [hypothesis(said, 0, 0, compression=5.0, confidence=-0.1), end]
    kept = listener._better(clip, clear, nothing)
    assert kept.text.split() == [*said.split(), "good", "bye"]
    assert doubts.is_speech(kept, (), "")
    unsure = [hypothesis(said, 0, 0, compression=5.0, confidence=-0.9), end]
    assert listener._better(clip, unsure, nothing).text.split() == ["good", "bye"]
    first = listener._summed(clip, clear[:1])
    assert listener._better(clip, unsure, first) == first, "most of what was clearly said would be gone"
