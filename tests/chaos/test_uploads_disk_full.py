"""A disk that is full in the middle of an upload, for real: a small tmpfs. Needs root and mount(8), and says so.

Nothing that was counted is lost, uploads answer 507 and never 500, reading goes on, and once the disk has grown the
same upload goes on to its end without a restart.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from knowhub_ext.domain.uploads import Offer
from knowhub_ext.testing.hubs import plain_hub
from tests.chaos.uploads_servers import PATIENCE_S, mortal
from tests.server.harness import until
from tests.server.tus import TUS, begin, metadata, offset_of, patch

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(PATIENCE_S)]

MIB = 1 << 20


def mount(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MiB. Where none can be mounted the test fails on the CI and is left out elsewhere."""
    folder = tmp_path / "disk"
    folder.mkdir()
    done = mount("-t", "tmpfs", "-o", "size=8m", "knowhub-test", str(folder))
    if done.returncode != 0:
        reason = f"no small disk can be mounted here ({done.stderr.strip() or 'mount failed'}): needs root"
        if os.environ.get("CI", "").lower() in ("true", "1"):
            pytest.fail(reason)
        pytest.skip(reason)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_stops_an_upload_and_nothing_else_and_more_room_lets_it_go_on(
    small_disk: Path, tmp_path: Path
) -> None:
    data = small_disk / "data"
    with plain_hub(data) as hub:
        hub.courses.create(hub.people.local(), "c")
    config = tmp_path / "config"
    config.mkdir()
    (config / "jupyter_knowhub_config.py").write_text("c.KnowHub.free_disk_floor_bytes = 0\n", encoding="utf-8")
    content = os.urandom(6 * MIB)
    with mortal(data, JUPYTER_CONFIG_DIR=str(config)) as server:
        api = server.api()
        path = begin(api, len(content), filename="large.mp4")
        assert patch(api, path, 0, content[:MIB]).status_code == 204
        refused = api.post("/uploads", headers=TUS | {
            "Upload-Length": str(6 * MIB), "Upload-Metadata": metadata(course="c", filename="more.mp4")})
        assert refused.status_code == 507, "it was promised to the first"
        fill(small_disk / "filler")  # somebody else takes what was free
        stopped = patch(api, path, MIB, content[MIB:])
        assert stopped.status_code == 507, stopped.text
        assert stopped.json()["cure"].endswith(".")
        offset = offset_of(api, path)
        assert MIB <= offset < len(content)
        assert api.get("/courses/c").status_code == 200, "reading goes on"
        assert api.post("/courses", json={"slug": "no-room"}).status_code in (201, 507), "never 500"
        assert mount("-o", "remount,size=64m", str(small_disk)).returncode == 0
        assert until(lambda: patch(api, path, offset_of(api, path), content[offset_of(api, path) :]).status_code == 204)
        row = until(lambda: (found := api.get(path).json())["state"] == "done" and found)
        assert row["offset"] == len(content)
        assert (data / "blobs" / hashlib.sha256(content).hexdigest()).read_bytes() == content


def test_a_disk_that_fills_before_the_last_step_leaves_it_for_later(small_disk: Path) -> None:
    """All bytes are counted, then nothing more can be written: it is finished as soon as there is room."""
    with plain_hub(small_disk / "data", free_disk_floor_bytes=0) as hub:
        me = hub.people.local()
        hub.courses.create(me, "c")
        content = os.urandom(MIB)
        upload = hub.uploads.create(me, Offer(course="c", key="a.mp4", size=len(content))).id
        receiver = hub.uploads.open(me, upload, 0)
        receiver.write(content)
        real = type(hub.uploads._finishing)._awaited

        def filled_first(self: object, found: object) -> bool:
            fill(small_disk / "filler")
            return real(self, found)  # type: ignore[arg-type]

        with pytest.MonkeyPatch.context() as patch_:
            patch_.setattr(type(hub.uploads._finishing), "_awaited", filled_first)
            state = receiver.finish().state.value
        receiver.close()
        assert state == "finishing"
        (small_disk / "filler").unlink()
        hub.uploads.tend()
        assert hub.uploads.find(me, upload).state.value == "done"


def fill(path: Path) -> None:
    """Take every block that is left on a disk."""
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 4096)
