"""Which Whisper model recognises: the packaged ones, those downloaded before, a folder; and which of them `auto` is.

Nothing is downloaded here. `auto` is base where this machine was measured to be fast enough for it and has the memory:
it finds more of a subject's terms than tiny.en over voices it was not tuned on, and hears which language is spoken.
Else it is tiny.en, and speech is taken for English. `make bench` prints both beside each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from knowhub_ext.backends import calibration, joining, weights
from knowhub_ext.backends.joining import BASE
from knowhub_ext.backends.vendors import vendor
from knowhub_ext.backends.weights import TINY_EN
from knowhub_ext.errors import Busy, DiskFull, MissingWeights
from knowhub_ext.ports import SpeechModel

#: Sizes looked for in the cache of downloaded models, best first, where the packaged weights are missing.
_CACHED_SIZES = ("small.en", "base.en", "tiny.en", "small", "base", "tiny")
#: `auto` uses base where a second of speech takes at most so many seconds of work,
FAST_ENOUGH = 0.3
#: and so many megabytes are free: twice what it was seen to hold.
ROOM_MB = 1_500

#: Models that this process holds, by name: their memory is taken already.
_ALIVE: WeakValueDictionary[str, Any] = WeakValueDictionary()


@dataclass(frozen=True, kw_only=True, slots=True)
class Engines:
    """How models are loaded: on what, with how many threads, and where checks and joined weights are kept."""

    device: str
    compute_type: str
    threads: int
    cache: Path | str | None = None

    def load(self, name: str) -> tuple[Any, str]:
        """Return the loaded model `name`, kept as long as the process lives, and its name for provenance.

        Raises:
            MissingWeights, DamagedWeights, DiskFull: it is not here, or not usable.
        """
        folder, label = self._found(name)
        engine = _loaded(folder, self.device, self.compute_type, self.threads)
        _ALIVE[name] = engine
        return engine, label

    def _found(self, name: str) -> tuple[str, str]:
        if name == TINY_EN.name and weights.find(TINY_EN):
            return str(weights.checked(TINY_EN, cache=self.cache)), weights.label(TINY_EN)
        if name == BASE.name and joining.missing(BASE) is None:
            return str(joining.joined(BASE, cache=self.cache)), BASE.label
        if Path(name).expanduser().is_dir():
            return str(Path(name).expanduser()), Path(name).name
        return _cached(name)

    @staticmethod
    def named(model: str, own: str) -> str:
        """Return the name of a model that a provenance calls `model`, `own` being the configured one; other names stay
        as they are."""
        labels = {weights.label(TINY_EN): TINY_EN.name, BASE.label: BASE.name, Path(own).name: own}
        return labels.get(model, model)

    def best(self, language: str | None, *, measure: bool = True) -> tuple[str, str]:
        """Return which model `auto` is for a language, None for one that is not known, and why.

        `measure`: take the seconds to measure this machine where that was not done yet; else base is named.

        Raises:
            MissingWeights: there is none.
        """
        tiny, base = weights.find(TINY_EN) is not None, joining.missing(BASE) is None
        english = language in (None, "en")
        if tiny and english:
            return self._measured(measure) if base else (TINY_EN.name, "the packages of base are not installed")
        if base:
            return BASE.name, "it knows many languages" if tiny else "the package of tiny.en is not installed"
        return _any_cached(many=not english), "it was downloaded before; packaged models are missing"

    def _measured(self, measure: bool) -> tuple[str, str]:
        """Return base where this machine is fast enough for it and has the memory, else tiny.en."""
        free_mb = calibration.free_mb()
        if free_mb < ROOM_MB and BASE.name not in _ALIVE:
            return TINY_EN.name, f"{free_mb:,} MB are free for base; {ROOM_MB:,} MB would do"
        if not measure and self._known() is None:
            return BASE.name, "how fast it is here is not yet measured; the first lecture does it"
        try:
            speed = self.speed()
        except (DiskFull, Busy, MissingWeights) as error:
            return TINY_EN.name, f"base cannot be used here: {error.message}"
        figures = f"base takes {speed.factor:.2f} s of work a second of speech here, {free_mb:,} MB are free"
        if speed.factor > FAST_ENOUGH:
            return TINY_EN.name, f"{figures}; up to {FAST_ENOUGH} would do"
        return BASE.name, figures

    def speed(self) -> calibration.Speed:
        """Return how fast base is here; measured once a machine."""
        known = self._known()
        if known is None:
            known = calibration.measure(self.load(BASE.name)[0], BASE.name, self._mark(), cache=self.cache)
        return known

    def _known(self) -> calibration.Speed | None:
        return calibration.recalled(BASE.name, self._mark(), cache=self.cache)

    def _mark(self) -> str:
        return calibration.mark(self.threads, self.compute_type)


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


def _cached(size: str) -> tuple[str, str]:
    """Find a model among those that were downloaded to this machine before."""
    with vendor("faster-whisper"):
        from faster_whisper.utils import download_model
    try:
        return str(download_model(size, local_files_only=True)), size
    except (OSError, ValueError) as error:  # not there, or no such size
        raise MissingWeights(
            f"The speech model '{size}' is not on this machine.",
            cure=f"Fetch it once with `python -c \"from faster_whisper import download_model as d; d('{size}')\"`, "
            "give the folder of a converted model, or use `auto`.",
        ) from error


def _any_cached(many: bool) -> str:
    for size in _CACHED_SIZES:
        if many and size.endswith(".en"):
            continue
        try:
            return _cached(size)[1]
        except MissingWeights:
            continue
    raise MissingWeights(f"No speech model{' for other languages' if many else ''} is installed.")


def offered(chosen: str, why: str) -> list[SpeechModel]:
    """Return the packaged models, installed or not, and a chosen one beside them."""
    rows = [
        SpeechModel(
            name=TINY_EN.name, languages="en", available=weights.find(TINY_EN) is not None,
            chosen=chosen == TINY_EN.name, why=why if chosen == TINY_EN.name else "English alone; the fastest",
        ),
        SpeechModel(
            name=BASE.name, languages="many", available=joining.missing(BASE) is None, chosen=chosen == BASE.name,
            why=why if chosen == BASE.name else "many languages, translation to English; twice the work",
        ),
    ]
    if chosen not in (TINY_EN.name, BASE.name):
        languages = "en" if chosen.endswith(".en") else "many"
        rows.append(SpeechModel(name=chosen, languages=languages, why=why, chosen=True, available=True))
    return rows
