"""Word documents: what a reader sees is read, in its order, and what was deleted is not."""

from __future__ import annotations

import zipfile
from pathlib import Path

from knowhub_ext.backends.readers.docx import DocxReader
from knowhub_ext.domain.documents import Document
from knowhub_ext.testing import papers
from tests.backends.packages import replace_part


def rows(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in document.blocks]


def test_a_word_document_is_headings_paragraphs_items_and_tables(tmp_path: Path) -> None:
    path = papers.word(tmp_path / "a.docx", [
        ("Title", "Notes on PostgreSQL"), ("Heading 1", "Late acknowledgement"), ("Normal", "A task is lost."),
        ("List Bullet", "It may run twice."), ("Normal", ""),
    ], table=[["Broker", "Timeout"], ["Redis", "1 h"]])
    document = DocxReader().read(path, name="a.docx")
    assert rows(document) == [
        ("heading", "Notes on PostgreSQL"), ("heading", "Late acknowledgement"), ("text", "A task is lost."),
        ("text", "- It may run twice."), ("text", "Broker | Timeout\nRedis | 1 h"),
    ]
    assert "PostgreSQL" in document.hot_words


def test_what_was_inserted_counts_and_what_was_deleted_does_not(tmp_path: Path) -> None:
    path = papers.word(tmp_path / "a.docx", [("Normal", "KEEP")])
    body = (
        f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>one </w:t></w:r><w:ins><w:r><w:t>two </w:t></w:r></w:ins>'
        "<w:del><w:r><w:delText>three </w:delText></w:r></w:del><w:r><w:t>four</w:t></w:r></w:p></w:body></w:document>"
    )
    replace_part(path, "word/document.xml", body.encode())
    assert rows(DocxReader().read(path, name="a.docx")) == [("text", "one two four")]


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def test_a_footnote_stands_behind_the_paragraph_that_refers_to_it(tmp_path: Path) -> None:
    path = papers.word(tmp_path / "a.docx", [("Normal", "x")])
    said = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r>{mark}</w:p>" for text, mark in [
        ("A task is lost.", '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:endnoteReference w:id="2"/></w:r>'),
        ("It may run twice.", '<w:r><w:footnoteReference w:id="3"/><w:footnoteReference w:id="9"/></w:r>'),
    ])
    replace_part(path, "word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{said}</w:body></w:document>'.encode())
    add_notes(path, "footnotes", {"2": "Unless acks_late is set.", "3": "See the visibility timeout."})
    add_notes(path, "endnotes", {"2": "Kombu, chapter 4."})
    document = DocxReader().read(path, name="a.docx")
    assert [text for _, text in rows(document)] == [
        "A task is lost.", "Unless acks_late is set.", "Kombu, chapter 4.",
        "It may run twice.", "See the visibility timeout.",
    ], "the line between text and notes is no note, and a reference to nothing is nothing"
    assert all(document.text[b.locator.start : b.locator.end] == b.text for b in document.blocks)


def add_notes(path: Path, kind: str, notes: dict[str, str]) -> None:
    one = kind.removesuffix("s")
    made = f'<w:{one} w:type="separator" w:id="-1"><w:p><w:r><w:t>LINE</w:t></w:r></w:p></w:{one}>' + "".join(
        f'<w:{one} w:id="{n}"><w:p><w:r><w:{one}Ref/></w:r><w:r><w:t> {text}</w:t></w:r></w:p></w:{one}>'
        for n, text in notes.items()
    )
    replace_part(path, f"word/{kind}.xml", f'<w:{kind} xmlns:w="{W}">{made}</w:{kind}>'.encode())
    media = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
    kinds = f'<Override PartName="/word/{kind}.xml" ContentType="{media}"/></Types>'
    sort = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    relation = f'<Relationship Id="{kind}" Type="{sort}" Target="{kind}.xml"/></Relationships>'
    for part, end, more in (
        ("[Content_Types].xml", "</Types>", kinds), ("word/_rels/document.xml.rels", "</Relationships>", relation)
    ):
        with zipfile.ZipFile(path) as package:
            before = package.read(part).decode()
        replace_part(path, part, before.replace(end, more).encode())


def test_what_stands_in_a_content_control_is_read(tmp_path: Path) -> None:
    path = papers.word(tmp_path / "a.docx", [("Normal", "x")])
    inside, cell = (f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in ("inside", "cell"))
    held = f"{inside}<w:tbl><w:tr><w:tc>{cell}</w:tc></w:tr></w:tbl>"
    body = (
        f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>before</w:t></w:r></w:p><w:sdt><w:sdtPr/><w:sdtContent>'
        f"{held}</w:sdtContent></w:sdt><w:p><w:r><w:t>after</w:t></w:r></w:p></w:body></w:document>"
    )
    replace_part(path, "word/document.xml", body.encode())
    assert [text for _, text in rows(DocxReader().read(path, name="a.docx"))] == ["before", "inside", "cell", "after"]
