"""Text and notebooks: every locator exact, code kept whole, links checked, what cannot be read named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowhub_ext.backends.readers.notebook import MAX_OUTPUT_CHARS, NotebookReader
from knowhub_ext.backends.readers.text import TextReader
from knowhub_ext.domain.documents import CellLink, Document
from knowhub_ext.domain.locators import CellRef, TextSpan
from knowhub_ext.errors import UnreadableFile
from knowhub_ext.testing import fixtures


def read_text(folder: Path, text: str | bytes, name: str = "a.md") -> Document:
    path = folder / "blob"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return TextReader().read(path, name=name)


def test_markdown_is_headings_paragraphs_code_and_items(tmp_path: Path) -> None:
    document = read_text(tmp_path, fixtures.MARKDOWN)
    assert [(b.kind, b.text.split("\n")[0].split(" the ")[0]) for b in document.blocks] == [
        ("heading", "# Late acknowledgement"),
        ("text", "With `acks_late`"),
        ("code", "```python"),
        ("text", "- A task may run twice."),
        ("text", "- So it must be idempotent."),
    ]


def test_an_underlined_heading_is_one(tmp_path: Path) -> None:
    document = read_text(tmp_path, "Title\n=====\ntext\n")
    assert [(b.kind, b.text) for b in document.blocks] == [("heading", "Title\n====="), ("text", "text")]


def test_a_fence_that_is_never_closed_is_code_to_the_end(tmp_path: Path) -> None:
    document = read_text(tmp_path, "text\n\n~~~\n# no heading\n\nx = 1\n")
    assert [b.kind for b in document.blocks] == ["text", "code"]


def test_plain_text_knows_no_markup(tmp_path: Path) -> None:
    document = read_text(tmp_path, "# not a heading\n- nor an item\n", "a.txt")
    assert [b.kind for b in document.blocks] == ["text"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    assert read_text(tmp_path, "Grüße – schön".encode(encoding)).text == "Grüße – schön"


def test_binary_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"'a\.md' is binary"):
        read_text(tmp_path, b"\x7fELF\x02\x01\x01\x00" * 40)


@given(text=st.text(alphabet=st.sampled_from("ab #-*`~=\n\r\t\u200b\u0301é漢🙂\\"), max_size=120))
def test_every_block_is_cut_out_of_the_text_exactly(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    document = read_text(tmp_path_factory.mktemp("text"), text)
    end = 0
    for block in document.blocks:
        assert isinstance(block.locator, TextSpan)
        assert document.text[block.locator.start : block.locator.end] == block.text
        assert block.locator.start >= end
        end = block.locator.end
    kept = "".join("".join(b.text for b in document.blocks).split())
    assert kept == "".join(document.text.split())


def write(folder: Path, cells: list[dict[str, Any]], **more: Any) -> Path:
    path = folder / "a.ipynb"
    data = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def code(source: Any, **more: Any) -> dict[str, Any]:
    empty = {"metadata": {}, "outputs": [], "execution_count": None}
    return {"cell_type": "code", "id": "one", "source": source, **empty, **more}


def read_notebook(path: Path) -> Document:
    return NotebookReader().read(path, name="a.ipynb")


def test_a_notebook_is_one_block_a_cell(tmp_path: Path) -> None:
    document = read_notebook(fixtures.notebook(tmp_path / "a.ipynb"))
    assert [(b.kind, b.locator) for b in document.blocks] == [
        ("text", CellRef(cell="words")), ("code", CellRef(cell="run-it"))
    ]
    assert document.blocks[1].text == "import celery\nprint(celery.Task)\n\n<class 'celery.Task'>"
    assert "celery" in document.hot_words
    assert "PostgreSQL" in document.hot_words


def test_links_name_the_cell_the_medium_and_the_time(tmp_path: Path) -> None:
    segments = [{"media": "lecture.mp4", "start": 101.25, "end": 109, "quote": "It is lost."}]
    document = read_notebook(fixtures.notebook(tmp_path / "a.ipynb", segments=segments))
    assert document.links == (
        CellLink(cell="run-it", media="lecture.mp4", start_ms=101_250, end_ms=109_000, quote="It is lost."),
    )


@pytest.mark.parametrize(
    ("segment", "said"),
    [
        ({"start": 1, "end": 2}, "media"),
        ({"media": "a.mp4", "start": "1:41", "end": 2}, "numbers of seconds"),
        ({"media": "a.mp4", "start": 5, "end": 2}, "no stretch of time"),
        ({"media": "a.mp4", "start": -1, "end": 2}, "no stretch of time"),
        ({"media": "a.mp4", "start": float("nan"), "end": 2}, "no stretch of time"),
        ("a.mp4", "media"),
    ],
)
def test_a_malformed_link_names_its_cell(tmp_path: Path, segment: Any, said: str) -> None:
    with pytest.raises(UnreadableFile, match=f"cell run-it: .*{said}"):
        read_notebook(fixtures.notebook(tmp_path / "a.ipynb", segments=[segment]))


def test_cells_without_ids_get_the_same_ones_at_every_reading(tmp_path: Path) -> None:
    old = {key: value for key, value in code("x = 1").items() if key != "id"}
    path = write(tmp_path, [old, old], nbformat_minor=4)
    first, second = read_notebook(path), read_notebook(path)
    assert first == second
    assert len({str(b.locator) for b in first.blocks}) == 2


def test_repeated_ids_are_told_apart(tmp_path: Path) -> None:
    document = read_notebook(write(tmp_path, [code("x = 1"), code("y = 2")]))
    assert document.blocks[0].locator == CellRef(cell="one")
    assert len({str(b.locator) for b in document.blocks}) == 2


def test_long_output_is_cut_and_colours_and_html_are_left_out(tmp_path: Path) -> None:
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": "\x1b[31mred\x1b[0m"},
        {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<script>alert(1)</script>"}},
        {"output_type": "error", "ename": "KeyError", "evalue": "'gin'", "traceback": []},
        {"output_type": "stream", "name": "stdout", "text": "x" * 100_000},
    ]
    text = read_notebook(write(tmp_path, [code("run()", outputs=outputs)])).blocks[0].text
    assert text.startswith("run()\nred\nKeyError: 'gin'\nxxx")
    assert len(text) < MAX_OUTPUT_CHARS + 20


def test_source_may_be_a_list_of_lines(tmp_path: Path) -> None:
    assert read_notebook(write(tmp_path, [code(["a = 1\n", "b = 2"])])).blocks[0].text == "a = 1\nb = 2"


def test_a_notebook_of_format_3_is_read(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "input": "print(1)", "language": "python", "outputs": [], "metadata": {}}
    path = tmp_path / "old.ipynb"
    sheets = [{"cells": [cell], "metadata": {}}]
    path.write_text(json.dumps({"worksheets": sheets, "metadata": {}, "nbformat": 3, "nbformat_minor": 0}))
    assert [b.text for b in read_notebook(path).blocks] == ["print(1)"]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"cells": 3}', '{"cells": [{"cell_type": "poem"}]}', '{"cells": [null]}', "[" * 9_000],
)
def test_what_is_no_notebook_is_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(text)
    with pytest.raises(UnreadableFile, match=r"'a\.ipynb' is not a"):
        read_notebook(path)
