"""PDF pages by PDFium: what its text layer holds, in reading order, page by page. A page without one is said so.

Characters are asked one by one, since only their boxes tell where a column ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import c_double
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowhub_ext.backends.vendors import vendor
from knowhub_ext.domain import hotwords, layout
from knowhub_ext.domain.documents import Block, Document, named_words
from knowhub_ext.domain.layout import Line
from knowhub_ext.domain.locators import PageRef
from knowhub_ext.domain.notes import Note, kept
from knowhub_ext.errors import LockedFile, UnreadableFile

#: A book has fewer pages, a page fewer characters; the rest is left out and said so.
MAX_PAGES = 3_000
MAX_CHARS = 60_000
#: Codes of PDFium's `FPDF_GetLastError`.
_PASSWORD, _SECURITY = 4, 5
#: A gap of so many times the size of the letters ends a piece of a line.
_GAP = 1.6
_OCR = "Recognise its text first, for instance with `ocrmypdf`, and add the result."


class PdfReader:
    """Reads `.pdf`."""

    suffixes = frozenset({".pdf"})

    def read(self, path: Path, *, name: str) -> Document:
        """Read the text layer of a PDF. All blocks of a page carry its number.

        Pages without text are in `notes`; where no page has any, one note says so with the cure, and there is no block.

        Raises:
            UnreadableFile: it is damaged or no PDF.
            LockedFile: it cannot be opened without a password.
            MissingBackend: pypdfium2 is not installed.
        """
        with vendor("pypdfium2", install="knowhub-ext[documents]"):
            import pypdfium2
        try:
            pdf = pypdfium2.PdfDocument(str(path))
        except (pypdfium2.PdfiumError, OSError, ValueError) as error:
            raise _unopened(error, name) from error
        try:
            total = len(pdf)
            pages = [_page(pdf, number) for number in range(min(total, MAX_PAGES))]
            titles = _titles(pdf)
        finally:
            pdf.close()
        blocks = list(_blocks(layout.without_running_heads([page.lines for page in pages])))
        words = tuple(word for title in titles for word in hotwords.from_prose(title)) + named_words(blocks)
        notes = [*_notes(pages, name, bool(blocks)), *_cut(total, pages)]
        text = "\n\n".join(block.text for block in blocks)
        return Document(text=text, blocks=blocks, hot_words=words, notes=kept(notes))


@dataclass(slots=True)
class _Page:
    lines: list[Line] = field(default_factory=list)
    broken: bool = False
    cut: bool = False


def _unopened(error: Exception, name: str) -> UnreadableFile:
    if getattr(error, "err_code", None) in (_PASSWORD, _SECURITY):
        return LockedFile(f"'{name}' is protected by a password.")
    return UnreadableFile(
        f"'{name}' is damaged or no PDF.", cure="Open it in a PDF viewer, print it into a new PDF and add that."
    )


def _titles(pdf: Any) -> list[str]:
    """Return the document's title and its bookmarks: what its author calls things."""
    found = [pdf.get_metadata_dict().get("Title", "")]
    try:
        for number, mark in enumerate(pdf.get_toc(max_depth=4)):
            if number >= 500:
                break
            found.append(mark.get_title())
    except (RuntimeError, RecursionError, UnicodeError):  # an outline that leads in circles names nothing
        pass
    return found


def _page(pdf: Any, index: int) -> _Page:
    from pypdfium2 import PdfiumError

    try:
        page = pdf[index]
    except PdfiumError:
        return _Page(broken=True)
    try:
        text = page.get_textpage()
        count = text.count_chars()
        pieces = list(_pieces(text.raw, min(count, MAX_CHARS)))
        text.close()
    except PdfiumError:
        return _Page(broken=True)
    finally:
        page.close()
    return _Page(lines=layout.in_reading_order(pieces), cut=count > MAX_CHARS)


def _pieces(text: Any, count: int) -> Iterator[Line]:
    """Yield the pieces of a page's lines in the order of the file."""
    import pypdfium2.raw as pdfium

    run: list[tuple[int, str]] = []
    continues = False
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(text, index)
        letter = chr(code) if code < 0x110000 else ""
        if pdfium.FPDFText_IsHyphen(text, index) == 1:  # PDFium joins what it divides, but cannot know compounds
            run.append((index, "-"))
            letter = "\n"
        if letter in ("\r", "\n"):
            yield from _line(text, run, continues)
            run, continues = [], False
        elif letter not in ("\0", "\ufffe", "\x02", "") and not 0xD800 <= code < 0xE000:
            if run and run[-1][1] == " " and letter != " " and _is_apart(text, run, index):
                yield from _line(text, run, continues)
                run, continues = [], True
            run.append((index, letter))
    yield from _line(text, run, continues)


def _is_apart(text: Any, run: list[tuple[int, str]], index: int) -> bool:
    """Say whether a wide gap lies between the last visible character of `run` and that at `index`."""
    last = next((at for at, letter in reversed(run) if letter != " "), None)
    if last is None:
        return False
    before, here = _box(text, last), _box(text, index)
    return here[0] - before[1] > _GAP * max(_size(text, index), 1.0) or here[0] < before[0] - 1.0


def _line(text: Any, run: list[tuple[int, str]], continues: bool) -> Iterator[Line]:
    seen = [at for at, letter in run if letter != " "]
    words = layout.cleaned("".join(letter for _, letter in run))
    if seen and words:
        first, last = _box(text, seen[0]), _box(text, seen[-1])
        size = _size(text, seen[len(seen) // 2])
        yield Line(
            text=words, left=min(first[0], last[0]), right=max(first[1], last[1]), bottom=min(first[2], last[2]),
            top=max(first[2] + size, last[3]), size=size, continues=continues,
        )


def _box(text: Any, index: int) -> tuple[float, float, float, float]:
    """Return left, right, bottom and top of a character."""
    import pypdfium2.raw as pdfium

    sides = [c_double() for _ in range(4)]
    pdfium.FPDFText_GetCharBox(text, index, *sides)
    return sides[0].value, sides[1].value, sides[2].value, sides[3].value


def _size(text: Any, index: int) -> float:
    """Return the height of a character as it is shown: its font's size may be 1 under a scaling matrix."""
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    size = float(pdfium.FPDFText_GetFontSize(text, index))
    if pdfium.FPDFText_GetMatrix(text, index, matrix):
        size *= max(abs(matrix.d), abs(matrix.b)) or 1.0
    return min(size, 500.0)


def _blocks(pages: list[list[Line]]) -> Iterator[Block]:
    body, known = layout.body_size(pages), layout.hyphenated(pages)
    for number, lines in enumerate(pages, 1):
        for kind, text in layout.paragraphs(lines, body=body, known=known):
            if text:
                yield Block(text=text, kind=kind, locator=PageRef(page=number))


def _notes(pages: list[_Page], name: str, text: bool) -> Iterator[Note]:
    if not text:
        yield Note(message=f"'{name}' holds page images only; no text layer is in it. {_OCR}")
        return
    for number, page in enumerate(pages, 1):
        if page.broken:
            yield Note(page=number, message=f"Page {number} is damaged and was left out.")
        elif not page.lines:
            yield Note(page=number, message=f"Page {number} is a picture or empty; there is no text in it.")


def _cut(total: int, pages: list[_Page]) -> Iterator[Note]:
    for number in (n for n, page in enumerate(pages, 1) if page.cut):
        yield Note(page=number, message=f"Page {number} has more than {MAX_CHARS:,} characters; the rest was left out.")
    if total > MAX_PAGES:
        yield Note(message=f"It has {total:,} pages; those after page {MAX_PAGES:,} were left out.")
