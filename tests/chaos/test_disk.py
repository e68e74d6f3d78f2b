"""A3: a full disk harms nothing that was committed, and is survived without a restart."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.chaos.conftest import must_have
from tests.chaos.harness import World, check_file, count, serve, until
from tests.chaos.test_acks import kept, lecture, post

#: What makes a command root's.
ROOT = [] if os.geteuid() == 0 else ["sudo", "-n"]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[World]:
    """A data folder on a disk of its own, of 6 MiB."""
    must_have(sys.platform == "linux" and shutil.which("mount") is not None, "A small disk needs Linux and `mount`.")
    must_have(os.geteuid() == 0 or shutil.which("sudo") is not None, "A small disk needs root, or sudo.")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = mount("-t", "tmpfs", "-o", f"size=6m,mode=700,uid={os.geteuid()}", "tmpfs", str(disk))
    must_have(mounted.returncode == 0, f"No tmpfs can be mounted here: {mounted.stderr.decode().strip()}")
    world = World(tmp_path)
    world.data.symlink_to(disk, target_is_directory=True)
    try:
        yield world
    finally:
        world.close()
        subprocess.run([*ROOT, "umount", "-l", str(disk)], check=True)


def mount(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*ROOT, "mount", *arguments], capture_output=True)


def test_a_full_disk_loses_nothing_and_is_told_as_what_it_is(small: World, figure: Callable[[str], None]) -> None:
    asset = lecture(small, seconds=600)
    served = serve(small)
    disk = small.data.resolve()
    acknowledged: set[str] = set()
    refused: list[int] = []
    for round_ in range(count(1)):
        for number in range(20):
            name = f"room-{round_:03}-{number:05}"
            assert post(served.client, asset, name, number).status_code == 200
            acknowledged.add(name)
        (disk / "filler").write_bytes(b"")
        with (disk / "filler").open("ab", buffering=0) as filler:
            try:
                while True:
                    filler.write(b"\xff" * 4096)
            except OSError:
                pass
        for number in range(300):
            name = f"full-{round_:03}-{number:05}"
            answer = post(served.client, asset, name, number)
            if answer.status_code == 200:
                acknowledged.add(name)
                continue
            refused.append(answer.status_code)
            assert answer.status_code == 507, answer.text
            assert answer.json()["cure"]
            if len(refused) % 20 == 0:
                break
        assert refused, "positive control: the disk was full"
        reads = ("/courses", f"/assets/{asset}", "/jobs", "/courses/c/search?q=x")
        assert {served.client.get(path).status_code for path in reads} == {200}, "reading goes on"
        size = 6 + 10 * (round_ + 1)
        mount("-o", f"remount,size={size}m", str(disk)).check_returncode()
        name = f"again-{round_:03}-0000000"
        until(lambda name=name: post(served.client, asset, name, 500).status_code == 200, "it works again", 60)
        acknowledged.add(name)
        assert acknowledged - kept(small) == set()
        check_file(small.data / "knowhub.sqlite3")
    assert served.process.poll() is None, "without a restart"
    figure(f"A3 {len(acknowledged)} acknowledged, {len(refused)} refused with 507, none lost, no restart")
