"""A model whose weights come in parts, in several packages: checked, joined once into the cache folder, checked again.

Joining writes beside the final name and renames at the end, so a folder that has the file has it whole; a join that
was cut short goes on where it stopped. Only files pinned in `weights` are read.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from knowhub_ext.backends import weights
from knowhub_ext.backends.locks import FileLock
from knowhub_ext.backends.vendors import cache_dir
from knowhub_ext.backends.weights import Weights
from knowhub_ext.errors import Busy, DamagedWeights, DiskFull, MissingWeights

_CHUNK = 1 << 20
_PATIENCE_S = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Joined:
    """A model made of `packages`: `parts` (package, file) one after the other are `file`, the rest is as it is."""

    name: str
    packages: Sequence[Weights]
    file: str
    parts: Sequence[tuple[Weights, str]]
    sha256: str

    @property
    def label(self) -> str:
        """Name and packages, for provenance."""
        return weights.label(self.packages[-1]).replace(self.packages[-1].name, self.name, 1)


BASE = Joined(
    name="base", packages=(weights.BASE_1, weights.BASE_2), file="model.bin",
    parts=((weights.BASE_1, "model.bin.part1"), (weights.BASE_2, "model.bin.part2")),
    sha256="905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
)


def missing(model: Joined) -> MissingWeights | None:
    """Return what of the model is not installed, or None."""
    return next((lack for package in model.packages if (lack := weights.missing(package))), None)


def joined(model: Joined, *, cache: Path | str | None = None) -> Path:
    """Return the folder of the whole model, joining it first where that was not done before.

    Raises:
        MissingWeights: a package is not installed.
        DamagedWeights: a part, or what was joined, is not the pinned one.
        DiskFull: the cache folder has no room for it.
        Busy: another process has been joining it for a minute.
    """
    sources = {package.module: weights.checked(package, cache=cache) for package in model.packages}
    folder = cache_dir(cache) / "models" / f"{model.name}-{model.sha256[:12]}"
    if not _whole(model, folder):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with _alone(folder):  # two processes that start at once: one joins, the other finds it done
                if not _whole(model, folder):
                    _make(model, sources, folder)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise _full(model, folder) from error
            raise MissingWeights(f"The speech model {model.name} cannot be put together: {error}.") from error
    weights.check(folder / model.file, model.sha256, cache=cache)
    return folder


def _alone(folder: Path) -> FileLock:
    """Wait until no other process joins here; after a minute say which one does.

    Raises:
        Busy: it is still at it.
    """
    for _ in range(_PATIENCE_S * 10):
        try:
            return FileLock(folder / "lock")
        except Busy:
            time.sleep(0.1)
    return FileLock(folder / "lock")


def _whole(model: Joined, folder: Path) -> bool:
    taken = {name for package in model.packages for name in package.files} - {name for _, name in model.parts}
    return all((folder / name).is_file() for name in (model.file, *taken))


def _make(model: Joined, sources: dict[str, Path], folder: Path) -> None:
    inner = {name for _, name in model.parts}
    for package in model.packages:
        for name in set(package.files) - inner:
            part = folder / f"{name}.part"
            shutil.copyfile(sources[package.module] / name, part)
            part.replace(folder / name)
    parts = [sources[package.module] / name for package, name in model.parts]
    for final in (False, True):
        part = _append(parts, folder / f"{model.file}.part")
        if _digest(part) == model.sha256:
            part.replace(folder / model.file)
            return
        part.unlink()  # what an earlier try had left was damaged: once more from the beginning
        if final:
            raise DamagedWeights(f"The parts of {model.name} do not join to the file that was tested.")


def _append(parts: Sequence[Path], target: Path) -> Path:
    """Write the parts one after the other, behind what an earlier try wrote."""
    whole = sum(part.stat().st_size for part in parts)
    have = target.stat().st_size if target.exists() else 0
    if have > whole:
        target.unlink()
        have = 0
    if shutil.disk_usage(target.parent).free < whole - have + _CHUNK:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with target.open("ab") as out:
        for part in parts:
            size = part.stat().st_size
            if have < size:
                with part.open("rb") as source:
                    source.seek(have)
                    shutil.copyfileobj(source, out, _CHUNK)
            have = max(0, have - size)
        out.flush()
        os.fsync(out.fileno())
    return target


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _full(model: Joined, folder: Path) -> DiskFull:
    return DiskFull(
        f"The disk has no room to put the speech model {model.name} together in {folder}.",
        cure="Free some space, or set KNOWHUB_CACHE to a folder that has it.",
    )
