"""Speech recognition by faster-whisper (Whisper on CTranslate2), on the processor, with the course's hot words.

The backend itself: what it is asked and what it answers. How sound becomes clips stands in `clips`, how clips become
words in `hearing`, and which model it is in `speech_models`; what of the words nobody said, in `domain.doubts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from knowhub_ext.backends import audio, joining, weights
from knowhub_ext.backends.transcribers import clips as cutting
from knowhub_ext.backends.transcribers import hearing, rescoring, speech_models
from knowhub_ext.backends.transcribers.clips import Clip
from knowhub_ext.backends.transcribers.speech_models import Engines
from knowhub_ext.backends.vendors import usable_threads
from knowhub_ext.domain.segments import Provenance, Word, monotone, regroup
from knowhub_ext.domain.soundalikes import BONUS
from knowhub_ext.errors import InvalidSetting, MissingWeights
from knowhub_ext.ports import Recognition, SpeechModel, SpeechRequest

#: The language is looked for in the speech of this many clips.
_LANGUAGE_CLIPS = 2
#: and not behind so many clips, speech or not: about half an hour.
_LOOK_AT = 30


class FasterWhisperTranscriber:
    """Options: `model` (`auto`, a packaged model, a size whose files are on this machine, or a folder), `threads` (0:
    up to four), `device`, `compute_type`, `cache` (a folder for joined weights and checks). Nothing is downloaded."""

    def __init__(
        self, *, model: str = "auto", threads: int = 0, device: str = "cpu", compute_type: str = "int8",
        cache: Path | str | None = None,
    ) -> None:
        self.model = model
        self._engines = Engines(
            device=device, compute_type=compute_type, threads=threads or usable_threads(), cache=cache
        )

    @staticmethod
    def missing() -> MissingWeights | None:
        """Return what is missing to use this backend with its defaults, or None."""
        if joining.missing(joining.BASE) is None:
            return None
        return weights.missing(weights.TINY_EN)

    @property
    def label(self) -> str:
        """The model as `knowhub doctor` shows it, with figures, which are measured at the first time."""
        if self.model != "auto":
            return self.model
        try:
            name, why = self._engines.best(None)
        except MissingWeights as error:
            return error.message
        packaged = {weights.TINY_EN.name: weights.label(weights.TINY_EN), joining.BASE.name: joining.BASE.label}
        return f"{packaged.get(name, name)}: {why}"

    def models(self) -> Sequence[SpeechModel]:
        """Return the models that can be asked for, what `auto` is here marked as chosen. Loads none: a server asks."""
        if self.model != "auto":
            return speech_models.offered(self.model, "it is set in the configuration")
        try:
            return speech_models.offered(*self._engines.best(None, measure=False))
        except MissingWeights as error:
            return speech_models.offered("", error.message)

    def transcribe(self, path: Path, request: SpeechRequest) -> Recognition:
        """Recognise the speech of any media file from `request.start_ms` to `request.end_ms`.

        Where the language is not given, the sound up to the second clip of speech is decoded at once to hear it; the
        rest is lazy.

        Raises:
            UnreadableFile, MissingWeights, DamagedWeights, DiskFull: see the port.
            InvalidSetting: the engine has no such option or task, or does not know the language.
        """
        clips = cutting.clips(_sound(path, request))
        first = list(_opening(clips, request)) if request.language is None else []
        language, sure, name = self._choice(request, first)
        engine, label = self._engines.load(name)
        _check(engine, label, language, request.task)
        hot_words = hearing.fitting(engine, request.hot_words)
        english = language == "en" and request.task == "transcribe"
        rescorer = rescoring.suited(engine, hot_words, hearing.prompt(hot_words)) if english else None
        listener = hearing.Listener(
            engine=engine, hot_words=hot_words, at_ms=request.start_ms, rescorer=rescorer,
            options={**hearing.DEFAULTS, **request.options}, task=request.task, language=language,
        )
        words = listener.words(chain(first or islice(clips, 1), clips), request.heard)
        return Recognition(
            provenance=Provenance(
                engine="faster-whisper", model=label, language=language or "", hot_words=hot_words,
                options={
                    **listener.options, **({"term_bonus": BONUS} if rescorer else {}),
                    "device": self._engines.device, "compute_type": self._engines.compute_type,
                    **({"task": "translate"} if request.task == "translate" else {}), **sure,
                },
            ),
            segments=monotone(regroup(_inside(words, request))),
        )

    def _choice(self, request: SpeechRequest, first: Sequence[Clip]) -> tuple[str | None, dict[str, float], str]:
        """Return the language, how sure it was heard (an option of provenance), and the model."""
        name = self._engines.named(request.model, self.model) if request.model not in ("", "auto") else self.model
        if name == "auto":
            name = self._engines.best("any" if request.task == "translate" else request.language)[0]
        if request.language is not None:
            return request.language, {}, name
        engine = self._engines.load(name)[0]
        if not engine.model.is_multilingual:
            return "en", {}, name
        sounds = [clip.sound() for clip in first if clip.regions]
        return (*_detected(engine, sounds), name) if sounds else (None, {}, name)


def _sound(path: Path, request: SpeechRequest) -> Iterator[Any]:
    pieces = audio.blocks(path, start_ms=request.start_ms, name=request.name or path.name)
    if request.end_ms is None:
        return pieces
    return cutting.until(pieces, (request.end_ms - request.start_ms) * audio.RATE // 1000)


def _inside(words: Iterator[Word], request: SpeechRequest) -> Iterator[Word]:
    """Leave out what was said past the end of the wanted stretch by more than half a word."""
    return (word for word in words if request.end_ms is None or word.start_ms + word.end_ms < 2 * request.end_ms)


def _opening(clips: Iterator[Clip], request: SpeechRequest) -> Iterator[Clip]:
    """Yield the first clips, until `_LANGUAGE_CLIPS` of them hold speech or `_LOOK_AT` are heard."""
    spoken = 0
    for clip in islice(clips, _LOOK_AT):
        yield clip
        spoken += bool(clip.regions)
        if spoken == _LANGUAGE_CLIPS:
            return
        if not spoken:
            request.heard(request.start_ms + clip.until * 1000 // audio.RATE)


def _check(engine: Any, label: str, language: str | None, task: str) -> None:
    """Raise `InvalidSetting` where the model cannot do what is asked."""
    many = engine.model.is_multilingual
    if task not in ("transcribe", "translate"):
        raise InvalidSetting(f"There is no task '{task[:40]}'; there are transcribe and translate.")
    if task == "translate" and not many:
        raise InvalidSetting(f"The speech model {label} knows English alone and cannot translate.", cure="Choose base.")
    if language is not None and language not in (engine.supported_languages if many else ("en",)):
        raise InvalidSetting(
            f"The speech model {label} does not know the language '{language[:40]}'.",
            cure="Give a code such as en, de or fr, and for other languages than English the model base.",
        )


def _detected(engine: Any, sounds: Sequence[Any]) -> tuple[str, dict[str, float]]:
    """Return the language most likely over all of the sounds, each as long as it is, and how likely (0..1)."""
    votes: dict[str, float] = {}
    for sound in sounds:
        for code, probability in engine.detect_language(sound)[2]:
            votes[code] = votes.get(code, 0.0) + probability * len(sound)
    best = max(votes, key=votes.__getitem__)
    return best, {"language_probability": round(votes[best] / sum(map(len, sounds)), 3)}
