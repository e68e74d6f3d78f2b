"""The live socket: what is committed arrives in order, once, to those who may see it, and can be resumed."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
import websocket

from knowhub_ext.domain.events import Event
from knowhub_ext.domain.people import Actor, Role
from knowhub_ext.server.contract import contract
from knowhub_ext.server.tail import QUEUED, Listener, visible
from tests.server.harness import Jupyter, until

EVENT = contract().validator(contract().document["components"]["schemas"]["Event"])


def listen(server: Jupyter, after: int | None = None) -> websocket.WebSocket:
    address = server.api.replace("http", "ws", 1) + "/live" + ("" if after is None else f"?after={after}")
    return websocket.create_connection(
        address, header=[f"Authorization: Bearer {server.extension.wing.token}"], timeout=10
    )


def read(socket: websocket.WebSocket, count: int) -> list[dict[str, Any]]:
    return [json.loads(socket.recv()) for _ in range(count)]


def test_a_change_arrives_and_a_later_listener_resumes_after_any_number(
    server: Jupyter, api: httpx.Client
) -> None:
    socket = listen(server)
    until(lambda: server.extension.wing.tail._listeners)
    made = [api.post("/courses", json={"slug": f"live-{n}"}).json()["id"] for n in range(3)]
    seen = read(socket, 3)
    assert [event["subject"] for event in seen] == made
    assert {event["kind"] for event in seen} == {"course.created"}
    assert all(not list(EVENT.iter_errors(event)) for event in seen)
    assert [event["seq"] for event in seen] == list(range(seen[0]["seq"], seen[0]["seq"] + 3)), "no gaps"
    socket.close()
    resumed = listen(server, seen[0]["seq"])
    assert read(resumed, 2) == seen[1:]
    extra = api.post("/courses", json={"slug": "live-4"}).json()["id"]
    assert read(resumed, 1)[0]["subject"] == extra
    resumed.close()
    everything = listen(server, 0)
    assert [event["seq"] for event in read(everything, seen[-1]["seq"])] == list(range(1, seen[-1]["seq"] + 1))
    everything.close()


def test_nothing_reads_the_database_when_nobody_listens(server: Jupyter) -> None:
    socket = listen(server)
    tail = server.extension.wing.tail
    until(lambda: tail._reading is not None and not tail._reading.done())
    socket.close()
    until(lambda: tail._reading.done())
    assert not tail._listeners


def test_what_a_client_says_is_ignored_and_too_much_of_it_ends_the_socket(server: Jupyter) -> None:
    socket = listen(server)
    socket.send("hello")
    socket.ping()
    socket.send("x" * 5000)
    opcode, _ = socket.recv_data()
    assert opcode == websocket.ABNF.OPCODE_CLOSE


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "9" * 30])
def test_a_wrong_number_is_refused(server: Jupyter, api: httpx.Client, after: str) -> None:
    headers = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
               "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg=="}
    response = api.get("/live", params={"after": after}, headers=headers)
    assert response.status_code == 400
    assert "after" in response.json()["detail"]


def event(seq: int, **fields: Any) -> Event:
    plain = {"at_ms": 0, "actor": "a", "course": "c1", "kind": "job.changed", "subject": "s"}
    return Event(seq=seq, **plain | fields)


ME = Actor(person_id="me", roles=frozenset({Role.OWNER}))
VISITOR = Actor(person_id="link:c1", roles=frozenset({Role.VIEWER}), course="c1")


@pytest.mark.parametrize(("actor", "fields", "seen"), [
    (ME, {}, True), (ME, {"course": ""}, True), (ME, {"kind": "progress.changed", "data": {"person": "me"}}, True),
    (ME, {"kind": "progress.changed", "data": {"person": "you"}}, False), (VISITOR, {"kind": "segments.added"}, True),
    (VISITOR, {}, False),
    (VISITOR, {"course": "c2", "kind": "lesson.added"}, False),
    (VISITOR, {"course": "", "kind": "lesson.added"}, False),
    (VISITOR, {"kind": "progress.changed", "data": {"person": "me"}}, False),
])  # fmt: skip
def test_only_those_who_may_know_hear_of_a_change(actor: Actor, fields: dict[str, Any], seen: bool) -> None:
    assert visible(event(1, **fields), actor) is seen


class FakeWire:
    """A socket whose other side takes frames only while `open` is set."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.sent: list[int] = []
        self.ended: tuple[int, str] | None = None

    async def send(self, text: str) -> None:
        await self.open.wait()
        self.sent.append(json.loads(text)["seq"])

    def end(self, code: int, reason: str) -> None:
        self.ended = (code, reason)


def test_a_reader_that_is_too_slow_is_sent_away_and_a_slow_one_is_not() -> None:
    async def scene() -> None:
        wire = FakeWire()
        listener = Listener(wire, ME)
        listener._early = None
        for seq in range(1, QUEUED + 1):
            listener.offer(event(seq))
        assert wire.ended is None
        await asyncio.sleep(0)
        for seq in range(QUEUED + 1, QUEUED + 3):
            listener.offer(event(seq))
        assert wire.ended is not None
        assert wire.ended[0] == 1013
        listener.close()

    asyncio.run(scene())


def test_what_comes_while_the_missed_is_read_comes_after_it_and_once() -> None:
    async def scene() -> None:
        wire = FakeWire()
        wire.open.set()
        listener = Listener(wire, ME)
        pages = [[event(3), event(4)], [event(5)], []]

        class Reading:
            async def run(self, *_: object) -> list[Event]:
                listener.offer(event(5))
                return pages.pop(0)

        listener.offer(event(4))
        await listener.catch_up(Reading(), None, 2)  # type: ignore[arg-type]
        listener.offer(event(6))
        await asyncio.sleep(0.01)
        assert wire.sent == [3, 4, 5, 6]
        listener.close()

    asyncio.run(scene())
