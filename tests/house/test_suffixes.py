"""The browser leaves no file at home that the hub would open: its list of suffixes holds all of ours."""

from __future__ import annotations

import re
from pathlib import Path

from knowhub_ext.domain.media import KIND_BY_SUFFIX

LIST = Path(__file__).parents[2] / "src" / "model" / "upload-files.ts"


def suffixes(source: str) -> dict[str, str]:
    """The suffixes of a module like upload-files.ts, with their kinds."""
    (table,) = re.findall(r"const SUFFIXES[^{]*\{(.*?)\};", source, re.S)
    rows = re.split(r"^\s*(\w+):", table, flags=re.M)[1:]
    return {suffix: kind for kind, row in zip(rows[::2], rows[1::2], strict=True)
            for suffix in re.findall(r"\.\w+", row)}


def test_the_browser_knows_every_suffix_of_the_hub() -> None:
    known = suffixes(LIST.read_text(encoding="utf-8"))
    missing = {suffix for suffix, kind in KIND_BY_SUFFIX.items() if known.get(suffix) != kind.value}
    assert not missing, f"Add them to {LIST.name}."


def test_a_missing_suffix_would_be_seen() -> None:
    known = suffixes("const SUFFIXES: Record<string, string> = {\n  video:\n    '.mp4 ' + '.m4v',\n  audio: '.mp3'\n};")
    assert known == {".mp4": "video", ".m4v": "video", ".mp3": "audio"}
