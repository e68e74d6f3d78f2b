"""What a reader makes of a document or a notebook: canonical text in blocks, each with its locator."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowhub_ext.domain import hotwords
from knowhub_ext.domain.locators import Locator, TextSpan
from knowhub_ext.domain.notes import Note
from knowhub_ext.domain.texts import canonical

#: What a block may be: `notes` is what a speaker noted under a slide; `code` is never split into sentences.
KINDS = ("text", "heading", "notes", "code")


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A stretch of a document that belongs together: a paragraph, a page or a cell."""

    text: str
    locator: Locator
    kind: str = "text"  #: one of `KINDS`


@dataclass(frozen=True, kw_only=True, slots=True)
class CellLink:
    """A cell and the stretch of a medium it belongs to, from the cell's `metadata.knowhub.segments`.

    `media` is the medium's file name, since a notebook under version control cannot know ids of one data folder.
    """

    cell: str
    media: str
    start_ms: int
    end_ms: int
    quote: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A read document. `text` is canonical (see `texts.canonical`); `hot_words` as mined, as often as they occur.

    `notes` says what of the file could not be read: a page without a text layer is named there.
    """

    text: str
    blocks: Sequence[Block]
    links: Sequence[CellLink] = ()
    hot_words: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


#: A kind of block and its text, before it has a place.
Row = tuple[str, str]


def spanned(rows: Iterable[Row]) -> tuple[str, list[Block]]:
    """Set rows one below the other; return the canonical text and blocks whose spans cut exactly themselves out of it.

    Rows without visible text are left out.
    """
    blocks: list[Block] = []
    at = 0
    for kind, raw in rows:
        text = canonical(raw).strip() if kind != "code" else canonical(raw).strip("\n")
        if text.strip():
            blocks.append(Block(text=text, kind=kind, locator=TextSpan(start=at, end=at + len(text))))
            at += len(text) + 2
    return "\n\n".join(block.text for block in blocks), blocks


def named_words(blocks: Iterable[Block]) -> tuple[str, ...]:
    """Return the hot words of blocks: all names in headings, identifiers in code, and in prose what is spelled like
    a term (`PostgreSQL`, `B-tree`, `BM25`), since any sentence begins with a capital."""
    found: list[str] = []
    for block in blocks:
        if block.kind == "code":
            found += hotwords.from_code(block.text)
            continue
        words = hotwords.from_prose(block.text)
        found += words if block.kind == "heading" else [w for w in words if not (w.isalpha() and w[1:].islower())]
    return tuple(found)
