"""Which files a person meant, and which of them make up one lesson."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from knowhub_ext.domain.ids import natural_key
from knowhub_ext.domain.media import AssetKind, kind_of
from knowhub_ext.domain.texts import canonical


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A file to add: where it lies, its stable `key` within the lesson, and `given`, as the person named it.

    One that was uploaded lies nowhere that its sender knows: `uploaded` is then what its asset keeps as its source.
    `replaces`: a person said that it takes the place of the one of its name.
    """

    path: Path
    key: str
    given: str
    uploaded: str = ""
    replaces: bool = False

    @property
    def source(self) -> str:
        """Return what its asset keeps of where it came from: an absolute path, or `uploaded`."""
        return self.uploaded or str(self.path.resolve())

    @property
    def folder(self) -> str:
        """Return the name of the folder it came from; empty where that is not known."""
        return PurePath(self.key).parent.name if self.uploaded else self.path.resolve().parent.name


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Files of one lesson, the primary medium first where there is one."""

    stem: str
    files: tuple[Found, ...]


def gather(paths: Sequence[Path]) -> Iterator[Found]:
    """Yield the files below `paths` in a reader's order. A folder's hidden and unsupported files are left out.

    A file named by itself is always yielded, so that the person hears why it cannot be added.
    """
    seen: dict[str, Path] = {}
    for found in _found(paths):
        key = found.key
        while seen.setdefault(key, found.path) != found.path:  # `week1/intro.md` and `week2/intro.md` named one by one
            key = f"{found.path.parent.name}/{key}" if key == found.key else f"{key}~"
        yield replace(found, key=key)


def _found(paths: Sequence[Path]) -> Iterator[Found]:
    for path in paths:
        if not path.is_dir():
            yield Found(path=path, key=canonical(path.name), given=canonical(str(path)))
            continue
        for root, folders, names in os.walk(path):
            folders[:] = sorted((f for f in folders if not f.startswith((".", "__"))), key=natural_key)
            for name in sorted(names, key=natural_key):
                file = Path(root, name)
                if not name.startswith(".") and kind_of(name) and file.is_file():
                    key = canonical(file.relative_to(path).as_posix())
                    yield Found(path=file, key=key, given=canonical(str(file)))


def group(files: Sequence[Found]) -> list[Group]:
    """Put files of the same folder and stem together where one of them is a medium; every other file stands alone."""
    by_stem: dict[str, list[Found]] = {}
    for file in files:
        by_stem.setdefault(_stem(file.key), []).append(file)
    groups: list[Group] = []
    for stem, members in by_stem.items():
        name = PurePath(stem).name
        if any(_timed(f) for f in members):
            ordered = sorted(members, key=lambda f: (not _timed(f), natural_key(f.key)))
            groups.append(Group(stem=name, files=tuple(ordered)))
        else:
            groups += [Group(stem=name, files=(f,)) for f in members]
    return groups


def _timed(file: Found) -> bool:
    kind = kind_of(file.key)
    return kind is not None and kind.timed


def _stem(key: str) -> str:
    """Return the key without its suffix, and for captions without a language tag: `a/b.en.vtt` → `a/b`."""
    path = PurePath(key).with_suffix("")
    if kind_of(key) is AssetKind.CAPTIONS and re.fullmatch(r"\.[a-z]{2,3}(-[A-Za-z]{2,4})?", path.suffix):
        path = path.with_suffix("")
    return path.as_posix()


def same_stem(key: str, other: str) -> bool:
    """Say whether two assets of a lesson carry the same name, so that one is the caption file of the other."""
    return PurePath(_stem(key)).name == PurePath(_stem(other)).name


def lesson_title(key: str) -> str:
    """Return the title of the lesson that a file of this key begins where no other is named."""
    return title_of(PurePath(_stem(key)).name)


def title_of(stem: str) -> str:
    """Make a readable title out of a file's stem: `02-gin_index` → `02 gin index`."""
    return re.sub(r"[\s_-]+", " ", stem).strip() or stem
