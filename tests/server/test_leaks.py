"""Twenty courses, a secret word in each, and over a thousand attempts to read one from within another: none may pass.

Over search, answers (quotes, and a chat model that tells all it is shown) and every route that a visitor of one course
has. Each attempt has its control: in its own course the same attempt finds the word.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from sqlalchemy import select

from knowhub_ext.domain.scope import Scope
from knowhub_ext.errors import NotFound
from knowhub_ext.hub import Hub
from knowhub_ext.ports import Prompt
from knowhub_ext.services.asking import Asking
from knowhub_ext.store.counters import Counters
from knowhub_ext.store.extents import ExtentCache, Extents
from knowhub_ext.store.passages import Passages
from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import PASSAGE
from knowhub_ext.testing.hubs import plain_hub, run_jobs
from tests.server.serving import Serving, serving

COURSES = 20
WORD = re.compile(r"kestrel\d\d")


class Tells:
    """A chat model that repeats every passage it is shown."""

    name = "tells"

    def reply(self, prompt: Prompt) -> Iterator[str]:
        for number, passage in enumerate(prompt.passages, 1):
            yield from (f"{sentence.text} [{number}]\n\n" for sentence in passage.sentences)


class World:
    """The hub, and the ids of each course, its lesson and its file by the course's number."""

    def __init__(self, hub: Hub, folder: Path) -> None:
        self.hub, self.me = hub, hub.people.local()
        self.ids: list[dict[str, str]] = []
        for number in range(COURSES):
            folder.mkdir(exist_ok=True)
            file = folder / f"vault{number:02}.md"
            file.write_text(f"# Vault\n\nThe vault of this course opens with the word {word(number)} every morning.\n")
            course = hub.courses.create(self.me, f"course-{number:02}", f"Course {number}")
            added = hub.ingest.add(self.me, course.slug, [file])
            lesson = added.lessons[0]
            self.ids.append({
                "course": course.slug, "id": course.id, "lesson": lesson["lesson"],
                "asset": lesson["assets"][0]["asset"],
            })
        run_jobs(hub)


def word(number: int) -> str:
    return f"kestrel{number:02}"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("leaks") / "data"


@pytest.fixture(scope="module")
def world(data: Path) -> Iterator[World]:
    with plain_hub(data) as hub:
        yield World(hub, data.parent / "files")


Probe = Callable[[World, int, int], Any]


def searched(world: World, here: int, there: int) -> Any:
    hits = world.hub.searching.search(world.me, world.ids[here]["course"], f"vault word {word(there)}", limit=50)
    return [[hit.text, hit.passage.title, hit.passage.asset_id] for hit in hits]


def injected(world: World, here: int, there: int) -> Any:
    """Say in the query what a filter would say in its language."""
    other = world.ids[there]["id"]
    token = "k" + other.replace("-", "")
    queries = [
        f'") OR scope : ({token}) AND body : ("{word(there)}', f"scope:{token} {word(there)}",
        f"{token} OR {word(there)} NOT course", f"' OR course_id = '{other}' -- {word(there)}",
        json.dumps({"where": {"course_id": other}, "query": word(there)}),
    ]
    query = queries[(here + there) % len(queries)]
    return [hit.text for hit in world.hub.searching.search(world.me, world.ids[here]["course"], query, limit=50)]


def forged(world: World, here: int, there: int) -> Any:
    """Search a course for a lesson of another."""
    scope = Scope(lessons=frozenset([world.ids[there]["lesson"]]))
    course = world.ids[here]["course"]
    hits = world.hub.searching.search(world.me, course, f"vault {word(there)}", scope=scope, limit=50)
    return [hit.text for hit in hits]


def asked(world: World, here: int, there: int) -> Any:
    question = f"With which word does the vault open every morning, {word(there)}?"
    chat = Tells() if (here + there) % 2 else None
    lesson = world.ids[there]["lesson"]
    asking = Asking(world.hub.searching, chat, hint="")
    steps = asking.steps(world.me, world.ids[here]["course"], question, lesson=lesson)
    return [{k: v for k, v in step.data.items() if k != "question"} for step in steps]


def stranger(world: World, here: int, there: int) -> Any:
    """Come as a visitor of one course to another one's name."""
    visitor = world.hub.people.visitor(world.ids[here]["course"])
    try:
        return [hit.text for hit in world.hub.searching.search(visitor, world.ids[there]["course"], word(there))]
    except NotFound:
        return []


PROBES: list[Probe] = [searched, injected, forged, asked, stranger]
PAIRS = [(here, there) for here in range(COURSES) for there in range(COURSES) if here != there]


def leaks(found: Any, here: int) -> set[str]:
    """Return the words of other courses in what a probe brought."""
    return set(WORD.findall(json.dumps(found, ensure_ascii=False).casefold())) - {word(here)}


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.__name__)
def test_no_probe_brings_a_word_of_another_course(world: World, probe: Probe, figure: Callable[[str], None]) -> None:
    found = [(here, there) for here, there in PAIRS if leaks(probe(world, here, there), here)]
    own = [here for here in range(COURSES) if word(here) in json.dumps(probe(world, here, here))]
    figure(f"leaks, {probe.__name__}: {len(found)} of {len(PAIRS)} probes; {len(own)} of {COURSES} controls found")
    assert found == []
    assert len(own) == COURSES, "the control: in its own course the probe finds the word"


class Everywhere(str):
    """A course's id that is every course's."""

    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str)


def no_scope(_cache: ExtentCache, _course: str, session: Session, _counters: Counters) -> Extents:
    """Read the passages of all courses, whichever was asked for."""
    columns = (PASSAGE.c.number, PASSAGE.c.words_from, PASSAGE.c.words_to, PASSAGE.c.length)
    rows = session.tuples(select(*columns).order_by(PASSAGE.c.words_from))
    return Extents(table=np.asarray([tuple(row) for row in rows], dtype=np.int64), upto=0, gone=0)


def no_home(real: Callable[..., dict[str, tuple[str, str]]]) -> Callable[..., dict[str, tuple[str, str]]]:
    return lambda self, ids: {i: (Everywhere(c), Everywhere(a)) for i, (c, a) in real(self, ids).items()}


@pytest.mark.parametrize(("scope", "home", "leaky"), [
    (False, False, True), (True, False, False), (False, True, False), (True, True, False),
])  # fmt: skip
def test_a_hub_without_its_filters_leaks_and_either_of_them_alone_holds(
    world: World, monkeypatch: pytest.MonkeyPatch, scope: bool, home: bool, leaky: bool
) -> None:
    """Words are asked for inside one course, and whatever is found is asked again which course it is of."""
    if not scope:
        monkeypatch.setattr(ExtentCache, "of", no_scope)
    if not home:
        monkeypatch.setattr(Passages, "homes", no_home(Passages.homes))
    found = [pair for pair in PAIRS[:: len(PAIRS) // 20] if leaks(searched(world, *pair), pair[0])]
    assert bool(found) is leaky
    told = [pair for pair in PAIRS[:: len(PAIRS) // 20] if leaks(asked(world, *pair), pair[0])]
    assert bool(told) is leaky


GET = [
    "/courses/{course}", "/courses/{id}", "/courses/{course}/search?q=vault", "/courses/{course}/progress",
    "/lessons/{lesson}", "/lessons?ref={lesson}", "/lessons?ref={course}/vault{n}", "/lessons/{lesson}/transcript",
    "/assets/{asset}", "/assets/{asset}/content", "/assets/{asset}/media", "/jobs?course={course}",
]  # fmt: skip
POST = [
    ("/courses/{course}/ask", {"question": "With which word does the vault open?"}),
    ("/courses/course-00/ask", {"question": "With which word does the vault open?", "lesson": "{lesson}"}),
]


@pytest.fixture(scope="module")
def visited(world: World, data: Path) -> Iterator[Serving]:
    with serving(data, "--course", "course-00") as running:
        yield running


def requests(client: httpx.Client, ids: dict[str, str], number: int) -> Iterator[httpx.Response]:
    names = ids | {"n": f"{number:02}"}
    for path in GET:
        yield client.get(path.format(**names))
    for path, body in POST:
        filled = {key: value.format(**names) for key, value in body.items()}
        yield client.post(path.format(**names), json=filled, headers={"Accept": "application/json"})


def test_no_route_tells_a_visitor_of_one_course_a_word_of_another(
    world: World, visited: Serving, figure: Callable[[str], None]
) -> None:
    visitor, tried = visited.visitor(), 0
    for number in range(1, COURSES):
        for response in requests(visitor, world.ids[number], number):
            tried += 1
            assert leaks(response.text, 0) == set(), response.request.url
            assert response.status_code in (403, 404), response.request.url
            assert world.ids[number]["asset"] not in response.text.replace(str(response.request.url), "")
    own = [response for response in requests(visitor, world.ids[0], 0) if response.status_code == 200]
    assert word(0) in "".join(response.text for response in own)
    assert len(own) >= 10, "the control"
    assert '"score"' not in "".join(response.text for response in own)
    figure(f"leaks, HTTP: 0 of {tried} requests")


def test_there_were_more_than_a_thousand() -> None:
    assert len(PROBES) * len(PAIRS) + (COURSES - 1) * (len(GET) + len(POST)) > 1_000
