"""Domain values as compact JSON values of a row, and back. Times stay whole milliseconds."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from typing import Any

from knowhub_ext.domain.documents import Block
from knowhub_ext.domain.locators import CellRef, Locator, PageRef, TextSpan, TimeSpan
from knowhub_ext.domain.passages import Sentence
from knowhub_ext.domain.segments import Word


def pack_locator(locator: Locator) -> list[Any]:
    match locator:
        case TimeSpan(start_ms=start, end_ms=end):
            return ["time", start, end]
        case PageRef(page=page):
            return ["page", page]
        case CellRef(cell=cell):
            return ["cell", cell]
        case TextSpan(start=start, end=end):
            return ["text", start, end]


def unpack_locator(data: Sequence[Any]) -> Locator:
    match data:
        case ["time", start, end]:
            return TimeSpan(start_ms=start, end_ms=end)
        case ["page", page]:
            return PageRef(page=page)
        case ["cell", cell]:
            return CellRef(cell=cell)
        case ["text", start, end]:
            return TextSpan(start=start, end=end)
    raise ValueError(f"No locator is stored as {data!r}.")


def pack_words(words: Sequence[Word]) -> list[Any]:
    return [[word.start_ms, word.end_ms, word.text, round(word.probability, 4)] for word in words]


def unpack_words(data: Sequence[Sequence[Any]]) -> tuple[Word, ...]:
    return tuple(Word(start_ms=s, end_ms=e, text=text, probability=p) for s, e, text, p in data)


def pack_sentences(sentences: Sequence[Sentence]) -> list[Any]:
    return [[sentence.text, int(sentence.code), *pack_locator(sentence.locator)] for sentence in sentences]


def unpack_sentences(data: Sequence[Sequence[Any]]) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(text=text, code=bool(code), locator=unpack_locator(locator)) for text, code, *locator in data
    )


def pack_blocks(blocks: Sequence[Block]) -> list[Any]:
    return [[block.kind, block.text, *pack_locator(block.locator)] for block in blocks]


def unpack_blocks(data: Sequence[Sequence[Any]]) -> list[Block]:
    return [Block(kind=kind, text=text, locator=unpack_locator(locator)) for kind, text, *locator in data]


def pack_vector(vector: Sequence[float]) -> bytes:
    """Return float32, little-endian, whatever this machine's order is."""
    numbers = array("f", vector)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def unpack_vector(data: bytes) -> array[float]:
    numbers = array("f")
    numbers.frombytes(data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
