"""Slides beside speech: the sample lectures' own decks, where their scripts say which slide is shown when."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from knowhub_ext.domain import slides
from knowhub_ext.domain.segments import Segment
from knowhub_ext.domain.slides import aligned, at_time

ROOT = Path(__file__).resolve().parents[2]
LECTURES = ("celery-worker-dies", "gin-finds-words", "rag-cites")
TIMES: dict[str, list[dict[str, Any]]] = json.loads((ROOT / "tests/fixtures/fullstack_truth.json").read_text())


def script(name: str) -> list[dict[str, Any]]:
    text = (ROOT / f"notebooks/fullstack/scripts/{name}.yml").read_text(encoding="utf-8")
    return list(yaml.safe_load(text)["slides"])


def deck(name: str) -> dict[int, str]:
    """The words that are drawn on each slide, its title twice as `pages_of` gives a heading."""
    return {number: "\n".join(shown(spec)) for number, spec in enumerate(script(name), 1)}


def shown(spec: dict[str, Any]) -> list[str]:
    title = spec.get("cover") or spec["title"]
    drawn = [row[key] for row in spec.get("draw", ()) for key in ("label", "box", "text") if key in row]
    bullets = [row if isinstance(row, str) else row["text"] for row in spec.get("bullets", ())]
    return [title, title, *drawn, spec.get("code", ""), *(text.replace("**", "") for text in bullets)]


def speech(name: str) -> list[Segment]:
    return [
        Segment(start_ms=round(row["start"] * 1000), end_ms=round(row["end"] * 1000), text=row["text"])
        for row in TIMES[name]
    ]


def truth(name: str) -> list[int]:
    return [number for number, spec in enumerate(script(name), 1) for _ in spec["says"]]


#: A sentence and the slide that is shown while it is spoken.
Told = list[tuple[Segment, int]]


def told(name: str, pace: str) -> Told:
    """A lecture at its own even pace, or one that hurries through half of its slides, a sentence each."""
    rows = list(zip(speech(name), truth(name), strict=True))
    half = len(script(name)) / 2
    kept: Told = []
    at = 0
    for said, page in rows:
        hurried = {"even": False, "slow, then hurried": page > half, "hurried, then slow": page <= half}[pace]
        if hurried and any(page == other for _, other in kept):
            continue
        length = said.end_ms - said.start_ms
        kept.append((Segment(start_ms=at, end_ms=at + length, text=said.text), page))
        at += length + 300
    return kept


def accuracy(rows: Told, shown_at: list[int]) -> float:
    """The share of spoken time in which the right slide was named."""
    total = sum(s.end_ms - s.start_ms for s, _ in rows)
    return sum(s.end_ms - s.start_ms for (s, right), said in zip(rows, shown_at, strict=True) if right == said) / total


def middle(said: Segment) -> int:
    return (said.start_ms + said.end_ms) // 2


def named(name: str, rows: Told) -> list[int]:
    spans = aligned(deck(name), [said for said, _ in rows])
    found = [at_time(spans, middle(said)) for said, _ in rows]
    return [span.page if span else 0 for span in found]


def evenly(name: str, rows: Told) -> list[int]:
    """The guess without words: every slide as long as any other."""
    count, end = len(script(name)), rows[-1][0].end_ms
    return [min(count, 1 + count * middle(said) // end) for said, _ in rows]


@pytest.mark.parametrize("pace", ["even", "slow, then hurried", "hurried, then slow"])
def test_most_of_the_time_the_right_slide_is_named(pace: str, capsys: pytest.CaptureFixture[str]) -> None:
    lectures = {name: told(name, pace) for name in LECTURES}
    ours = [accuracy(rows, named(name, rows)) for name, rows in lectures.items()]
    even = [accuracy(rows, evenly(name, rows)) for name, rows in lectures.items()]
    with capsys.disabled():
        right, guessed = (" ".join(f"{share:.0%}" for share in shares) for shares in (ours, even))
        print(f"\nslides, pace {pace}: right {right} of the spoken time; evenly divided {guessed}", end="")
    assert min(ours) >= 0.75
    assert sum(ours) / 3 >= 0.8
    assert sum(ours) > sum(even)


@pytest.mark.parametrize("name", LECTURES)
def test_the_deck_of_another_lecture_is_not_claimed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    others = [other for other in LECTURES if other != name]
    assert aligned(deck(name), speech(name))
    assert [aligned(deck(other), speech(name)) for other in others] == [[], []]
    monkeypatch.setattr(slides, "CONFIDENT", 0.0)  # the positive control: without the guard something is claimed
    assert any(aligned(deck(other), speech(name)) for other in others)


def test_confidence_lies_far_on_either_side_of_the_limit(capsys: pytest.CaptureFixture[str]) -> None:
    own, other = [], []
    for said in LECTURES:
        for name in LECTURES:
            likeness = slides._likeness(list(deck(name).values()), [s.text for s in speech(said)])
            (own if name == said else other).append(slides._confidence(likeness, slides._path(likeness)))
    with capsys.disabled():
        print(f"\nlikeness: own deck {min(own):.2f} and more, another's {max(other):.2f} and less", end="")
    assert max(other) < slides.CONFIDENT / 1.5
    assert min(own) > slides.CONFIDENT * 1.5


def test_a_footer_on_every_slide_says_nothing() -> None:
    name = LECTURES[0]
    footed = {page: f"{text}\nKnowHub sample course, synthetic voice" for page, text in deck(name).items()}
    assert aligned(footed, speech(name)) == aligned(deck(name), speech(name))


@settings(deadline=None)
@given(
    texts=st.lists(st.text(alphabet="abc dé", max_size=12), max_size=8),
    pages=st.lists(st.text(alphabet="abc dé", max_size=12), max_size=6),
)
def test_spans_are_in_order_and_inside_and_name_pages_of_the_deck(texts: list[str], pages: list[str]) -> None:
    rows = [Segment(start_ms=n * 1000, end_ms=n * 1000 + 900, text=text) for n, text in enumerate(texts)]
    spans = aligned(dict(enumerate(pages, 1)), rows)
    assert [s.page for s in spans] == sorted(s.page for s in spans)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(spans))
    assert all(1 <= s.page <= len(pages) and 0 <= s.start_ms < s.end_ms and 0 <= s.score <= 1 for s in spans)


def test_work_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slides, "MAX_CELLS", 10)
    assert aligned(deck(LECTURES[0]), speech(LECTURES[0])) == []
