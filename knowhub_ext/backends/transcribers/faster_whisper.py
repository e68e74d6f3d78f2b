"""Speech recognition by faster-whisper (Whisper on CTranslate2), on the processor, with the course's hot words.

Speech is cut at pauses into clips of up to half a minute, and each is recognised by itself. Whisper left to find its
own way through a recording loses stretches of it, the more so the more hot words it is given. A clip that reads like a
loop, or leaves out most of what was said, is heard again without them. Times come from words: the engine's own segments
start up to seconds off and break inside sentences.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from knowhub_ext.backends import audio, weights
from knowhub_ext.backends.vendors import usable_threads, vendor
from knowhub_ext.domain.segments import Provenance, Word, monotone, regroup
from knowhub_ext.errors import InvalidSetting, MissingWeights
from knowhub_ext.ports import Recognition, SpeechRequest

#: What the engine is asked; a request's `options` may change these and add others of its batched `transcribe`.
DEFAULTS: Mapping[str, Any] = {"beam_size": 5, "batch_size": 1}
#: Sizes looked for in the cache of downloaded models, best first, where the packaged weights are missing.
_CACHED_SIZES = ("small.en", "base.en", "tiny.en", "small", "base", "tiny")
#: Seconds of sound that are held in memory at a time.
BLOCK_S = 120
_CUT_WITHIN_S = 30
#: Seconds of a clip; the engine hears thirty at a time.
_CLIP_S = 29.0
_PAUSE_S = 3.0


@dataclass(frozen=True, slots=True)
class _Clip:
    """A stretch of a block in samples, and how many of them hold speech."""

    start: int
    end: int
    speech: int


class FasterWhisperTranscriber:
    """Options: `model` (`auto`, a size whose files are on this machine, or a folder), `threads` (0: up to four),
    `device`, `compute_type`, `cache` (a folder for checks of the weights). Nothing is downloaded."""

    def __init__(
        self, *, model: str = "auto", threads: int = 0, device: str = "cpu", compute_type: str = "int8",
        cache: Path | str | None = None,
    ) -> None:
        self.model, self.threads, self.cache = model, threads or usable_threads(), cache
        self.device, self.compute_type = device, compute_type

    @staticmethod
    def missing() -> MissingWeights | None:
        """Return what is missing to use this backend with its defaults, or None."""
        return weights.missing(weights.TINY_EN)

    @property
    def label(self) -> str:
        """The model's name as `knowhub doctor` shows it; nothing is loaded for it."""
        packaged = self.model in ("auto", weights.TINY_EN.name) and weights.find(weights.TINY_EN)
        return weights.label(weights.TINY_EN) if packaged else self.model

    def transcribe(self, path: Path, request: SpeechRequest) -> Recognition:
        """Recognise the speech of any media file from `request.start_ms` on.

        The first block (two minutes at most) is decoded at once, so that the language is known; the rest is lazy.

        Raises:
            UnreadableFile, MissingWeights, DamagedWeights: see the port.
            InvalidSetting: the engine has no such option, or does not know the language.
        """
        engine, label = self._engine()
        listener = _Listener(engine, _fitting(engine, request.hot_words), {**DEFAULTS, **request.options})
        pieces = _blocks(audio.blocks(path, start_ms=request.start_ms, name=request.name or path.name))
        first = next(pieces, None)
        heard = [] if first is None else [(first, _clips(first))]
        listener.language = _language(engine, request.language, heard)
        blocks = chain(heard, ((samples, _clips(samples)) for samples in pieces))
        return Recognition(
            provenance=Provenance(
                engine="faster-whisper", model=label, language=listener.language or "", hot_words=listener.hot_words,
                options={**listener.options, "device": self.device, "compute_type": self.compute_type},
            ),
            segments=monotone(regroup(_words(listener, blocks, request.start_ms))),
        )

    def _engine(self) -> tuple[Any, str]:
        """Return the loaded model, kept as long as the process lives, and its name for provenance."""
        if self.model in ("auto", weights.TINY_EN.name) and weights.find(weights.TINY_EN):
            folder, label = str(weights.checked(weights.TINY_EN, cache=self.cache)), weights.label(weights.TINY_EN)
        elif Path(self.model).expanduser().is_dir():
            folder, label = str(Path(self.model).expanduser()), Path(self.model).name
        else:
            folder, label = _cached_model(self.model)
        return _loaded(folder, self.device, self.compute_type, self.threads), label


@lru_cache(maxsize=2)
def _loaded(folder: str, device: str, compute_type: str, threads: int) -> Any:
    with vendor("faster-whisper"):
        from faster_whisper import WhisperModel
    for name in ("model.bin", "tokenizer.json"):  # the engine would ask the network for a missing tokenizer
        if not (Path(folder) / name).is_file():
            raise MissingWeights(f"The folder {folder} holds no speech model for faster-whisper: no {name} in it.")
    try:
        return WhisperModel(folder, device=device, compute_type=compute_type, cpu_threads=threads)
    except (RuntimeError, ValueError) as error:
        raise MissingWeights(f"The speech model in {folder} cannot be loaded: {error}.") from error


def _cached_model(name: str) -> tuple[str, str]:
    """Find a model among those that were downloaded to this machine before."""
    with vendor("faster-whisper"):
        from faster_whisper.utils import download_model
    for size in _CACHED_SIZES if name == "auto" else (name,):
        try:
            return str(download_model(size, local_files_only=True)), size
        except (OSError, ValueError):  # not there, or no such size
            continue
    if name == "auto":
        raise MissingWeights("No speech model is installed.")
    raise MissingWeights(
        f"The speech model '{name}' is not on this machine.",
        cure=f"Fetch it once with `python -c \"from faster_whisper import download_model as d; d('{name}')\"`, "
        "give the folder of a converted model, or use `auto`.",
    )


class _Listener:
    """Asks one engine with the same options again and again."""

    def __init__(self, engine: Any, hot_words: tuple[str, ...], options: Mapping[str, Any]) -> None:
        with vendor("faster-whisper"):
            from faster_whisper import BatchedInferencePipeline
        self.engine, self.hot_words, self.options = engine, hot_words, dict(options)
        self.language: str | None = None
        self._pipeline = BatchedInferencePipeline(engine)
        known = inspect.signature(self._pipeline.transcribe).parameters
        wrong = sorted(set(options) - set(known))
        if wrong:
            raise InvalidSetting(f"faster-whisper has no option '{wrong[0]}'; it has: {', '.join(known)}.")

    def hear(self, samples: Any, clips: Sequence[_Clip]) -> Iterator[tuple[_Clip, Any]]:
        """Yield each clip with its recognition, `batch_size` clips at a time."""
        spans = [{"start": clip.start / audio.RATE, "end": clip.end / audio.RATE} for clip in clips]
        found, _ = self._pipeline.transcribe(
            samples, language=self.language, word_timestamps=True, hotwords=_prompt(self.hot_words),
            clip_timestamps=spans, **self.options,
        )
        by_start = {clip.start: clip for clip in clips}
        for segment in found:
            yield by_start[max(start for start in by_start if start <= (segment.seek + 1) * audio.RATE // 100)], segment

    def hear_again(self, samples: Any, clip: _Clip) -> list[Any]:
        """Recognise one clip without hot words, the engine trying other temperatures where it is unsure."""
        found, _ = self.engine.transcribe(
            samples[clip.start : clip.end], language=self.language, word_timestamps=True,
            condition_on_previous_text=False,
        )
        segments = list(found)
        for word in chain.from_iterable(segment.words or () for segment in segments):
            word.start += clip.start / audio.RATE
            word.end += clip.start / audio.RATE
        return segments


def _prompt(hot_words: Sequence[str]) -> str | None:
    """Return hot words as the engine is told them. The full stop halves the words it gets wrong: without one it takes
    the list for an unfinished sentence and goes on in that style."""
    return ", ".join(hot_words) + "." if hot_words else None


def _words(listener: _Listener, blocks: Iterable[tuple[Any, list[_Clip]]], start_ms: int) -> Iterator[Word]:
    """Yield the words of all blocks in media time."""
    at = start_ms
    for samples, clips in blocks:
        for clip, segment in listener.hear(samples, clips) if clips else ():
            segments = [segment]
            if _is_suspect(segment, clip):
                segments = [s for s in listener.hear_again(samples, clip) if s.compression_ratio <= 2.4] or segments
            for word in chain.from_iterable(s.words or () for s in segments if _is_speech(s, listener.hot_words)):
                yield _word(word, at, clip)
        at += len(samples) * 1000 // audio.RATE


def _word(word: Any, at: int, clip: _Clip) -> Word:
    first, last = (edge * 1000 // audio.RATE for edge in (clip.start, clip.end))
    start = max(first, min(round(word.start * 1000), last - 1))
    end = min(max(round(word.end * 1000), start + 1), last)
    return Word(start_ms=at + start, end_ms=at + end, text=word.word, probability=float(word.probability))


def _is_suspect(segment: Any, clip: _Clip) -> bool:
    """Tell a recognition that went round in circles, or left out most of what was said (people say 10 to 20 letters a
    second)."""
    seconds = clip.speech / audio.RATE
    return segment.compression_ratio > 2.4 or (seconds > 5 and len(segment.text) / seconds < 4)


def _is_speech(segment: Any, hot_words: Sequence[str]) -> bool:
    """Tell recognised speech from what Whisper makes up over noise: loops, and the hot words read back."""
    if segment.compression_ratio > 2.4 and len(segment.text) > 80:
        return False
    if segment.no_speech_prob > 0.6 and segment.avg_logprob < -0.7:
        return False
    doubtful = segment.no_speech_prob > 0.3 or segment.avg_logprob < -0.7
    return not (doubtful and hot_words and _echoes(segment.text, hot_words))


def _echoes(text: str, hot_words: Sequence[str]) -> bool:
    said, given = (" ".join(re.findall(r"\w+", words.casefold())) for words in (text, " ".join(hot_words)))
    return f" {said} " in f" {given} "


def _fitting(engine: Any, hot_words: Sequence[str]) -> tuple[str, ...]:
    """Return as many hot words, in order, as the engine takes: it cuts its prompt at half of its context."""
    limit = engine.max_length // 2 - 1
    kept: list[str] = []
    for word in hot_words:
        tokens = engine.hf_tokenizer.encode(f" {_prompt([*kept, word])}", add_special_tokens=False).ids
        if len(tokens) > limit:
            break
        kept.append(word)
    return tuple(kept)


def _language(engine: Any, wanted: str | None, heard: Sequence[tuple[Any, list[_Clip]]]) -> str | None:
    """Return the language to recognise: the wanted one, the only one, or the one heard in the first clips."""
    if not engine.model.is_multilingual:
        return "en"
    if wanted is None:
        sound = next((samples[clips[0].start :] for samples, clips in heard if clips), None)
        return None if sound is None else str(engine.detect_language(sound)[0])
    if wanted not in engine.supported_languages:
        raise InvalidSetting(f"The speech model does not know the language '{wanted}'.")
    return wanted


def _clips(block: Any) -> list[_Clip]:
    """Cut a block at pauses into clips of at most `_CLIP_S`; a long pause ends a clip too. None: no speech."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(max_speech_duration_s=_CLIP_S, min_silence_duration_ms=160)
    clips: list[_Clip] = []
    for region in get_speech_timestamps(block, options):
        start, end = int(region["start"]), int(region["end"])
        last = clips[-1] if clips else None
        if last and end - last.start <= _CLIP_S * audio.RATE and start - last.end <= _PAUSE_S * audio.RATE:
            clips[-1] = _Clip(last.start, end, last.speech + end - start)
        else:
            clips.append(_Clip(start, end, end - start))
    return clips


def _blocks(pieces: Iterable[Any]) -> Iterator[Any]:
    """Join pieces of sound to blocks of at most `BLOCK_S`, each but the last cut at its quietest late moment."""
    import numpy as np

    held: list[Any] = []
    for piece in pieces:
        held.append(piece)
        while sum(map(len, held)) > BLOCK_S * audio.RATE:
            whole = np.concatenate(held)
            cut = _quietest(whole[: BLOCK_S * audio.RATE])
            yield whole[:cut]
            held = [whole[cut:].copy()]
    if held:
        yield np.concatenate(held)


def _quietest(block: Any) -> int:
    """Return the sample in the middle of the quietest 0.4 s of the last `_CUT_WITHIN_S` seconds of a block."""
    import numpy as np

    step = audio.RATE // 50  # 20 ms
    tail = block[-_CUT_WITHIN_S * audio.RATE :]
    energy = np.square(tail[: len(tail) // step * step].reshape(-1, step)).mean(axis=1)
    smooth = np.convolve(energy, np.ones(20) / 20, mode="valid")
    return len(block) - len(tail) + (int(smooth.argmin()) + 10) * step
