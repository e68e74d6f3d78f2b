"""Notebooks as one block a cell: prose, code and the text a run left. Nothing is executed and no HTML is read.

Cells of older notebooks have no ids; they get ones made from their content and position, the same at every reading.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from knowhub_ext.backends.plaintext import read_text
from knowhub_ext.backends.vendors import vendor
from knowhub_ext.domain import hotwords
from knowhub_ext.domain.documents import Block, CellLink, Document
from knowhub_ext.domain.locators import CellRef, milliseconds
from knowhub_ext.domain.texts import canonical
from knowhub_ext.errors import UnreadableFile

#: What a run printed helps search up to here; a loop's log does not.
MAX_OUTPUT_CHARS = 2_000
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class NotebookReader:
    """Reads `.ipynb` of nbformat 4 (older ones are converted while reading, the file stays)."""

    suffixes = frozenset({".ipynb"})

    def read(self, path: Path, *, name: str) -> Document:
        """Read a notebook. Each cell with text is one block; links come from `metadata.knowhub.segments`.

        Raises:
            UnreadableFile: it is not a notebook, or a link in a cell's metadata is malformed; the cell is named.
        """
        cells = list(_identified(_cells(read_text(path, name=name), name)))
        blocks = [block for cell_id, cell in cells for block in _block(cell_id, cell)]
        links = [link for cell_id, cell in cells for link in _links(cell_id, cell, name)]
        words = [word for _, cell in cells for word in _words(cell)]
        text = "\n\n".join(block.text for block in blocks)
        return Document(text=text, blocks=blocks, links=tuple(links), hot_words=tuple(words))


def _cells(text: str, name: str) -> list[Mapping[str, Any]]:
    with vendor("nbformat"):
        import nbformat
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"'{name}' is not a notebook: {error}.") from error
    if not isinstance(data, dict) or not ("cells" in data or "worksheets" in data):
        raise UnreadableFile(f"'{name}' is not a notebook: it has no cells.")
    try:
        if data.get("nbformat", 4) != 4:
            data = nbformat.convert(nbformat.from_dict(data), 4)
        nbformat.validate(_tolerant(data), relax_add_props=True)
    except Exception as error:  # the converters of nbformat raise whatever a damaged file makes them stumble over
        raise UnreadableFile(f"'{name}' is not a valid notebook: {_first_line(error)}.") from error
    return list(data["cells"])


def _tolerant(data: Any) -> Any:
    """Return a copy to validate whose cells all have ids, at a minor version that requires them."""
    copy = json.loads(json.dumps(data))
    for number, cell in enumerate(copy["cells"]):
        cell["id"] = f"cell-{number}"
    copy["nbformat"], copy["nbformat_minor"] = 4, max(5, int(copy.get("nbformat_minor", 5)))
    copy.setdefault("metadata", {})
    return copy


def _first_line(error: Exception) -> str:
    return (str(getattr(error, "message", "") or error).strip().splitlines() or [type(error).__name__])[0][:300]


def _identified(cells: list[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield `(id, cell)`; a missing, malformed or repeated id is replaced by one made from content and position."""
    seen: set[str] = set()
    for number, cell in enumerate(cells):
        cell_id = str(cell.get("id", ""))
        if not _ID.match(cell_id) or cell_id in seen:
            digest = hashlib.sha256(f"{number}\n{_source(cell)}".encode(errors="replace"))
            cell_id = f"kh-{digest.hexdigest()[:12]}"
        seen.add(cell_id)
        yield cell_id, cell


def _source(cell: Mapping[str, Any]) -> str:
    return _text(cell.get("source", ""))


def _text(value: Any) -> str:
    """Return a multi-line string of nbformat, which may be stored as a list of lines."""
    return "".join(str(part) for part in value) if isinstance(value, list) else str(value)


def _block(cell_id: str, cell: Mapping[str, Any]) -> Iterator[Block]:
    code = cell.get("cell_type") == "code"
    outputs = "\n".join(_outputs(cell)) if code else ""
    text = canonical(_source(cell) + (f"\n{outputs}" if outputs else "")).strip()
    if text:
        yield Block(text=text, locator=CellRef(cell=cell_id), kind="code" if code else "text")


def _outputs(cell: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a run printed as plain text, together at most `MAX_OUTPUT_CHARS`. HTML and pictures are left out."""
    left = MAX_OUTPUT_CHARS
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        text = _text(output.get("text") or data.get("text/markdown") or data.get("text/plain") or "")
        if output.get("output_type") == "error":
            text = f"{output.get('ename', '')}: {output.get('evalue', '')}"
        text = _ANSI.sub("", text).strip()[:left]
        left -= len(text)
        if text:
            yield text


def _links(cell_id: str, cell: Mapping[str, Any], name: str) -> Iterator[CellLink]:
    """Yield the links in a cell's metadata: a list of `{"media", "start", "end", "quote"}`, times in seconds."""
    about = cell.get("metadata", {}).get("knowhub", {})
    rows = about.get("segments", []) if isinstance(about, Mapping) else None
    if not isinstance(rows, list):
        raise _bad_link(name, cell_id, "`metadata.knowhub.segments` is not a list")
    for row in rows:
        if not isinstance(row, Mapping) or not isinstance(row.get("media"), str) or not row["media"].strip():
            raise _bad_link(name, cell_id, "a segment lacks `media`, the file name of the lecture")
        start, end = row.get("start"), row.get("end")
        if not (isinstance(start, (int, float)) and isinstance(end, (int, float))):
            raise _bad_link(name, cell_id, "`start` and `end` of a segment are not both numbers of seconds")
        if not 0 <= start < end < 1e7:
            raise _bad_link(name, cell_id, f"a segment from {start} to {end} seconds is no stretch of time")
        yield CellLink(
            cell=cell_id, media=row["media"].strip(), start_ms=milliseconds(start), end_ms=milliseconds(end),
            quote=canonical(str(row.get("quote") or "")),
        )


def _bad_link(name: str, cell_id: str, what: str) -> UnreadableFile:
    return UnreadableFile(
        f"In '{name}', cell {cell_id}: {what}.",
        cure='Write `"segments": [{"media": "lecture.mp4", "start": 101.0, "end": 109.5}]` in the cell\'s metadata.',
    )


def _words(cell: Mapping[str, Any]) -> list[str]:
    source = _source(cell)
    if cell.get("cell_type") == "code":
        return hotwords.from_code(source)
    headings = [line for line in source.splitlines() if line.lstrip().startswith("#")]
    return [word for line in headings for word in hotwords.from_prose(line)]
