"""Media times as people write them: `1:41`, `1:02:03`, `101`, `101.5`."""

from __future__ import annotations

import re

_CLOCK = re.compile(r"(?:(?:(\d+):)?(\d{1,2}):)?(\d+(?:\.\d+)?)s?\Z")


def parse_clock(text: str | float) -> float:
    """Return seconds from `1:41`, `1:02:03`, `101`, `101.5s` or a number of seconds.

    Raises:
        ValueError: it is none of these, or minutes or seconds behind a colon are above 59.
    """
    if not isinstance(text, str):
        return float(text)
    found = _CLOCK.match(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not a time: write for example 1:41 or 101.")
    hours, minutes, seconds = int(found[1] or 0), int(found[2] or 0), float(found[3])
    if (found[1] and minutes > 59) or (found[2] and seconds >= 60):
        raise ValueError(f"{text!r} is not a time: minutes and seconds end at 59.")
    return hours * 3600 + minutes * 60 + seconds


def show_clock(seconds: float) -> str:
    """Return `1:41` or `1:02:03`; parts of a second are cut off, so that the time shown is never too late."""
    minutes, second = divmod(int(max(0.0, seconds)), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"
