"""A1, A7: a note that a server acknowledged is there after kill -9, once, with its words, however often it was sent."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing

import httpx
import pytest

from tests.chaos.harness import Served, World, add, check_file, count, kill, serve

#: Notes taken between two kills: 200 times so many fit into a course.
EACH = 20


def lesson_of(world: World) -> str:
    """Add a lecture that nobody recognises; return its lesson."""
    with world.hub() as hub:
        me = hub.people.local()
        add(hub, world.folder / "in", ["noted-3600.wav"])
        for row in hub.jobs.page(me)[0]:
            hub.jobs.cancel(me, row["job"])
        return str(hub.courses.detail(me, "c")["lessons"][0]["lesson"])


def note(name: str, number: int) -> dict[str, object]:
    place = {"kind": "time", "start": number % 3000, "end": number % 3000 + 1}
    return {"id": name, "locator": place, "body": f"words of {name}"}


def kept(world: World) -> dict[str, str]:
    with closing(sqlite3.connect(world.data / "knowhub.sqlite3")) as connection:
        return dict(connection.execute("SELECT id, body FROM annotation").fetchall())


def written(
    world: World, chance: random.Random, kills: int, *, edits: bool = True, **chaos: object
) -> tuple[dict[str, str], set[str]]:
    """Take notes, edit every second one and send every third one twice, on a server that is killed at random.

    A person has room for so many notes in a course: who has taken `EACH` of them edits them again and again.

    Return the words that were acknowledged, and the ids of what was on its way when a server died.
    """
    lesson, acknowledged, doubtful = lesson_of(world), {}, set()
    for life in range(kills):
        served = serve(world, **chaos)
        doom = threading.Timer(chance.uniform(0.05, 2.0), kill, (served.process,))
        doom.start()
        name, versions = "", dict[str, int]()
        try:
            for number in range(100_000):
                name = f"life-{life:04}-note-{number % EACH if edits else number:05}"
                if name in versions:
                    edited(served, name, versions, acknowledged)
                    continue
                sent = note(name, number)
                for _ in range(2 if number % 3 == 0 else 1):
                    answer = served.client.post(f"/lessons/{lesson}/notes", json=sent)
                    assert answer.status_code in (200, 201), answer.text
                acknowledged[name], versions[name] = str(sent["body"]), 1
                if edits and number % 2:
                    edited(served, name, versions, acknowledged)
        except httpx.TransportError:
            doubtful.add(name)
        doom.join()
        served.client.close()
        check_file(world.data / "knowhub.sqlite3")
    return acknowledged, doubtful


def edited(served: Served, name: str, versions: dict[str, int], acknowledged: dict[str, str]) -> None:
    body = f"{acknowledged[name]}, edited"
    answer = served.client.put(f"/notes/{name}", json={"body": body, "version": versions[name]})
    assert answer.status_code == 200, answer.text
    acknowledged[name] = body
    versions[name] += 1


def test_what_was_acknowledged_is_there_after_kill_9(
    world: World, chance: random.Random, figure: Callable[[str], None]
) -> None:
    kills = count(4)
    acknowledged, doubtful = written(world, chance, kills)
    assert len(acknowledged) > kills, "positive control: the server did acknowledge"
    there = kept(world)
    lost = {name for name, body in acknowledged.items() if name not in doubtful and there.get(name) != body}
    assert lost == set()
    half = {name for name in doubtful & set(acknowledged) if not there[name].startswith(acknowledged[name])}
    assert half == set(), "an edit that was cut off is there whole or not at all"
    assert set(there) - set(acknowledged) <= doubtful
    figure(f"A1 notes: {kills} kills, {len(acknowledged)} acknowledged, 0 lost, none twice, integrity ok each time")


def test_what_was_on_its_way_is_sent_again_and_is_there_once(world: World, chance: random.Random) -> None:
    acknowledged, doubtful = written(world, chance, 1)
    served = serve(world)
    lesson = next(iter(served.client.get("/courses/c").json()["lessons"]))["lesson"]
    for name in [*doubtful, *acknowledged]:
        answer = served.client.post(f"/lessons/{lesson}/notes", json=note(name, 1))
        assert answer.status_code in (200, 201)
    assert set(kept(world)) == set(acknowledged) | doubtful
    served.client.close()


def test_control_a_server_that_acknowledges_before_it_commits_loses_some(world: World, chance: random.Random) -> None:
    for attempt in range(10):  # a kill that comes before the first note shows nothing
        fresh = World(world.folder / str(attempt))
        fresh.folder.mkdir()
        acknowledged, _ = written(fresh, chance, 1, edits=False, off=["note-commit"])
        there = kept(fresh)
        if any(there.get(name) != body for name, body in acknowledged.items()):
            return
    pytest.fail("nothing was lost")
