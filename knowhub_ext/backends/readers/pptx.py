"""PowerPoint slides by python-pptx: a slide is a page; title, text, tables, diagrams, and what the speaker noted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowhub_ext.backends.office import check_package, damaged
from knowhub_ext.backends.vendors import vendor
from knowhub_ext.domain.documents import Block, Document, Row, named_words
from knowhub_ext.domain.locators import PageRef
from knowhub_ext.domain.notes import Note, kept
from knowhub_ext.domain.texts import canonical

#: Groups within groups deeper than this are no slide that a person drew.
_MAX_DEPTH = 20
_MAX_SLIDES = 2_000
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"


class PptxReader:
    """Reads `.pptx`."""

    suffixes = frozenset({".pptx"})

    def read(self, path: Path, *, name: str) -> Document:
        """Read a deck of slides. All blocks of a slide carry its number; a slide without text is noted.

        Raises:
            UnreadableFile: it is damaged, too large or something else.
            LockedFile, UnsupportedFile: it is protected, or of the format of before 2007.
            MissingBackend: python-pptx is not installed.
        """
        with vendor("python-pptx", install="knowhub-ext[documents]"):
            import pptx
        check_package(path, name=name, main="ppt/presentation.xml")
        try:
            slides = [list(_slide(slide)) for slide in list(pptx.Presentation(str(path)).slides)[:_MAX_SLIDES]]
        except Exception as error:  # python-pptx raises whatever a damaged package makes it stumble over
            raise damaged(name) from error
        blocks = [block for number, rows in enumerate(slides, 1) for block in _blocks(rows, number)]
        seen = {block.locator for block in blocks}
        bare = [n for n in range(1, len(slides) + 1) if PageRef(page=n) not in seen]
        notes = [Note(page=n, message=f"Slide {n} holds pictures only; there is no text in it.") for n in bare]
        text = "\n\n".join(block.text for block in blocks)
        return Document(text=text, blocks=blocks, hot_words=named_words(blocks), notes=kept(notes))


def _blocks(rows: list[Row], number: int) -> Iterator[Block]:
    for kind, raw in rows:
        text = canonical(raw.replace("\v", "\n")).strip()
        if text:
            yield Block(text=text, kind=kind, locator=PageRef(page=number))


def _slide(slide: Any) -> Iterator[Row]:
    title = slide.shapes.title
    if title is not None and title.has_text_frame:
        yield "heading", title.text_frame.text.replace("\v", " ")
    for shape in slide.shapes:
        if title is None or shape.shape_id != title.shape_id:
            yield from _shape(shape, 0)
    for relation in slide.part.rels.values():
        if relation.reltype.endswith("/diagramData"):
            yield "text", _diagram(relation.target_part.blob)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        yield "notes", slide.notes_slide.notes_text_frame.text


def _shape(shape: Any, depth: int) -> Iterator[Row]:
    if hasattr(shape, "shapes"):
        for inner in shape.shapes if depth < _MAX_DEPTH else ():
            yield from _shape(inner, depth + 1)
    elif getattr(shape, "has_table", False):
        rows = [[cell.text.replace("\n", " ").strip() for cell in row.cells] for row in shape.table.rows]
        yield "text", "\n".join(" | ".join(cell for cell in row if cell) for row in rows)
    elif getattr(shape, "has_chart", False):
        yield from _chart(shape.chart)
    elif shape.has_text_frame and not _is_numbering(shape):
        yield "text", shape.text_frame.text


def _is_numbering(shape: Any) -> bool:
    """Say whether a shape is the date, footer or slide number that every slide repeats."""
    return bool(shape.is_placeholder and shape.placeholder_format.type in (13, 15, 16))


def _chart(chart: Any) -> Iterator[Row]:
    title = chart.chart_title.text_frame.text if chart.has_title and chart.chart_title.has_text_frame else ""
    series = [str(row.name) for plot in chart.plots for row in plot.series if row.name]
    yield "text", "\n".join(filter(None, [title, ", ".join(series)]))


def _diagram(data: bytes) -> str:
    """Return the words of a SmartArt diagram, one a line."""
    with vendor("lxml", install="knowhub-ext[documents]"):
        from lxml import etree
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    return "\n".join(node.text for node in root.iter(_DRAWN) if node.text)
