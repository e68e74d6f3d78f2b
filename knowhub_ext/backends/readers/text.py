"""Markdown and plain text as canonical text in blocks. It is read, never rendered: markup stays in the text.

The plain backend of its seam.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePath

from knowhub_ext.backends.plaintext import read_text
from knowhub_ext.domain import hotwords
from knowhub_ext.domain.documents import Block, Document
from knowhub_ext.domain.locators import TextSpan
from knowhub_ext.domain.texts import canonical

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}\s")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)\s*$")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s")

#: A line of canonical text: where it starts, and itself without its end.
Line = tuple[int, str]


class TextReader:
    """Reads `.md`, `.markdown` and `.txt`."""

    suffixes = frozenset({".md", ".markdown", ".txt"})

    def read(self, path: Path, *, name: str) -> Document:
        """Read a text file; every block's locator cuts exactly its text out of the document's.

        Raises:
            UnreadableFile: it is not text.
        """
        text = canonical(read_text(path, name=name))
        lines = list(_lines(text))
        markdown = PurePath(name).suffix.lower() != ".txt"
        blocks = [_block(text, kind, rows) for kind, rows in _groups(lines, markdown)]
        words = [word for block in blocks for word in _words(block)]
        return Document(text=text, blocks=blocks, hot_words=tuple(words))


def _lines(text: str) -> Iterator[Line]:
    at = 0
    for row in text.split("\n"):
        yield at, row
        at += len(row) + 1


def _groups(lines: list[Line], markdown: bool) -> Iterator[tuple[str, list[Line]]]:
    """Yield `(kind, lines)`: fenced code, headings, list items and paragraphs. Plain text knows paragraphs alone."""
    index = 0
    while index < len(lines):
        row = lines[index][1]
        if not row.strip():
            index += 1
            continue
        if not markdown:
            kind, end = "text", _paragraph_end(lines, index, markdown=False)
        elif _FENCE.match(row):
            kind, end = "code", _fence_end(lines, index)
        elif _HEADING.match(row):
            kind, end = "heading", index + 1
        else:
            end = _paragraph_end(lines, index, markdown=True)
            underlined = end - index >= 2 and _UNDERLINE.match(lines[end - 1][1]) is not None
            kind = "heading" if underlined else "text"
        yield kind, lines[index:end]
        index = end


def _fence_end(lines: list[Line], index: int) -> int:
    """Return the index after the fence that closes the one at `index`, or the end where none does."""
    opening = _FENCE.match(lines[index][1])
    mark = opening.group(1) if opening else "```"
    for at in range(index + 1, len(lines)):
        row = lines[at][1].strip()
        if row and set(row) == {mark[0]} and len(row) >= len(mark):
            return at + 1
    return len(lines)


def _paragraph_end(lines: list[Line], index: int, *, markdown: bool) -> int:
    for at in range(index + 1, len(lines)):
        row = lines[at][1]
        if not row.strip():
            return at
        if markdown and (_FENCE.match(row) or _HEADING.match(row) or _ITEM.match(row)):
            return at
        if markdown and re.match(r" {0,3}=+\s*$", row):
            return at + 1
    return len(lines)


def _block(text: str, kind: str, rows: list[Line]) -> Block:
    start, end = rows[0][0], rows[-1][0] + len(rows[-1][1])
    inner = text[start:end]
    start, end = start + len(inner) - len(inner.lstrip()), start + len(inner.rstrip())
    return Block(text=text[start:end], locator=TextSpan(start=start, end=end), kind=kind)


def _words(block: Block) -> list[str]:
    """Return the hot words of a block: code and headings name what a lecture speaks of, prose is too wide."""
    if block.kind == "code":
        return hotwords.from_code("\n".join(block.text.split("\n")[1:-1]))
    return hotwords.from_prose(block.text) if block.kind == "heading" else []
