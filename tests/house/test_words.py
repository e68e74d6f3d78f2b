"""What no file of the repository may hold: loose ends, somebody's paths; and versions that disagree."""

from __future__ import annotations

import json
import re
from importlib.metadata import version

import pytest

from tests.house.source import listed, text

#: Written in halves, so that this file holds none of them.
LOOSE_ENDS = re.compile(rf"\b({'TO'}{'DO'}|{'FIX'}{'ME'}|{'X'}{'XX'}|{'HA'}{'CK'})\b")
#: Folders of one person's or one machine's own; `/home/jovyan` is Binder's, everywhere.
OWN_PATHS = re.compile(
    rf"(?<![\w.])/(?:{'ho'}{'me'}/(?!jovyan\b)[a-z]\w*|{'Us'}{'ers'}/\w+|{'ro'}{'ot'}|{'wo'}{'rk'})/[\w.-]+|[A-Z]:\\{'Us'}{'ers'}"
)
LOCKS = ("requirements.lock", "yarn.lock")


def hits(pattern: re.Pattern[str]) -> list[str]:
    """`file:line: what was found`, over all files but the locks, whose hashes spell anything."""
    return [
        f"{name}:{number}: {found.group()}"
        for name in listed() if name not in LOCKS
        for number, line in enumerate(text(name).splitlines(), 1) for found in pattern.finditer(line)
    ]  # fmt: skip


def test_no_file_holds_a_loose_end() -> None:
    assert hits(LOOSE_ENDS) == [], "do it now, or write it down where it is planned"


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    assert hits(OWN_PATHS) == []


@pytest.mark.parametrize("line", ["# {}: later".format("TO" + "DO"), "x = 1  # {}".format("FIX" + "ME")])
def test_a_loose_end_would_be_noticed(line: str) -> None:
    assert LOOSE_ENDS.search(line)


@pytest.mark.parametrize("root", ["/ho" + "me/ada", "/Us" + "ers/ada", "/ro" + "ot", "/wo" + "rk"])
def test_a_path_would_be_noticed_and_an_address_is_none(root: str) -> None:
    assert OWN_PATHS.search(f'"{root}/knowhub"')
    assert not OWN_PATHS.search("https://example.org" + root + "/knowhub")
    assert not OWN_PATHS.search("/ho" + "me/jovyan/work")


def test_npm_and_python_name_the_same_version() -> None:
    npm = json.loads(text("package.json"))["version"]
    assert version("knowhub-ext") == npm.replace("-alpha.", "a").replace("-beta.", "b").replace("-rc.", "rc")


def test_the_changelog_speaks_of_this_version() -> None:
    assert f"## {json.loads(text('package.json'))['version']}" in text("CHANGELOG.md")
