"""What must hold before an Office file is opened: it is a package, not locked, and does not unfold into gigabytes.

The vendors read every part of a package into memory, so sizes are looked at in its directory first.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from knowhub_ext.errors import LockedFile, UnreadableFile, UnsupportedFile

#: How large the parts of a package may be together, and one part of markup; both unpacked, in bytes.
MAX_BYTES = 512 * 1024 * 1024
MAX_MARKUP = 64 * 1024 * 1024
_MAX_PARTS = 20_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def check_package(path: Path, *, name: str, main: str) -> None:
    """Look whether a file is the Office package that its name says.

    Args:
        path: the file.
        name: how it was named.
        main: the part every package of this kind holds, for instance `word/document.xml`.

    Raises:
        LockedFile: it is protected by a password.
        UnsupportedFile: it is of the binary format of before 2007.
        UnreadableFile: it is damaged, something else, or would unfold too large.
    """
    try:
        with path.open("rb") as file:
            head = file.read(8)
        if head == _OLE:
            raise _old(path, name)
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
            _check_sizes(parts, name)
            if main not in package.namelist():
                raise UnreadableFile(f"'{name}' is not what its name says: it holds no {main}.")
    except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError, RuntimeError) as error:
        raise damaged(name) from error


def damaged(name: str) -> UnreadableFile:
    """Return the error of a file that its vendor stumbles over."""
    return UnreadableFile(
        f"'{name}' is damaged or not what its name says.",
        cure="Open it in its own program, save it again and add that.",
    )


def _old(path: Path, name: str) -> UnreadableFile | UnsupportedFile:
    """Tell a locked package, which is wrapped in an old container, from a file of the old format."""
    with path.open("rb") as file:
        content = file.read(4 * 1024 * 1024)
    if "EncryptedPackage".encode("utf-16-le") in content or "EncryptionInfo".encode("utf-16-le") in content:
        return LockedFile(f"'{name}' is protected by a password.")
    newer = ".pptx" if name.lower().endswith((".ppt", ".pptx")) else ".docx"
    return UnsupportedFile(
        f"'{name}' is of the old binary Office format.",
        cure=f"Open it in its own program, save it as {newer} and add that.",
    )


def _check_sizes(parts: list[zipfile.ZipInfo], name: str) -> None:
    markup = max((p.file_size for p in parts if p.filename.lower().endswith((".xml", ".rels"))), default=0)
    if any(part.flag_bits & 1 for part in parts):
        raise LockedFile(f"'{name}' is protected by a password.")
    if len(parts) > _MAX_PARTS or sum(p.file_size for p in parts) > MAX_BYTES or markup > MAX_MARKUP:
        raise UnreadableFile(
            f"'{name}' unfolds to more than a document holds.",
            cure=f"Save it without embedded films and pictures; unpacked it may hold {MAX_BYTES >> 20} MB.",
        )
