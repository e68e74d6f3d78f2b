"""Sound becomes clips of speech in flat memory, and every word finds its way back to the medium."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from knowhub_ext.backends import audio
from knowhub_ext.backends.transcribers import clips
from knowhub_ext.backends.transcribers.clips import Clip, Region

RATE = audio.RATE


def sound(seconds: float) -> Any:
    return np.zeros(round(seconds * RATE), dtype=np.float32)


def region(start_s: float, seconds: float) -> Region:
    return Region(round(start_s * RATE), sound(seconds))


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Cut as if speech were where the spans say, whatever the sound is."""

    def cut(spans: list[tuple[float, float]], length: float, block_s: float = 60.0) -> list[Clip]:
        def fake(block: Any, at: int) -> Any:
            for start, seconds in spans:
                if at <= start * RATE < at + len(block):
                    yield region(start, seconds)

        monkeypatch.setattr(clips, "regions", fake)
        monkeypatch.setattr(clips, "blocks", lambda pieces: pieces)
        blocks = [sound(min(block_s, length - at)) for at in np.arange(0, length, block_s)]
        return list(clips.clips(blocks))

    return cut


def layout(found: list[Clip]) -> list[tuple[list[float], float]]:
    return [([r.start / RATE for r in clip.regions], clip.until / RATE) for clip in found]


def test_speech_is_packed_without_its_pauses_up_to_the_cap(heard: Any) -> None:
    found = heard([(0, 10), (12, 10), (24, 8), (34, 5)], 60)
    assert layout(found) == [([0, 12, 24], 34), ([34], 60)]
    assert found[0].seconds == 28


def test_a_clip_goes_on_into_the_next_block(heard: Any) -> None:
    assert layout(heard([(50, 8), (61, 8)], 120)) == [([50, 61], 120)]


def test_a_long_pause_ends_a_clip_and_a_quiet_block_says_how_far_it_is(heard: Any) -> None:
    assert layout(heard([(5, 5)], 240)) == [([5], 60), ([], 120), ([], 180), ([], 240)]
    assert layout(heard([(5, 5), (20, 5)], 30)) == [([5], 20), ([20], 30)]


def test_no_sound_is_no_clip(heard: Any) -> None:
    assert heard([], 0) == []


def test_a_word_is_placed_in_the_region_that_holds_its_middle() -> None:
    clip = Clip((region(10, 2), region(100, 3)), 0)
    seconds = [tuple(round(edge / RATE, 3) for edge in clip.place(*span)) for span in (
        (0.5, 1.0), (2.5, 3.0), (1.6, 2.2), (1.9, 2.6), (-1, 0.2), (4.9, 9.0),
    )]
    assert seconds == [(10.5, 11.0), (100.5, 101.0), (11.6, 12.0), (100.0, 100.6), (10.0, 10.2), (102.9, 103.0)]


def test_places_are_in_order_and_inside_for_any_words() -> None:
    rng = np.random.default_rng(3)
    starts = np.cumsum(rng.uniform(1.5, 6, 12))
    lengths = rng.uniform(0.2, 1.4, 12)
    clip = Clip(tuple(region(start, seconds) for start, seconds in zip(starts, lengths, strict=True)), 0)
    edges = np.sort(rng.uniform(0, clip.seconds, 200))
    placed = [clip.place(a, b) for a, b in pairwise(edges)]
    assert all(a < b for a, b in placed)
    assert [a for a, _ in placed] == sorted(a for a, _ in placed)
    assert all(any(r.start <= a and b <= r.end for r in clip.regions) for a, b in placed)


def test_blocks_are_cut_where_it_is_quiet_and_hold_every_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clips, "BLOCK_S", 10)
    monkeypatch.setattr(clips, "CUT_WITHIN_S", 4)
    noise = np.random.default_rng(1).standard_normal(35 * RATE).astype(np.float32)
    noise[8 * RATE : 9 * RATE] = 0
    made = list(clips.blocks(noise[at : at + 3 * RATE] for at in range(0, len(noise), 3 * RATE)))
    assert 8 * RATE < len(made[0]) < 9 * RATE
    assert max(map(len, made)) <= 10 * RATE
    assert np.array_equal(np.concatenate(made), noise)


def test_past_the_wanted_end_nothing_is_decoded() -> None:
    def pieces() -> Any:
        yield sound(3)
        yield sound(3)
        raise AssertionError("decoded past the end")

    assert [len(piece) / RATE for piece in clips.until(pieces(), 5 * RATE)] == [3, 2]
