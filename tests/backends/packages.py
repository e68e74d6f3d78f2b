"""Packages of Office with a part put in by hand."""

from __future__ import annotations

import zipfile
from pathlib import Path


def replace_part(path: Path, part: str, content: bytes) -> None:
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in (parts | {part: content}).items():
            package.writestr(name, data)
