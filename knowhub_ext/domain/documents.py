"""What a reader makes of a document or a notebook: canonical text in blocks, each with its locator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowhub_ext.domain.locators import Locator


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A stretch of a document that belongs together: a paragraph, a page or a cell."""

    text: str
    locator: Locator
    #: `text`, `heading` or `code`: code is never split into sentences.
    kind: str = "text"


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
    """A read document. `text` is canonical (see `texts.canonical`); `hot_words` as mined, as often as they occur."""

    text: str
    blocks: Sequence[Block]
    links: Sequence[CellLink] = ()
    hot_words: tuple[str, ...] = ()
