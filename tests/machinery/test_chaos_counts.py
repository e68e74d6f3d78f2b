"""What `make chaos` multiplies comes to the counts that are promised, and holds times that a fast run only prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.chaos import harness


@pytest.mark.parametrize(("times", "plain", "to_fifty"), [(1, 2, 1), (2, 4, 3), (25, 50, 50)])
def test_counts_grow_from_the_fast_one_to_the_full_one(
    monkeypatch: pytest.MonkeyPatch, times: int, plain: int, to_fifty: int
) -> None:
    monkeypatch.setattr(harness, "TIMES", times)
    assert harness.count(2) == plain
    assert harness.count(1, 50) == to_fifty


def test_times_are_held_under_make_chaos_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harness, "TIMES", 1)
    harness.at_most(5, 6, "seconds")
    monkeypatch.setattr(harness, "TIMES", harness.FULL_TIMES)
    harness.at_most(5, 5, "seconds")
    with pytest.raises(AssertionError, match="seconds: 6, to be at most 5"):
        harness.at_most(5, 6, "seconds")


def test_make_chaos_multiplies_by_what_full_counts_need() -> None:
    made = (Path(__file__).parents[2] / "Makefile").read_text(encoding="utf-8")
    assert re.findall(r"KNOWHUB_CHAOS=\$\(or \$\(KNOWHUB_CHAOS\),(\d+)\)", made) == [str(harness.FULL_TIMES)]


def test_what_was_recognised_again_is_counted_at_each_going_on(tmp_path: Path) -> None:
    world = harness.World(tmp_path)
    said = "a0 b0 a1 a2 a3 b1 a1 a2 a3 a3 b2".split()
    Path(f"{world.log}.said").write_text("".join(f"{name} {second}\n" for name, second in said))
    assert harness.redone_ms(world, "a") == [3000, 1000]
    assert harness.redone_ms(world, "b") == []
