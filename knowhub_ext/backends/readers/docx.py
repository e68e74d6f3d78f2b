"""Word documents as headings, paragraphs, code, tables and notes, by python-docx.

Running heads and comments are left out. A footnote or endnote stands behind the paragraph that refers to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowhub_ext.backends.office import check_package, damaged
from knowhub_ext.backends.vendors import vendor
from knowhub_ext.domain.documents import Document, Row, named_words, spanned
from knowhub_ext.domain.notes import without_text

_NS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS = {f"{_NS}tab": "\t", f"{_NS}br": "\n", f"{_NS}cr": "\n", f"{_NS}noBreakHyphen": "-"}
#: A paragraph's own text: what was deleted or moved away under tracked changes is not, what was inserted is.
_SKIPPED = {f"{_NS}del", f"{_NS}moveFrom", f"{_NS}pPr", _FALLBACK}
#: What holds paragraphs and tables without being one: content controls, and the wrappers of old versions.
_HOLDERS = {f"{_NS}{name}" for name in ("sdt", "sdtContent", "customXml", "smartTag")}
#: The parts that hold notes, by the element that refers to one and the end of the relationship's type.
_NOTES = {f"{_NS}footnoteReference": "/footnotes", f"{_NS}endnoteReference": "/endnotes"}
#: Pictures as Word draws them now, as it did before, and objects of other programs.
_PICTURES = (f"{_NS}drawing", f"{_NS}pict", f"{_NS}object")
_HEADING = re.compile(r"(heading|title|subtitle)\b", re.IGNORECASE)
_CODE = re.compile(r"(code|source|preformatted|verbatim|listing)", re.IGNORECASE)


class DocxReader:
    """Reads `.docx`."""

    suffixes = frozenset({".docx"})

    def read(self, path: Path, *, name: str) -> Document:
        """Read a Word document; every block's span cuts exactly its text out of the document's. One without any text
        has a note that says so.

        Raises:
            UnreadableFile: it is damaged, too large or something else.
            LockedFile, UnsupportedFile: it is protected, or of the format of before 2007.
            MissingBackend: python-docx is not installed.
        """
        with vendor("python-docx", install="knowhub-ext[documents]"):
            import docx
        check_package(path, name=name, main="word/document.xml")
        try:
            opened = docx.Document(str(path))
            text, blocks = spanned(_joined(list(_rows(opened))))
            title = opened.core_properties.title or ""
            pictures = next(opened.element.body.iter(*_PICTURES), None) is not None
        except Exception as error:  # python-docx raises whatever a damaged package makes it stumble over
            raise damaged(name) from error
        words = named_words(blocks)
        return Document(
            text=text, blocks=blocks, hot_words=words or named_words(spanned([("heading", title)])[1]),
            notes=() if blocks else (without_text(name, pictures=pictures),),
        )


def _rows(opened: Any) -> Iterator[Row]:
    notes = _notes(opened.part)
    for item in _items(opened._body, opened.element.body):
        if hasattr(item, "rows"):
            yield from _table(item)
        else:
            yield _kind(item), _text(item._p)
        for node in item._element.iter(*_NOTES):
            yield "text", notes.pop((_NOTES[node.tag], node.get(f"{_NS}id")), "")


def _items(body: Any, holder: Any) -> Iterator[Any]:
    """Yield paragraphs and tables, those within content controls too, which python-docx passes over."""
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    for node in holder:
        if node.tag == f"{_NS}p":
            yield Paragraph(node, body)
        elif node.tag == f"{_NS}tbl":
            yield Table(node, body)
        elif node.tag in _HOLDERS:
            yield from _items(body, node)


def _notes(part: Any) -> dict[tuple[str, str], str]:
    """Return the text of each footnote and endnote by its kind and id; the lines that part them are none."""
    from docx.oxml.parser import parse_xml

    found: dict[tuple[str, str], str] = {}
    for relation in part.rels.values():
        kind = next((kind for kind in _NOTES.values() if relation.reltype.endswith(kind)), None)
        if kind and not relation.is_external:
            for note in parse_xml(relation.target_part.blob):
                if note.get(f"{_NS}type") in (None, "normal"):
                    text = " ".join(_text(p).strip() for p in note.iter(f"{_NS}p"))
                    found[kind, str(note.get(f"{_NS}id"))] = text.strip()
    return found


def _kind(paragraph: Any) -> str:
    style = paragraph.style.name if paragraph.style is not None else ""
    if _HEADING.match(style or ""):
        return "heading"
    return "code" if _CODE.search(style or "") else "item" if _is_item(paragraph, style or "") else "text"


def _is_item(paragraph: Any, style: str) -> bool:
    properties = paragraph._p.pPr
    return style.startswith("List") or (properties is not None and properties.numPr is not None)


def _text(paragraph: Any) -> str:
    """Return the text of a paragraph's element with its insertions, equations and text boxes, each once."""
    parts: list[str] = []
    open_nodes = [paragraph]
    while open_nodes:
        node = open_nodes.pop()
        if node.tag in _SKIPPED:
            continue
        if node.tag in (f"{_NS}t", _MATH):
            parts.append(node.text or "")
        parts.append(_SIGNS.get(node.tag, ""))
        open_nodes += reversed(node)
    return "".join(parts)


def _table(table: Any) -> Iterator[Row]:
    """Yield a table as one block, a row a line; a merged cell counts once."""
    lines = []
    for row in table._tbl.tr_lst:
        cells = [" ".join(_text(p).strip() for p in cell.iter(f"{_NS}p")).strip() for cell in row.tc_lst]
        lines.append(" | ".join(cell for cell in cells if cell))
    yield "text", "\n".join(line for line in lines if line)


def _joined(rows: list[Row]) -> Iterator[Row]:
    """Yield code whose lines are paragraphs of their own as one block, and list items with a dash."""
    code: list[str] = []
    for kind, text in [*rows, ("", "")]:
        if kind == "code":
            code.append(text)
            continue
        if code:
            yield "code", "\n".join(code)
            code = []
        if text.strip():
            yield ("text", f"- {text.strip()}") if kind == "item" else (kind, text)
