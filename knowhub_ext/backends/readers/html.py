"""Web pages as headings, paragraphs, items, tables and code, by Beautiful Soup. Nothing is fetched and nothing runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowhub_ext.backends.plaintext import decode, read_bytes
from knowhub_ext.backends.vendors import vendor
from knowhub_ext.domain.documents import Document, Row, named_words, spanned
from knowhub_ext.domain.notes import without_text
from knowhub_ext.errors import UnreadableFile

#: A saved page of a whole book is a tenth of this.
MAX_BYTES = 16 * 1024 * 1024
#: What a reader of the page does not see, or does not read as its text.
_DROPPED = frozenset(
    "script style template noscript head title iframe object embed svg canvas audio video nav select option datalist "
    "button input textarea dialog map".split()
)
_HEADINGS = frozenset(f"h{n}" for n in range(1, 7))
_BLOCKS = _HEADINGS | frozenset(
    "address article aside blockquote body caption dd details div dl dt fieldset figcaption figure footer form header "
    "hr html legend li main ol p section summary table tbody tfoot thead tr ul".split()
)
_PICTURES = ["img", "picture", "svg", "canvas", "video", "object", "embed"]
#: Blocks that stay within the line of the table's row they stand in.
_CELL_BLOCKS = frozenset("p div ul ol li dl dt dd".split())
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,40})", re.IGNORECASE)


class HtmlReader:
    """Reads `.html` and `.htm`."""

    suffixes = frozenset({".html", ".htm"})

    def read(self, path: Path, *, name: str) -> Document:
        """Read a web page; every block's span cuts exactly its text out of the document's. One without any text but its
        title has none, and a note that says so.

        Raises:
            UnreadableFile: it is not text, or larger than `MAX_BYTES`.
            MissingBackend: Beautiful Soup is not installed.
        """
        with vendor("beautifulsoup4", install="knowhub-ext[documents]"):
            import bs4
        data = read_bytes(path, name=name)
        if len(data) > MAX_BYTES:
            raise UnreadableFile(f"'{name}' is larger than {MAX_BYTES >> 20} MB, too large for a web page.")
        try:
            page = bs4.BeautifulSoup(_decoded(data, name), "html.parser")
        except (AssertionError, ValueError, RecursionError, bs4.exceptions.ParserRejectedMarkup) as error:
            raise UnreadableFile(f"'{name}' is no web page that can be read.") from error
        title = page.title.get_text(" ", strip=True) if page.title else ""
        rows = list(_rows(page))
        if title and rows and not any(kind == "heading" for kind, _ in rows):
            rows.insert(0, ("heading", title))
        text, blocks = spanned(rows)
        notes = () if blocks else (without_text(name, pictures=page.find(_PICTURES) is not None),)
        return Document(text=text, blocks=blocks, hot_words=named_words(blocks), notes=notes)


def _decoded(data: bytes, name: str) -> str:
    """Decode by the byte-order mark or as UTF-8, else by what the page says of itself, else as other text files."""
    declared = _CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        try:
            decode(data[:65536], name=name)  # binary is binary, whatever it claims
            return data.decode(declared.group(1).decode("ascii"))
        except (LookupError, UnicodeError):
            pass
    return decode(data, name=name)


class _Collector:
    """Gathers inline text until a block begins or ends; `kind` and `prefix` are those of the block that is open."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._parts: list[str] = []
        self.kind, self.prefix = "text", ""

    def add(self, text: str) -> None:
        self._parts.append(text)

    def flush(self) -> None:
        text = "".join(self._parts)
        self._parts = []
        if self.kind != "code":
            text = re.sub(r"[ \t\r\f\n\u00a0]*\x00[ \t\r\f\n\u00a0]*", "\n", re.sub(r"[ \t\r\n\f\u00a0]+", " ", text))
            text = text.strip().rstrip("|").rstrip()
        if text.strip():
            self.rows.append((self.kind, f"{self.prefix}{text}"))
            self.prefix = ""


def _rows(page: Any) -> list[Row]:
    """Walk the page without recursion, since a hostile one nests without end."""
    out = _Collector()
    todo: list[tuple[Any, bool]] = [(page, False)]
    while todo:
        node, leaving = todo.pop()
        name = getattr(node, "name", None)
        if name is None:
            _take_text(node, out)
        elif leaving:
            _leave(name, out)
        elif name not in _DROPPED and not _is_hidden(node):
            _enter(node, name, out)
            todo.append((node, True))
            todo += [(child, False) for child in reversed(node.contents)]
    out.flush()
    return list(_lines_joined(out.rows))


def _take_text(node: Any, out: _Collector) -> None:
    if type(node).__name__ in ("NavigableString", "CData"):  # not a comment, a doctype or a processing instruction
        out.add(str(node))


def _is_hidden(node: Any) -> bool:
    attributes = node.attrs
    return "hidden" in attributes or bool(_HIDDEN.search(str(attributes.get("style", ""))))


def _enter(node: Any, name: str, out: _Collector) -> None:
    if name == "br":
        out.add("\n" if out.kind == "code" else "\x00")
    elif name == "img" and node.get("alt"):
        out.add(f" {node['alt']} ")
    elif name == "pre":
        out.flush()
        out.kind = "code"
    elif out.kind == "row" and name in _CELL_BLOCKS:
        out.add(" ")
    elif name in _BLOCKS and out.kind != "code":
        out.flush()
        out.kind = "heading" if name in _HEADINGS else "row" if name == "tr" else "text"
        if name == "li":
            out.prefix = "- "


def _leave(name: str, out: _Collector) -> None:
    if name in ("td", "th") and out.kind != "code":
        out.add(" | ")
    elif out.kind == "row" and name in _CELL_BLOCKS:
        out.add(" ")
    elif name == "pre" or (name in _BLOCKS and out.kind != "code"):
        out.flush()
        out.kind = "text"
        out.prefix = ""


def _lines_joined(rows: list[Row]) -> Iterator[Row]:
    """Yield neighbouring rows of a table as one block, a row a line."""
    held: list[str] = []
    for kind, text in [*rows, ("", "")]:
        if kind == "row":
            held.append(text)
            continue
        if held:
            yield "text", "\n".join(held)
            held = []
        if kind:
            yield kind, text
