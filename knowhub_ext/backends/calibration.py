"""How fast speech models are on this machine, measured once and kept in the cache folder under the machine's mark.

What is measured is the work itself: half a minute of sound through the encoder, and as many tokens as half a minute of
speech has through the decoder. No recording is needed for it, and what is said makes no difference.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from knowhub_ext.backends.vendors import cache_dir, vendor

#: Tokens decoded for the measurement, and how many half a minute of speech has.
_TOKENS, _SPOKEN = 25, 100
_SECONDS = 29


@dataclass(frozen=True, kw_only=True, slots=True)
class Speed:
    """Seconds of work a second of speech, and `took_s` what measuring took."""

    factor: float
    took_s: float


def recalled(model: str, mark: str, *, cache: Path | str | None = None) -> Speed | None:
    """Return what was measured of a model on the machine of this mark, or None."""
    try:
        kept = json.loads(_file(model, mark, cache).read_bytes())
        return Speed(factor=float(kept["factor"]), took_s=float(kept["took_s"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def measure(engine: Any, model: str, mark: str, *, cache: Path | str | None = None) -> Speed:
    """Measure a loaded model and keep what was found; about three seconds on two cores."""
    began = time.monotonic()
    factor = _factor(engine)
    speed = Speed(factor=round(factor, 4), took_s=round(time.monotonic() - began, 2))
    path = _file(model, mark, cache)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.write_text(json.dumps(asdict(speed)), encoding="utf-8")
        fresh.replace(path)
    except OSError:
        pass  # no cache: measured again next time
    return speed


def mark(threads: int, compute_type: str) -> str:
    """Return a short name of this machine as far as it decides about speed."""
    told = (_processor(), threads, compute_type, _total_mb() // 1024, platform.machine(), _version())
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]


def free_mb() -> int:
    """Return how many megabytes this process may still take: what the machine has, or its container allows. It is asked
    each time: what other programs take at this moment they do not take always."""
    found = [_meminfo("MemAvailable")]
    limit, used = _number("/sys/fs/cgroup/memory.max"), _number("/sys/fs/cgroup/memory.current")
    if limit is not None and used is not None:
        found.append((limit - used) >> 20)
    known = [value for value in found if value is not None]
    return max(0, min(known)) if known else _total_mb() // 2


def _factor(engine: Any) -> float:
    """Return seconds of work a second of speech: of wall and processor time the less, since what other programs take at
    this moment they do not take always."""
    with vendor("faster-whisper"):
        from faster_whisper.tokenizer import Tokenizer
    import numpy as np

    tokenizer = Tokenizer(engine.hf_tokenizer, engine.model.is_multilingual, task="transcribe", language="en")
    prompt = engine.get_prompt(tokenizer, [], without_timestamps=True)
    sound = np.random.default_rng(1).standard_normal(_SECONDS * 16_000).astype("float32") / 10
    features = np.pad(engine.feature_extractor(sound)[..., :3000], ((0, 0), (0, 100)))[..., :3000]
    began = _clocks()
    encoded = engine.encode(features)
    between = _clocks()
    engine.model.generate(
        encoded, [prompt], beam_size=5, max_length=len(prompt) + _TOKENS, suppress_tokens=[tokenizer.eot, -1]
    )
    ended = _clocks()
    return (_took(began, between) + _took(between, ended) * _SPOKEN / _TOKENS) / _SECONDS


def _took(began: tuple[float, float], ended: tuple[float, float]) -> float:
    return min(ended[0] - began[0], ended[1] - began[1])


def _clocks() -> tuple[float, float]:
    return time.monotonic(), time.process_time()


def _file(model: str, mark: str, cache: Path | str | None) -> Path:
    return cache_dir(cache) / "speed" / f"{model}-{mark}.json"


def _version() -> str:
    with vendor("ctranslate2"):
        import ctranslate2
    return str(ctranslate2.__version__)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def _total_mb() -> int:
    found = _meminfo("MemTotal")
    if found is not None:
        return found
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20
    except (AttributeError, ValueError, OSError):
        return 4096  # a system that does not tell: an ordinary laptop


def _meminfo(name: str) -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) >> 10 for line in lines if line.startswith(f"{name}:")), None)


def _number(path: str) -> int | None:
    try:
        return int(Path(path).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
