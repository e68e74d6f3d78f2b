"""Figures that tests measure, printed at the end of a run, also those of tests that ran in another process.

Loaded as a plugin by `conftest.py` of the repository. Whoever measures a time prints it; to hold it against a limit is
for `make chaos`, see `tests.chaos.harness.at_most`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

#: Under this name a test's report carries its figures, also from another process.
FIGURE = "figure"


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Print a measured figure at the end of the run."""
    return partial(record_property, FIGURE)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, value in report.user_properties:
                if name == FIGURE and report.when == "call":
                    terminalreporter.write_line(f"figure: {value}")
