"""PDF, slides and Word documents: places are exact, what cannot be read is said."""

from __future__ import annotations

import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from knowhub_ext.backends import office
from knowhub_ext.backends.readers.docx import DocxReader
from knowhub_ext.backends.readers.html import HtmlReader
from knowhub_ext.backends.readers.pdf import PdfReader
from knowhub_ext.backends.readers.pptx import PptxReader
from knowhub_ext.domain.documents import Document
from knowhub_ext.domain.locators import PageRef
from knowhub_ext.domain.passages import of_blocks
from knowhub_ext.errors import LockedFile, MissingBackend, UnreadableFile, UnsupportedFile
from knowhub_ext.testing import papers
from tests.backends.packages import replace_part


def read_pdf(path: Path) -> Document:
    return PdfReader().read(path, name=path.name)


def rows(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in document.blocks]


# PDF


def test_a_pdf_is_headings_and_paragraphs_by_page(tmp_path: Path) -> None:
    document = read_pdf(papers.pdf(tmp_path / "a.pdf", [
        [(72, 760, 24, "Why GIN finds words"), (72, 700, 11, "A GIN index keeps a posting list"),
         (72, 686, 11, "for every word of the document."), (72, 640, 11, "A B-tree keeps whole values in order.")],
        [(72, 760, 11, "The second page speaks of tsvector.")],
    ], title="GIN and GiST"))
    assert [(b.locator, b.kind, b.text) for b in document.blocks] == [
        (PageRef(page=1), "heading", "Why GIN finds words"),
        (PageRef(page=1), "text", "A GIN index keeps a posting list for every word of the document."),
        (PageRef(page=1), "text", "A B-tree keeps whole values in order."),
        (PageRef(page=2), "text", "The second page speaks of tsvector."),
    ]
    assert {"GIN", "GiST", "B-tree"} <= set(document.hot_words)
    assert document.notes == ()


COLUMN = ("Acknowledging late means that the", "broker keeps a task until it has", "ended, and that a worker that",
          "dies in the middle loses nothing", "that somebody else cannot do.")
OTHER = ("The second column goes on about", "the visibility timeout, which is", "one hour unless somebody has set",
         "it, and after which the message", "is delivered a second time.")


@pytest.mark.parametrize("by_rows", [False, True], ids=["column after column", "row after row"])
def test_two_columns_are_read_one_after_the_other(tmp_path: Path, by_rows: bool) -> None:
    left = [(72.0, 700.0 - 14 * n, 11.0, text) for n, text in enumerate(COLUMN)]
    right = [(320.0, 700.0 - 14 * n, 11.0, text) for n, text in enumerate(OTHER)]
    body = [row for pair in zip(left, right, strict=True) for row in pair] if by_rows else [*left, *right]
    title = (72.0, 760.0, 24.0, "Late acknowledgement in two columns")
    document = read_pdf(papers.pdf(tmp_path / "a.pdf", [[title, *body]]))
    text = " ".join(" ".join(block.text for block in document.blocks).split())
    assert text == " ".join([title[3], *COLUMN, *OTHER])


def test_a_table_keeps_its_rows(tmp_path: Path) -> None:
    cells = [("Broker", "Redis"), ("Timeout", "1 h"), ("Prefetch", "4"), ("Pool", "prefork"), ("Late", "yes")]
    words = [(72.0 + 330 * x, 700.0 - 14 * n, 11.0, cell) for n, row in enumerate(cells) for x, cell in enumerate(row)]
    document = read_pdf(papers.pdf(tmp_path / "a.pdf", [words]))
    assert "Timeout 1 h" in " ".join(" ".join(b.text.split()) for b in document.blocks)


def test_divided_words_are_closed_and_hyphens_that_belong_stay(tmp_path: Path) -> None:
    lines = (
        "The visibility time-", "out is one hour. A well-", "known B-tree and a well-known",
        "ﬁle are in the ofﬂine set.",
    )
    document = read_pdf(papers.pdf(tmp_path / "a.pdf", [[(72, 700 - 14 * n, 11, x) for n, x in enumerate(lines)]]))
    assert document.blocks[0].text == (
        "The visibility timeout is one hour. A well-known B-tree and a well-known file are in the offline set."
    )


def test_a_scan_says_that_it_has_no_text_layer(tmp_path: Path) -> None:
    document = read_pdf(papers.pdf(tmp_path / "scan.pdf", [[], []]))
    assert (document.text, list(document.blocks)) == ("", [])
    [note] = document.notes
    assert note.message.startswith("'scan.pdf' holds page images only; no text layer")
    assert "ocrmypdf" in note.message


def test_a_page_without_text_is_named_among_others(tmp_path: Path) -> None:
    said = (72, 700, 11, "Some words that make up a page.")
    document = read_pdf(papers.pdf(tmp_path / "a.pdf", [[said], [], [said]]))
    assert [(note.page, note.message) for note in document.notes] == [
        (2, "Page 2 is a picture or empty; there is no text in it.")
    ]


def test_a_locked_pdf_says_so(tmp_path: Path) -> None:
    page = [[(72, 700, 11, "secret")]]
    assert rows(read_pdf(papers.pdf(tmp_path / "open.pdf", page))) == [("text", "secret")]
    with pytest.raises(LockedFile, match=r"'a\.pdf' is protected by a password"):
        read_pdf(papers.pdf(tmp_path / "a.pdf", page, locked=True))


def test_half_a_pdf_is_read_or_one_sentence(tmp_path: Path) -> None:
    whole = papers.pdf(tmp_path / "a.pdf", [[(72, 700, 11, f"Page {n}")] for n in range(9)]).read_bytes()
    for share in range(1, 10):
        path = tmp_path / "half.pdf"
        path.write_bytes(whole[: len(whole) * share // 10])
        with suppress(UnreadableFile):
            assert len(read_pdf(path).blocks) <= 9


def test_passages_never_cross_a_page(tmp_path: Path) -> None:
    pages = [[(72, 760, 20, f"Heading {n}"), (72, 700, 11, f"Page {n} says one thing."),
              (72, 640, 11, f"Page {n} says {word}.")] for n, word in enumerate(("another", "more", "all"), 1)]
    passages = of_blocks(read_pdf(papers.pdf(tmp_path / "a.pdf", pages)).blocks)
    assert list(dict.fromkeys(passage.locator for passage in passages)) == [PageRef(page=n) for n in range(1, 4)]
    assert all(f"Page {passage.locator.page} says" in passage.text for passage in passages)
    assert passages[0].text == "Heading 1 Page 1 says one thing. Page 1 says another."


def test_running_heads_and_page_numbers_are_left_out(tmp_path: Path) -> None:
    pages = [[(72, 800, 9, "Notes on Celery"), (72, 700, 11, f"Sentence {word} of the text."), (300, 30, 9, str(n))]
             for n, word in enumerate(("one", "two", "three", "four"), 1)]
    assert read_pdf(papers.pdf(tmp_path / "a.pdf", pages)).text.split("\n\n") == [
        f"Sentence {word} of the text." for word in ("one", "two", "three", "four")
    ]
    assert "Notes on Celery" in read_pdf(papers.pdf(tmp_path / "b.pdf", pages[:2])).text


# Slides


SLIDES = [
    {"title": "Late acknowledgement", "lines": ["acks_late is set", "PostgreSQL waits"], "notes": "Tell the joke."},
    {},
    {"title": "Numbers", "table": [["Broker", "Timeout"], ["Redis", "1 h"]]},
]


def test_a_slide_is_a_page_with_title_text_tables_and_notes(tmp_path: Path) -> None:
    document = PptxReader().read(papers.deck(tmp_path / "a.pptx", SLIDES), name="a.pptx")
    assert [(b.locator.page, b.kind, b.text) for b in document.blocks if isinstance(b.locator, PageRef)] == [
        (1, "heading", "Late acknowledgement"), (1, "text", "acks_late is set\nPostgreSQL waits"),
        (1, "notes", "Tell the joke."), (3, "heading", "Numbers"), (3, "text", "Broker | Timeout\nRedis | 1 h"),
    ]
    assert {"Late", "PostgreSQL"} <= set(document.hot_words)
    assert [(n.page, n.message) for n in document.notes] == [
        (2, "Slide 2 holds pictures only; there is no text in it.")
    ]


def test_a_chart_and_a_group_are_read(tmp_path: Path) -> None:
    import pptx
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches

    made = pptx.Presentation()
    slide = made.slides.add_slide(made.slide_layouts[6])
    data = CategoryChartData()
    data.categories = ["a", "b"]
    data.add_series("Throughput", (1, 2))
    slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, Inches(1), Inches(1), Inches(4), Inches(3), data)
    group = slide.shapes.add_group_shape().shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "inside a group"
    made.save(str(tmp_path / "a.pptx"))
    assert [b.text for b in PptxReader().read(tmp_path / "a.pptx", name="a.pptx").blocks] == [
        "Throughput", "inside a group"
    ]


# Without the extra


@pytest.mark.parametrize(("reader", "module"), [
    (PdfReader, "pypdfium2"), (PptxReader, "pptx"), (DocxReader, "docx"), (HtmlReader, "bs4"),
])
def test_without_its_package_a_reader_says_the_command(
    tmp_path: Path, reader: type[PdfReader], module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingBackend) as raised:
        reader().read(tmp_path / "a", name="a")
    assert raised.value.cure == "Install it with `pip install 'knowhub-ext[documents]'`."


# Both of Office


READERS = [(DocxReader, ".docx", "word/document.xml"), (PptxReader, ".pptx", "ppt/presentation.xml")]


@pytest.mark.parametrize(("reader", "suffix", "main"), READERS)
def test_old_locked_and_foreign_packages_each_say_what_helps(
    tmp_path: Path, reader: type[DocxReader], suffix: str, main: str
) -> None:
    path = tmp_path / "blob"
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    path.write_bytes(ole)
    with pytest.raises(UnsupportedFile) as old:
        reader().read(path, name=f"a{suffix}")
    assert f"save it as {suffix}" in old.value.cure
    path.write_bytes(ole + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(LockedFile):
        reader().read(path, name=f"a{suffix}")
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("content.opf", "a book")
    with pytest.raises(UnreadableFile, match=f"holds no {main}"):
        reader().read(path, name=f"a{suffix}")


@pytest.mark.parametrize(("reader", "suffix", "main"), READERS)
def test_a_package_that_unfolds_without_end_is_refused_before_it_is_opened(
    tmp_path: Path, reader: type[DocxReader], suffix: str, main: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"a{suffix}"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(main, b" " * 70_000_000)
    assert path.stat().st_size < 100_000
    with pytest.raises(UnreadableFile, match="unfolds"):
        reader().read(path, name=path.name)
    monkeypatch.setattr(office, "MAX_MARKUP", 1 << 40)  # without the guard the vendor is asked
    with pytest.raises(UnreadableFile, match="damaged"):
        reader().read(path, name=path.name)


@pytest.mark.parametrize(("reader", "suffix", "main"), READERS)
def test_entities_are_not_unfolded_and_nothing_is_fetched(
    tmp_path: Path, reader: type[DocxReader], suffix: str, main: str
) -> None:
    made = papers.word(tmp_path / "a.docx", [("Normal", "x")]) if suffix == ".docx" else papers.deck(
        tmp_path / "a.pptx", [{"title": "x"}]
    )
    secret = tmp_path / "secret.txt"
    secret.write_text("CANARY")
    part = main if suffix == ".docx" else "ppt/slides/slide1.xml"
    with zipfile.ZipFile(made) as package:
        xml = package.read(part).decode()
    head, body = xml.split("?>", 1)
    hostile = f'{head}?><!DOCTYPE d [<!ENTITY f SYSTEM "{secret.as_uri()}">]>' + body.replace(">x<", ">&f;<")
    replace_part(made, part, hostile.encode())
    try:
        text = reader().read(made, name=made.name).text
    except UnreadableFile:
        return
    assert "CANARY" not in text
