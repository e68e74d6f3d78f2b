"""B3: memory does not follow the size of a file: what a server grows by while a large one comes in, or goes out.

Fast: 256 MiB in, 128 MiB out, twice what it may grow by. Under `make chaos`: 4 GiB each, and the server's event loop
stands still for no longer than it may.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import psutil
import pytest

from tests.chaos.harness import Served, World, at_most, count, serve
from tests.server.tus import Cut, begin, offset_of, patch

pytestmark = pytest.mark.timeout(3600)

MIB = 1 << 20
IN, OUT = count(256, 4096) * MIB, count(128, 4096) * MIB
#: The most that a server may grow by, bytes: the pass figure for a file of 4 GiB.
GROWTH = 64 * MIB
#: The longest that its event loop may stand still, milliseconds.
STALL_MS = 50


class Growth:
    """By how many bytes a process grew at most, of how many."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self.before = self._peak = self._process.memory_info().rss

    def look(self) -> None:
        self._peak = max(self._peak, self._process.memory_info().rss)

    @property
    def bytes(self) -> int:
        return self._peak - self.before

    def __str__(self) -> str:
        return f"grew by {self.bytes / MIB:.1f} MiB of {self.before / MIB:.0f}"


@contextmanager
def growing(pid: int) -> Iterator[Growth]:
    growth, over = Growth(pid), threading.Event()

    def watch() -> None:
        while not over.wait(0.02):
            growth.look()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield growth
    finally:
        over.set()
        watcher.join()


def stalled_ms(world: World, since: float) -> float:
    """Return how long the event loop stood still at most since an instant of the monotonic clock, which all processes
    of a machine share."""
    log = Path(f"{world.log}.stalls")
    rows = [row.split() for row in log.read_text().splitlines()] if log.exists() else []
    return max((float(late) for at, late in rows if float(at) >= since), default=0.0)


@pytest.fixture
def course(world: World) -> World:
    """A folder with a course and nothing in it, and a server-to-be that says when its event loop stands still."""
    world.chaos["stalls"] = True
    with world.hub() as hub:
        hub.courses.create(hub.people.local(), "c")
    return world


def test_a_large_upload_in_one_piece_does_not_grow_the_server(course: World, figure: Callable[[str], None]) -> None:
    served = serve(course)
    api = served.client
    patch(api, begin(api, 8 * MIB, filename="warm.mp4"), 0, b"w" * 4 * MIB)
    path = begin(api, IN, filename="large.mp4")
    began = time.monotonic()
    with growing(served.process.pid) as growth:
        sending, block = Cut(api, path, 0, IN), bytes(range(256)) * (MIB // 256)
        for number in range(IN // MIB - 1):
            sending.send(number.to_bytes(8, "big") + block[8:])
        others = [api.get("/courses").status_code for _ in range(3)]
        sending.send(block)
        assert sending.status() == 204
    assert offset_of(api, path) == IN
    assert others == [200, 200, 200], "the server answers others meanwhile"
    stood = stalled_ms(course, began)
    figure(f"B3 {IN // MIB} MiB uploaded: the server {growth}; its event loop stood still {stood:.0f} ms at most")
    assert growth.bytes <= GROWTH
    at_most(STALL_MS, stood, "milliseconds in which the event loop stood still")


def test_a_large_download_does_not_grow_the_server(course: World, figure: Callable[[str], None]) -> None:
    """To a client that stops reading for a while: what it does not take must not pile up."""
    served, url = large(course)
    client, got = served.client, 0
    began = time.monotonic()
    with growing(served.process.pid) as growth, client.stream("GET", url) as answer:
        assert (answer.status_code, answer.headers["Content-Length"]) == (200, str(OUT))
        for number, block in enumerate(answer.iter_raw(MIB)):
            got += len(block)
            if number == 3:
                time.sleep(1)
                assert client.get("/courses").status_code == 200, "the server answers others meanwhile"
    assert got == OUT
    stood = stalled_ms(course, began)
    figure(f"B3 {OUT // MIB} MiB downloaded: the server {growth}; its event loop stood still {stood:.0f} ms at most")
    assert growth.bytes <= GROWTH
    at_most(STALL_MS, stood, "milliseconds in which the event loop stood still")


def large(world: World) -> tuple[Served, str]:
    """Add a file that takes no room where it lies, and serve it; return the server, warmed up, and its address."""
    folder = world.folder / "in"
    folder.mkdir()
    (folder / "large.mp4").write_bytes(b"\0\0\0\x18ftypmp42")
    with (folder / "large.mp4").open("r+b") as file:
        file.truncate(OUT)
    with world.hub() as hub:
        me = hub.people.local()
        [asset] = [row["asset"] for entry in hub.ingest.add(me, "c", [folder / "large.mp4"]).lessons
                   for row in entry["assets"]]
        for row in hub.jobs.page(me)[0]:
            hub.jobs.cancel(me, row["job"])
    served = serve(world)
    url = urljoin(str(served.client.base_url), served.client.get(f"/assets/{asset}/media").json()["url"])
    assert len(served.client.get(url, headers={"Range": f"bytes=0-{8 * MIB - 1}"}).content) == 8 * MIB
    return served, url


def test_control_a_loop_that_stands_still_shows(course: World) -> None:
    course.chaos["off"] = ["turns"]
    served = serve(course)
    began = time.monotonic()
    served.client.get("/courses")
    assert stalled_ms(course, began) > 200


def test_control_memory_that_is_held_shows() -> None:
    growth = Growth(psutil.Process().pid)
    held = bytearray(b"x") * (2 * GROWTH)
    growth.look()
    assert growth.bytes > GROWTH
    del held
