"""Lectures spoken at measuring time: scripts kept apart from everything speech was tuned on, three voices.

Nothing of it is stored in the repository; the sound lies in `.cache/bench` once it is made. Voices are espeak-ng's, and
piper's where `KNOWHUB_PIPER` names its command.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from knowhub_ext.backends import audio
from tests.bench.measuring import ROOT, Unavailable
from tests.bench.sounds import write

SCRIPTS = Path(__file__).parent / "lecture_scripts"
#: Scripts that rules were made on; what is learned there is judged on the others.
TUNED_ON = SCRIPTS / "tuned_on"
CACHE = ROOT / ".cache" / "bench"
#: Seconds of quiet before the first line and between two.
LEAD_S, PAUSE_S = 0.7, 0.45


@dataclass(frozen=True, kw_only=True)
class Script:
    """A lecture as it is written: its lines, the words its course would give, and some that nobody says in it."""

    name: str
    lines: Sequence[str]
    hot_words: Sequence[str]
    unsaid: Sequence[str]
    say: dict[str, str]

    def spoken(self) -> list[str]:
        """Return the lines with terms spelled for a voice."""
        lines = []
        for line in self.lines:
            for term, sound in self.say.items():
                line = line.replace(term, sound)
            lines.append(line)
        return lines


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A script as one voice says it; `spans` are the seconds of its lines."""

    script: Script
    voice: str
    path: Path
    spans: Sequence[tuple[float, float]]


def scripts(folder: Path = SCRIPTS) -> list[Script]:
    found = []
    for path in sorted(folder.glob("*.yml")):
        row: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        found.append(Script(
            name=path.stem, lines=row["lines"], hot_words=row["hot_words"], unsaid=row["unsaid"], say=row["say"]
        ))
    return found


def voices() -> dict[str, list[str]]:
    """Return the commands of three voices by name; each takes a line on its standard input and writes a file.

    Raises:
        Unavailable: there is no espeak-ng.
    """
    espeak = shutil.which("espeak-ng")
    if espeak is None:
        raise Unavailable("no synthesiser; install espeak-ng")
    found = {
        "espeak, American": [espeak, "-v", "en-us", "-s", "150", "--stdin", "-w"],
        "espeak, British, a woman": [espeak, "-v", "en-gb-x-rp+f3", "-s", "150", "--stdin", "-w"],
        "espeak, Scottish": [espeak, "-v", "en-gb-scotland", "-s", "150", "--stdin", "-w"],
    }
    piper = os.environ.get("KNOWHUB_PIPER", "")
    models = sorted(Path(piper).parent.parent.glob("lib/python*/site-packages/*piper*voice*/data/*.onnx"))
    if piper and models:
        found.pop("espeak, Scottish")
        found = {"piper, joe": [piper, "-m", str(models[0]), "-f"], **found}
    return found


def speak(script: Script, voice: str, command: Sequence[str]) -> Spoken:
    """Return the script as that voice says it, made once."""
    told = json.dumps([script.spoken(), voice, command[1:], LEAD_S, PAUSE_S])
    stem = CACHE / f"{script.name}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"
    sound, spans = stem.with_suffix(".wav"), stem.with_suffix(".json")
    if not (sound.is_file() and spans.is_file()):
        CACHE.mkdir(parents=True, exist_ok=True)
        samples, found = _said(script.spoken(), command)
        write(sound, samples)
        spans.write_text(json.dumps(found), encoding="utf-8")
    rows = [(start, end) for start, end in json.loads(spans.read_text(encoding="utf-8"))]
    return Spoken(script=script, voice=voice, path=sound, spans=rows)


def _said(lines: Sequence[str], command: Sequence[str]) -> tuple[Any, list[tuple[float, float]]]:
    """Return the samples of all lines, and the seconds of each; the pauses are ours, so the seconds are exact."""
    parts, spans, at = [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        for number, line in enumerate(lines):
            take = Path(folder) / f"{number}.wav"
            subprocess.run([*command, str(take)], input=line, text=True, check=True, capture_output=True)
            said = _trimmed(audio.read(take))
            quiet = round((PAUSE_S if number else LEAD_S) * audio.RATE)
            parts += [np.zeros(quiet, dtype=np.float32), said]
            spans.append(((at + quiet) / audio.RATE, (at + quiet + len(said)) / audio.RATE))
            at += quiet + len(said)
    return np.concatenate(parts), spans


def _trimmed(samples: Any) -> Any:
    loud = np.flatnonzero(np.abs(samples) > 0.008)
    return samples[loud[0] : loud[-1] + 1] if loud.size else samples
