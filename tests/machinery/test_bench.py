"""The benchmark runs, and what it prints has all its rows: in the table, in JSON and in the README's block."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from knowhub_ext.backends.embedders.hashing import HashingEmbedder
from knowhub_ext.domain.passages import of_segments
from knowhub_ext.domain.segments import Segment
from knowhub_ext.services.embedding import vectors_of
from tests.bench import engines_beside as beside
from tests.bench import mass, scale
from tests.bench.__main__ import _joined, main
from tests.bench.figures import BEGIN, END, Figure, Peer, Report, Section, as_markdown, number, write_block
from tests.bench.measuring import percentile, run_child
from tests.house.source import text

ROWS = [
    "search p50, exact index", "search p95, exact index", "search p50, Chroma", "search p95, Chroma",
    "plain FTS5 p50", "plain FTS5 p95", "plain exact vectors p50", "plain exact vectors p95",
    "processor time a search, exact index", "processor time a search, Chroma",
    "feeding the index from SQL once, exact index", "feeding the index from SQL once, Chroma",
    "the question's vector p50, hashing", "the question's vector p95, hashing",
]  # fmt: skip


def test_a_quick_run_of_search_prints_all_its_rows_and_writes_them_down(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--quick", "--only", "search", "--json", str(tmp_path / "figures.json")]) == 0
    printed = capsys.readouterr().out
    assert [row for row in ROWS if row not in printed] == []
    written = json.loads((tmp_path / "figures.json").read_text("utf-8"))
    figures = {figure["what"]: figure for figure in written["sections"][0]["figures"]}
    assert set(ROWS) <= set(figures)
    assert written["machine"]["cores"] >= 1
    for row in ROWS[:4]:
        assert figures[row]["value"] > 0
        assert figures[row]["ratio"] == pytest.approx(figures[row]["value"] / figures[row]["peer"]["value"])


def report(*sections: Section) -> Report:
    machine = {"cores": 2, "processor": "any", "memory_gb": 4, "system": "Linux", "python": "3.11", "load": 0.1}
    return Report(machine=machine, quick=True, sections=list(sections))


def test_the_readmes_block_shows_headlines_with_their_peer_and_what_was_skipped() -> None:
    slow = Figure(what="slow", value=3.0, unit="ms", peer=Peer(name="plain", value=2.0), headline=True)
    block = as_markdown(report(
        Section(title="Speed", figures=[slow, Figure(what="detail", value=1.0, unit="s")]),
        Section(title="Speech", skipped="no model"),
    ))
    assert block.startswith(BEGIN)
    assert block.endswith(END)
    assert "| slow | 3.00 ms | 2.00 ms (plain) | 1.50 |" in block
    assert "detail" not in block
    assert "no model" in block


def test_only_the_block_of_the_readme_is_replaced(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    write_block(page, f"{BEGIN}\nnew\n{END}")
    assert page.read_text("utf-8") == f"before\n{BEGIN}\nnew\n{END}\nafter\n"
    page.write_text("nothing here\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no block"):
        write_block(page, "new")


def test_the_readme_has_the_block() -> None:
    assert text("README.md").count(BEGIN) == text("README.md").count(END) == 1


def test_a_part_that_breaks_is_said_and_fails_the_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_options: object) -> list[Section]:
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr("tests.bench.__main__.PARTS", {"search": broken})
    assert main(["--only", "search"]) == 1
    assert "the disk is gone" in capsys.readouterr().out


def test_a_child_that_fails_says_why() -> None:
    with pytest.raises(RuntimeError, match="No module named"):
        run_child("tests.nothing")


@pytest.mark.parametrize(
    ("value", "shown"), [(1234.5, "1,234"), (12.34, "12.3"), (1.234, "1.23"), (0.1234, "0.123"), (0.01234, "0.0123")]
)
def test_numbers_have_three_figures_that_count(value: float, shown: str) -> None:
    assert number(value) == shown


def test_percentiles_are_measured_values() -> None:
    values = [float(n) for n in range(1, 101)]
    assert (percentile(values, 0.5), percentile(values, 0.95)) == (50.0, 95.0)


def test_a_run_of_some_parts_takes_its_places_in_one_before(tmp_path: Path) -> None:
    old = Section(title="Search", figures=[Figure(what="p50", value=9.0, unit="ms", headline=True)])
    kept = Section(title="Speech", about="a lecture", figures=[
        Figure(what="wall", value=1.0, unit="s", peer=Peer(name="plain", value=2.0), note="a note", headline=True),
    ])
    before = Report(machine={}, quick=False, sections=[old, kept]).to_json()["sections"]
    new = Section(title="Search", figures=[Figure(what="p50", value=3.0, unit="ms")])
    other = Section(title="Ranking", skipped="no data")
    joined = [section.to_json() for section in _joined([other, new], before)]
    assert joined == [section.to_json() for section in (new, kept, other)]


def test_the_mass_holds_no_sentence_of_a_real_lecture_and_its_vectors_are_of_unit_length() -> None:
    said = [f"Sentence number {n} speaks of layers and of masks." for n in range(30)]
    rows = [Segment(start_ms=n * 1000, end_ms=n * 1000 + 1000, text=text) for n, text in enumerate(said)]
    passages = of_segments(rows)
    vectors = np.asarray(vectors_of(HashingEmbedder(), passages), dtype=np.float32)
    real = mass.Lecture(name="real", passages=passages, vectors=vectors)
    one, other = itertools.islice(mass.made([real]), 2)
    assert [p.text for p in one.passages] != [p.text for p in other.passages]
    assert len(one.vectors) == len(one.passages)
    assert np.linalg.norm(one.vectors, axis=1) == pytest.approx(np.ones(len(one.passages)), abs=1e-5)
    held = {sentence.text for passage in one.passages for sentence in passage.sentences}
    assert not held & set(said)


def test_what_each_finds_stands_beside_how_long_it_takes() -> None:
    names = [*scale.WHOLE, *scale.WHOLE.values(), *beside.NAMES, scale.WORDS, beside.FTS5, scale.ENCODING, scale.PLAIN]
    recall = dict.fromkeys([*scale.WHOLE, *beside.NAMES], 0.98)
    right = dict.fromkeys([*scale.WHOLE.values(), scale.WORDS, beside.FTS5], 0.75)
    rows = scale._latencies({name: [1.0, 2.0] for name in names}, recall, right)
    silent = {row.what for row in rows if not row.note}
    assert silent == {f"{scale.ENCODING} p50", f"{scale.ENCODING} p95"}, "encoding finds nothing"
    assert {row.note for row in rows if beside.USEARCH in row.what} == {"recall@10 0.980"}
    assert {row.note for row in rows if beside.FTS5 in row.what} == {"hit@5 0.750"}


def test_growth_is_the_exponent_between_the_last_two_sizes() -> None:
    sizes = [(100, 1.0), (1_000, 2.0), (100_000, 20.0)]
    found = [(size, [Figure(what="took", value=value, unit="ms"), Figure(what="right", value=0.5, unit="of 1")])
             for size, value in sizes]
    section = scale._growth(found)
    assert {figure.what: figure.value for figure in section.figures} == {"took": pytest.approx(0.5)}
    assert "1,000 to 100,000" in section.about
