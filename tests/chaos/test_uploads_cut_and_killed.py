"""A large upload over connections that are cut and a server that is killed: the same bytes arrive, few of them twice.

Fast: 64 MiB, 6 cuts, 2 kills. From `KNOWHUB_CHAOS=20` on: 2 GiB, 51 cuts, 10 kills.
"""

from __future__ import annotations

import hashlib
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from knowhub_ext.testing.hubs import plain_hub
from tests.chaos.harness import at_most
from tests.chaos.uploads_servers import PATIENCE_S, TIMES, Mortal, mortal, seeded
from tests.server.harness import until
from tests.server.tus import PIECE, TUS, Cut, begin, offset_of

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(PATIENCE_S)]

MIB = 1 << 20
SIZE = min(2048, 64 + (TIMES - 1) * 105) * MIB
CUTS, KILLS, ENDS = 6 + (TIMES - 1) * 12 // 5, 2 + (TIMES - 1) * 9 // 20, 2 + TIMES
#: What one piece of our client holds, and how much at most is counted at once.
CHUNK = 8 * MIB


class File:
    """`size` bytes that chance makes, any stretch of them at once; none of it is kept in memory."""

    def __init__(self, size: int, seed: int) -> None:
        self.size = size
        self._block = random.Random(seed).randbytes(MIB)

    def block(self, number: int) -> bytes:
        return number.to_bytes(8, "big") + self._block[8:]

    def read(self, start: int, end: int) -> bytes:
        rows = b"".join(self.block(n) for n in range(start // MIB, -(-end // MIB)))
        return rows[start % MIB : start % MIB + end - start]

    def sha256(self) -> str:
        digest = hashlib.sha256()
        for start in range(0, self.size, MIB):
            digest.update(self.read(start, min(start + MIB, self.size)))
        return digest.hexdigest()


def course(data: Path) -> None:
    with plain_hub(data) as hub:
        hub.courses.create(hub.people.local(), "c")


def asked(server: Mortal, path: str) -> int:
    """Ask for the offset as a client does after a failure: until somebody answers."""

    def offset() -> int | None:
        try:
            return offset_of(server.api(), path) + 1
        except httpx.TransportError:
            return None

    return until(offset, seconds=60) - 1  # type: ignore[no-any-return]


def send_cut(server: Mortal, path: str, file: File, offset: int, length: int) -> None:
    """Send the beginning of a piece, then break the connection."""
    cut = Cut(server.api(), path, offset, min(CHUNK, file.size - offset))
    cut.send(file.read(offset, offset + length))
    cut.cut()


def send_killed(server: Mortal, path: str, file: File, offset: int, after_s: float) -> bool:
    """Send a piece while the server is killed. Returns whether that broke the piece, and not what came after it."""
    api = server.api()
    killer = threading.Timer(after_s, server.kill)
    killer.start()
    try:
        piece = file.read(offset, min(offset + CHUNK, file.size))
        api.patch(path, content=piece, headers=TUS | PIECE | {"Upload-Offset": str(offset)})
    except httpx.TransportError:
        return True
    finally:
        killer.join()
    return False


def send_whole(server: Mortal, path: str, file: File, offset: int) -> int:
    """Send a whole piece; return its length, 0 where the last connection still has the upload."""
    piece = file.read(offset, min(offset + CHUNK, file.size))
    answer = server.api().patch(path, content=piece, headers=TUS | PIECE | {"Upload-Offset": str(offset)})
    assert answer.status_code in (204, 409, 423), answer.text
    return len(piece) if answer.status_code == 204 else 0


def test_cut_and_killed_at_random_the_file_arrives_whole_and_once(
    tmp_path: Path, figure: Callable[[str], None]
) -> None:
    data = tmp_path / "data"
    course(data)
    with seeded("cut-and-killed") as chance, mortal(data) as server:
        file = File(SIZE - 12_345, chance.randrange(1 << 30))
        breaks = ["cut"] * CUTS + ["kill"] * KILLS
        chance.shuffle(breaks)
        path = begin(server.api(), file.size, filename="lecture.mp4")
        resent, worst, broken = 0, 0, 0
        offset = asked(server, path)
        while offset < file.size:
            before = offset
            # each takes one piece at most, so that there is room for all of them, whatever chance says
            pressing = file.size - offset <= (len(breaks) + 1) * CHUNK
            if breaks and (pressing or chance.random() < 0.7):
                length = chance.randrange(1, min(CHUNK, file.size - offset))
                if breaks.pop() == "cut":
                    send_cut(server, path, file, offset, length)
                    sent = length
                else:
                    broken += send_killed(server, path, file, offset, chance.uniform(0.001, 0.06))
                    sent = min(CHUNK, file.size - offset)
                offset = asked(server, path)
            else:
                sent = send_whole(server, path, file, offset)
                offset = asked(server, path)
            assert offset >= before, "what was counted stays"
            lost = max(0, before + sent - offset)
            resent, worst = resent + lost, max(worst, lost)
            assert lost <= CHUNK
        row = until(lambda: finished(server, path), seconds=120)
        sums = f"{resent / MIB:.1f} MiB sent twice, at most {worst / MIB:.1f} at once"
        figure(
            f"B1 {file.size / MIB:.0f} MiB, {CUTS - breaks.count('cut')} cuts, {server.kills} kills, {broken} of them "
            f"inside a piece: {sums}"
        )
        assert (breaks, server.kills) == ([], KILLS), "positive control: all of them came"
        assert row["state"] == "done", row
        content = data / "blobs" / file.sha256()
        assert content.stat().st_size == file.size
        assert hashlib.file_digest(content.open("rb"), "sha256").hexdigest() == content.name
        assert len(list((data / "blobs").iterdir())) == 1
        assert not list((data / "uploads").iterdir())
    with plain_hub(data) as hub:
        me = hub.people.local()
        jobs, _ = hub.jobs.page(me, course="c")
        assert len(jobs) == 1


def finished(server: Mortal, path: str) -> dict[str, str] | None:
    try:
        row = server.api().get(path).json()
    except httpx.TransportError:
        return None
    return row if row["state"] in ("done", "failed") else None


def test_a_server_killed_with_the_upload_open_leaves_it_to_the_next_at_once(tmp_path: Path) -> None:
    """Two servers on one data folder: what one holds the other may not write, until the first is dead."""
    course(tmp_path / "data")
    with mortal(tmp_path / "data") as first, mortal(tmp_path / "data") as second:
        path = begin(first.api(), 10, filename="a.md")
        holding = Cut(first.api(), path, 0, 10)
        holding.send(b"abc")

        def status() -> int:
            headers = TUS | PIECE | {"Upload-Offset": "5"}
            return second.api().patch(path, content=b"", headers=headers).status_code

        part = tmp_path / "data" / "uploads" / f"{path.rpartition('/')[2]}.part"
        until(part.exists)
        assert status() == 423
        first.kill()
        assert status() == 409, "nobody holds it any more"
        answer = second.api().patch(path, content=b"0123456789", headers=TUS | PIECE | {"Upload-Offset": "0"})
        assert answer.status_code == 204
        assert second.api().get(path).json()["state"] == "done"
        holding.cut()


def test_killed_while_it_finishes_it_is_finished_by_the_next_start(
    tmp_path: Path, figure: Callable[[str], None]
) -> None:
    """kill -9 around the last byte: whatever step it hits, the upload ends as one asset, or goes on from its offset."""
    data, took = tmp_path / "data", []
    course(data)
    with seeded("killed-while-finishing") as chance, mortal(data) as server:
        for number in range(ENDS):
            content = chance.randbytes(3 * MIB)
            path = begin(server.api(), len(content), filename=f"{number}.mp4")
            killer = threading.Timer(chance.uniform(0.005, 0.12), server.kill)
            killer.start()
            offset = 0
            deadline = time.monotonic() + 120
            while offset < len(content) and time.monotonic() < deadline:
                try:
                    server.api().patch(
                        path, content=content[offset:], headers=TUS | PIECE | {"Upload-Offset": str(offset)}
                    )
                    killer.join()
                except httpx.TransportError:
                    killer.join()
                offset = asked(server, path)
            row = until(lambda at=path: finished(server, at), seconds=60)
            took.append(time.monotonic() - server.killed_at)
            assert row["state"] == "done", row
            assert (data / "blobs" / hashlib.sha256(content).hexdigest()).stat().st_size == len(content)
        assert server.kills == ENDS
    with plain_hub(data) as hub:
        jobs, _ = hub.jobs.page(hub.people.local(), course="c", limit=100)
        assert len(jobs) == len({job["asset"] for job in jobs}) == ENDS
    figure(f"A9 {ENDS} servers killed around the last byte: the upload is done {max(took):.1f} s after that at most")
    at_most(10, max(took), "seconds from a kill, with the next start, to the end of the upload")
