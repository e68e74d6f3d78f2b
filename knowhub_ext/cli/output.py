"""What every command shares: `--json`, `--data`, opening the hub, printing documents, clocks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from knowhub_ext.config import load
from knowhub_ext.domain.clocks import parse_clock
from knowhub_ext.hub import Hub, build

F = TypeVar("F", bound=Callable[..., Any])


def common(function: F) -> F:
    """Give a command `--json` and `--data DIR`."""
    function = click.option("--json", "as_json", is_flag=True, help="Print documents on stdout and nothing else.")(
        function
    )
    return click.option(
        "--data", metavar="DIR", type=click.Path(file_okay=False), help="Data folder (also KNOWHUB_DATA)."
    )(function)


class Clock(click.ParamType):
    """A media time as people write it, as seconds."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            return parse_clock(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


@contextmanager
def opened(data: str | None, *, door: str = "cli") -> Iterator[Hub]:
    """Open the hub of a data folder and close it afterwards."""
    hub = build(load({"data": str(Path(data))} if data else None), door=door)
    try:
        yield hub
    finally:
        hub.close()


def document(data: Any) -> None:
    """Print one JSON document on stdout, on one line."""
    click.echo(json.dumps(data, ensure_ascii=False))


def say(text: str) -> None:
    """Print a message for a person on stderr."""
    click.echo(text, err=True)


def plain(text: str) -> str:
    """Return a name without what a terminal would obey: control characters and escapes become U+FFFD."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def left(seconds: float | None) -> str:
    """Return how long something still takes, as people say it; empty where nobody knows."""
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{max(1, round(seconds))} s left"
    minutes = round(seconds / 60)
    return f"{minutes} min left" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min left"


def clock(seconds: float | None) -> str:
    """Return seconds as `1:41` or `1:02:03`."""
    whole = int(seconds or 0)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def place(locator: dict[str, Any]) -> str:
    """Return a locator as a person reads it."""
    match locator["kind"]:
        case "time":
            return f"{clock(locator['start'])}–{clock(locator['end'])}"
        case "page":
            return f"page {locator['page']}"
        case "cell":
            return f"cell {locator['cell']}"
    return f"characters {locator['start']}–{locator['end']}"
