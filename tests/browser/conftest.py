"""One Chromium for all tests; each file has a JupyterLab on its own copy of the sample course, each test its own page.

Without Chromium the tests are skipped with the cure, and with CI=true they fail.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.pages import VISITS, Visit, kept, picture, visiting
from tests.browser.servers import Lab, jupyter_lab, sample_hub

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required", "--mute-audio",
]
MISSING = "There is no Chromium: install it (Debian: `apt-get install chromium`), or set KNOWHUB_TEST_CHROMIUM."


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep a picture of every page that is open when a test fails."""
    report = yield
    if report.failed and report.when != "teardown":
        picture(item.name, VISITS)
    return report


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Debian's Chromium; Playwright's own would have to be downloaded."""
    path = Path(os.environ.get("KNOWHUB_TEST_CHROMIUM") or "/usr/bin/chromium")
    if not path.exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
    return path


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The root that Jupyter shows and the data folder, both copies."""
    return sample_hub(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def lab(sample: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with jupyter_lab(tmp_path_factory.mktemp("lab"), *sample) as running:
        yield running


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Open pages as somebody new; what a page complained about by itself fails the test that opened it."""
    with visiting(browser) as make:
        yield make


@pytest.fixture
def lasting(browser: Browser, chromium: Path, tmp_path: Path) -> Callable[[], AbstractContextManager[Visit]]:
    """Start a browser whose profile the next one finds again, and end it."""
    return lambda: kept(browser.browser_type, tmp_path / "profile", executable_path=chromium, args=FLAGS)


@pytest.fixture
def lesson(lab: Lab) -> dict[str, Any]:
    """The lesson on Celery, as the interface describes it."""
    return lab.get("/lessons?ref=fullstack/celery-worker-dies")
