"""The contract of readers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from knowhub_ext.domain.locators import CellRef, TextSpan
from knowhub_ext.domain.texts import canonical
from knowhub_ext.errors import UnreadableFile
from knowhub_ext.ports import Reader
from knowhub_ext.testing import fixtures, papers


class ReaderContract:
    """Documents and notebooks to blocks whose locators are exact."""

    @pytest.fixture
    def readable(self, backend: Reader, tmp_path: Path) -> Path:
        """A small file of the first suffix the backend reads; override it for formats the fixtures do not know."""
        suffix = sorted(backend.suffixes)[0]
        path = tmp_path / f"notes{suffix}"
        match suffix:
            case ".ipynb":
                return fixtures.notebook(path)
            case ".pdf":
                return papers.pdf(path, [[(72, 700, 24, "Late acknowledgement")], [(72, 700, 11, "A task is lost.")]])
            case ".pptx":
                return papers.deck(path, [{"title": "Late acknowledgement", "lines": ["A task is lost."]}])
            case ".docx":
                return papers.word(path, [("Heading 1", "Late acknowledgement"), ("Normal", "A task is lost.")])
        path.write_text(fixtures.MARKDOWN, encoding="utf-8")
        return path

    def test_it_is_a_reader_of_lower_case_suffixes(self, backend: Any) -> None:
        assert isinstance(backend, Reader)
        assert backend.suffixes
        assert all(re.fullmatch(r"\.[a-z0-9]+", suffix) for suffix in backend.suffixes)

    def test_text_is_canonical_and_locators_are_exact(self, backend: Reader, readable: Path) -> None:
        document = backend.read(readable, name=readable.name)
        assert document.text == canonical(document.text)
        assert document.blocks
        for block in document.blocks:
            assert block.text.strip()
            assert block.kind in ("text", "heading", "notes", "code")
            if isinstance(block.locator, TextSpan):
                assert document.text[block.locator.start : block.locator.end] == block.text
        cells = [block.locator.cell for block in document.blocks if isinstance(block.locator, CellRef)]
        assert len(cells) == len(set(cells))

    def test_reading_twice_gives_the_same(self, backend: Reader, readable: Path) -> None:
        assert backend.read(readable, name="a") == backend.read(readable, name="a")

    @pytest.mark.parametrize("content", [b"\x00\x01\x02\x03" * 500, b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8])
    def test_what_it_cannot_read_is_one_sentence(self, backend: Reader, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "blob"
        path.write_bytes(content)
        with pytest.raises(UnreadableFile) as raised:
            backend.read(path, name=f"broken{sorted(backend.suffixes)[0]}")
        assert "broken" in raised.value.message

    def test_an_empty_file_is_an_empty_document_or_one_sentence(self, backend: Reader, tmp_path: Path) -> None:
        path = tmp_path / "blob"
        path.write_bytes(b"")
        try:
            document = backend.read(path, name="empty.txt")
        except UnreadableFile:
            return
        assert not document.blocks
