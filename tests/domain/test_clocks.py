"""Times as people write them."""

from __future__ import annotations

import pytest

from knowhub_ext.domain.clocks import parse_clock, show_clock


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1:41", 101), ("0:05.5", 5.5), ("1:02:03", 3723), ("101", 101), ("101.5s", 101.5), (" 7 ", 7), (90, 90)],
)
def test_a_time_is_read(text: str | float, seconds: float) -> None:
    assert parse_clock(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "1:75", "1:60:00", "-3", "1::2", "1:2:3:4", "nan"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time"):
        parse_clock(text)


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (101.99, "1:41"), (3723, "1:02:03"), (-1, "0:00")])
def test_a_time_is_shown_never_too_late(seconds: float, text: str) -> None:
    assert show_clock(seconds) == text
