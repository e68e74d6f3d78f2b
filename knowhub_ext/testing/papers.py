"""Documents for tests, made on the spot: PDF by hand, slides and Word documents by the vendors that read them."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

#: Words at a place of a page: x and y of the baseline's start in points from the lower left, size, text.
Words = tuple[float, float, float, str]
#: A page of A4.
SHEET = (595, 842)
#: Mac Roman has two ligatures that Python's table of it maps to nothing.
_LIGATED = {"ﬁ": b"\xde", "ﬂ": b"\xdf"}


def pdf(
    path: Path, pages: Sequence[Sequence[Words]], *, size: tuple[int, int] = SHEET, title: str = "",
    locked: bool = False,
) -> Path:
    """Write a PDF of Helvetica. A page without words holds a grey rectangle, as a scan holds its picture.

    Characters are those of Mac Roman, which has the ligatures `ﬁ` and `ﬂ`. `locked` asks for a password nobody has.
    """
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /MacRomanEncoding >>"
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        font,
        f"<< /Title ({title}) >>".encode("latin-1"),
    ]
    for number, words in enumerate(pages):
        content = zlib.compress(_drawn(words))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] /Contents {6 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(
            f"<< /Length {len(content)} /Filter /FlateDecode >>\nstream\n".encode() + content + b"\nendstream"
        )
    path.write_bytes(_file(objects, locked))
    return path


def _drawn(words: Sequence[Words]) -> bytes:
    if not words:
        return b"0.8 g 50 50 400 600 re f"
    rows = [b"BT"]
    for x, y, size, text in words:
        shown = b"".join(_LIGATED.get(letter) or letter.encode("mac-roman", "replace") for letter in text)
        for sign in (b"\\", b"(", b")"):
            shown = shown.replace(sign, b"\\" + sign)
        rows.append(f"/F1 {size} Tf 1 0 0 1 {x} {y} Tm (".encode() + shown + b") Tj")
    return b"\n".join([*rows, b"ET"])


def _file(objects: Sequence[bytes], locked: bool) -> bytes:
    data = b"%PDF-1.7\n"
    places = []
    for number, value in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    start = len(data)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    lock = b" /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>]" % (
        b"41" * 32, b"42" * 32
    ) if locked else b""
    return data + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R /Info 4 0 R%s >>\nstartxref\n%d\n%%%%EOF"
        % (len(objects) + 1, table, len(objects) + 1, lock, start)
    )


def deck(path: Path, slides: Sequence[Mapping[str, Any]]) -> Path:
    """Write slides by python-pptx; each is `{"title", "lines", "notes", "table"}`, all of them optional."""
    import pptx
    from pptx.util import Inches

    made = pptx.Presentation()
    for spec in slides:
        slide = made.slides.add_slide(made.slide_layouts[1 if spec.get("title") else 6])
        if spec.get("title"):
            slide.shapes.title.text = spec["title"]
            slide.placeholders[1].text_frame.text = "\n".join(spec.get("lines", ()))
        if spec.get("table"):
            rows = spec["table"]
            place = (Inches(1), Inches(3), Inches(6), Inches(2))
            table = slide.shapes.add_table(len(rows), len(rows[0]), *place).table
            for y, row in enumerate(rows):
                for x, cell in enumerate(row):
                    table.cell(y, x).text = cell
        if spec.get("notes"):
            slide.notes_slide.notes_text_frame.text = spec["notes"]
    made.save(str(path))
    return path


def word(path: Path, rows: Sequence[tuple[str, str]], *, table: Sequence[Sequence[str]] = ()) -> Path:
    """Write a Word document by python-docx of `(style, text)` paragraphs and a table at its end."""
    import docx

    made = docx.Document()
    for style, text in rows:
        made.add_paragraph(text, style=style)
    if table:
        grid = made.add_table(len(table), len(table[0]))
        for y, row in enumerate(table):
            for x, cell in enumerate(row):
                grid.cell(y, x).text = cell
    made.save(str(path))
    return path
