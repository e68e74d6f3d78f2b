"""Memory does not follow the size of a file: what a server grows by while a large one comes in.

Fast: 256 MiB. From `KNOWHUB_CHAOS=20` on: 4 GiB.
"""

from __future__ import annotations

import threading
from pathlib import Path

import psutil
import pytest

from knowhub_ext.testing.hubs import plain_hub
from tests.chaos.uploads_servers import PATIENCE_S, TIMES, mortal
from tests.server.tus import Cut, begin, offset_of, patch

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(PATIENCE_S)]

MIB = 1 << 20
SIZE = min(4096, 256 * (1 + (TIMES - 1) * 4 // 5)) * MIB
#: The most that a server may grow by, bytes: the pass figure for a file of 4 GiB.
GROWTH = 64 * MIB


def test_a_large_upload_in_one_piece_does_not_grow_the_server(tmp_path: Path) -> None:
    with plain_hub(tmp_path / "data") as hub:
        hub.courses.create(hub.people.local(), "c")
    with mortal(tmp_path / "data") as server:
        api = server.api()
        patch(api, begin(api, 8 * MIB, filename="warm.mp4"), 0, b"w" * 4 * MIB)
        assert server.process
        before = peak = psutil.Process(server.process.pid).memory_info().rss
        path = begin(api, SIZE, filename="large.mp4")
        over = threading.Event()

        def watch() -> None:
            nonlocal peak
            while not over.wait(0.05):
                assert server.process
                peak = max(peak, psutil.Process(server.process.pid).memory_info().rss)

        watcher = threading.Thread(target=watch)
        watcher.start()
        sending, block = Cut(api, path, 0, SIZE), bytes(range(256)) * (MIB // 256)
        for number in range(SIZE // MIB - 1):
            sending.send(number.to_bytes(8, "big") + block[8:])
        count = sum(1 for _ in range(3) if api.get("/courses").status_code == 200)
        sending.send(block)
        assert sending.status() == 204
        over.set()
        watcher.join()
        assert offset_of(api, path) == SIZE
        assert count == 3, "the server answers others meanwhile"
        print(f"{SIZE // MIB} MiB uploaded: the server grew by {(peak - before) / MIB:.1f} MiB of {before / MIB:.0f}")
        assert peak - before <= GROWTH


def test_control_memory_that_is_held_shows() -> None:
    process = psutil.Process()
    before = process.memory_info().rss
    held = bytearray(b"x") * (2 * GROWTH)
    assert process.memory_info().rss - before > GROWTH
    del held
