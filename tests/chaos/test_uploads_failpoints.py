"""A crash between every two steps of finishing an upload, be it SQL, flush or rename: nothing is lost or doubled.

A crash is an exception that nobody catches, at the n-th step, for every n there is; then a fresh hub looks after it.
Fast: between any two steps it crashes twice, after the one and before the other. Under `make chaos`: 50 times.
"""

from __future__ import annotations

import gc
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from knowhub_ext.domain.uploads import Offer, UploadState
from knowhub_ext.hub import Hub
from knowhub_ext.testing.hubs import plain_hub
from tests.chaos.harness import count
from tests.chaos.uploads_servers import PATIENCE_S, TIMES, seeded

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(PATIENCE_S)]


class Crash(BaseException):
    """The process ends here. No handler of ours may catch it."""


class Steps:
    """Counts steps, and crashes before the one numbered `at`, or after it."""

    def __init__(self, at: int | None, *, after: bool = False) -> None:
        self.at = at
        self.after = after
        self.count = 0
        self.names: list[str] = []

    def before(self, name: str) -> None:
        self.count += 1
        self.names.append(name)
        if self.at == self.count and not self.after:
            raise Crash(name)

    def done(self, name: str) -> None:
        if self.at == self.count and self.after:
            raise Crash(name)


@contextmanager
def crashing(hub: Hub, steps: Steps) -> Iterator[None]:
    """Make steps of every statement and commit of the hub's writer, and of what it does to files durably."""
    engine = hub.store.engine

    def statement(_c: Any, _k: Any, text: str, *_rest: Any) -> None:
        steps.before(f"sql: {' '.join(text.split()[:3])}")

    def ended(_c: Any, _k: Any, text: str, *_rest: Any) -> None:
        steps.done("sql")

    def committing(_connection: Any) -> None:
        steps.before("commit")

    def wrapped(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            steps.before(name)
            result = real(*args, **kwargs)
            steps.done(name)
            return result

        return call

    hooks = [("before_cursor_execute", statement), ("after_cursor_execute", ended), ("commit", committing)]
    with pytest.MonkeyPatch.context() as patch:
        for name in ("fsync", "replace", "ftruncate"):
            patch.setattr(os, name, wrapped(f"os.{name}", getattr(os, name)))
        patch.setattr(Path, "unlink", wrapped("unlink", Path.unlink))
        for hook, listener in hooks:
            event.listen(engine, hook, listener)
        try:
            yield
        finally:
            for hook, listener in hooks:
                event.remove(engine, hook, listener)


CONTENT = b"# Zygotes\n\nA zygote is a cell.\n"


def upload(hub: Hub, key: str, steps: Steps | None) -> str:
    """Upload a file; with `steps`, the piece that ends it is the one that crashes."""
    me = hub.people.local()
    begun = hub.uploads.create(me, Offer(course="c", key=key, size=len(CONTENT), batch="drop"))
    receiver = hub.uploads.open(me, begun.id, 0)
    receiver.write(CONTENT)
    if steps is None:
        receiver.finish()
        receiver.close()
        return begun.id
    try:
        with crashing(hub, steps):
            receiver.finish()
    except Crash:
        pass
    finally:
        receiver.close()
    return begun.id


def check(data: Path, upload_id: str) -> UploadState:
    """Look after what a crash left; return what the upload had become before, and be strict about what it is now."""
    with plain_hub(data) as hub:
        me = hub.people.local()
        before = hub.uploads.find(me, upload_id)
        hub.uploads.tend()
        if before.state is UploadState.RECEIVING:  # its client sees the offset, and goes on
            with hub.uploads.open(me, upload_id, before.offset) as receiver:
                receiver.write(CONTENT[before.offset :])
                receiver.finish()
        after = hub.uploads.find(me, upload_id)
        assert after.state is UploadState.DONE
        jobs, _ = hub.jobs.page(me, course="c")
        with hub.store.read() as tx:
            assets = tx.assets.of_course(hub.courses.get(me, "c").id)
            events = [row.kind for row in tx.events.after(0, limit=500, course_ids=None)]
        assert [asset.id for asset in assets] == [after.asset_id]
        assert [job["job"] for job in jobs] == [after.job_id]
        assert events.count("asset.added") == events.count("lesson.added") == 1
        assert [path.name for path in hub.folder.blobs.iterdir()] == [hashlib.sha256(CONTENT).hexdigest()]
        assert list(hub.folder.uploads.iterdir()) == []
        return before.state


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Make data folders with a course `c` and nothing in it."""
    kept = tmp_path_factory.mktemp("kept") / "data"
    with plain_hub(kept) as hub:
        hub.courses.create(hub.people.local(), "c")
    return lambda: shutil.copytree(kept, tmp_path_factory.mktemp("trial") / "data")


def trial(folder: Path, at: int, *, after: bool) -> tuple[Steps, UploadState]:
    steps = Steps(at, after=after)
    with plain_hub(folder) as hub:
        upload_id = upload(hub, "zygotes.md", steps)
    gc.collect()  # a process that crashed holds no transaction open; an exception's frames may
    return steps, check(folder, upload_id)


@pytest.fixture(scope="module")
def whole(fresh: Callable[[], Path]) -> Steps:
    """The steps of a run in which nothing breaks."""
    steps, state = trial(fresh(), -1, after=False)
    assert state is UploadState.DONE
    return steps


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_at_every_step_leaves_an_upload_that_ends_as_one_asset(
    fresh: Callable[[], Path], whole: Steps, after: bool, figure: Callable[[str], None]
) -> None:
    assert whole.count > 20
    assert {"commit", "os.fsync", "os.replace"} <= set(whole.names)
    seen = set()
    rounds = count(1)  # with those of the other half 50 under `make chaos`: after a step is before the next
    for at in [at for _ in range(rounds) for at in range(1, whole.count + 1)]:
        folder = fresh()
        steps, state = trial(folder, at, after=after)
        assert steps.count >= at, "the crash came"
        seen.add(state)
        shutil.rmtree(folder)
    where = "after" if after else "before"
    figure(f"A9 uploads: {rounds} crashes {where} each of {whole.count} steps of finishing: one asset, one job each")
    assert {UploadState.RECEIVING, UploadState.FINISHING} <= seen, "some before the last byte counted, some after"


def test_a_crash_during_recovery_is_recovered_from(fresh: Callable[[], Path], whole: Steps) -> None:
    """Crash at a random step, crash again at a random step of the recovery, then look after it once more."""
    with seeded("crash-during-recovery") as chance:
        for _ in range(6 * TIMES):
            folder = fresh()
            with plain_hub(folder) as hub:
                upload_id = upload(hub, "zygotes.md", Steps(chance.randrange(1, whole.count + 1)))
            with plain_hub(folder) as hub, crashing(hub, Steps(chance.randrange(1, 30))):
                try:
                    hub.uploads.tend()
                except Crash:
                    pass
            check(folder, upload_id)


def test_control_without_recovery_a_crash_leaves_an_upload_that_is_no_asset(
    fresh: Callable[[], Path], whole: Steps
) -> None:
    at = whole.names.index("os.replace") + 1
    with plain_hub(fresh()) as hub:
        me = hub.people.local()
        upload_id = upload(hub, "zygotes.md", Steps(at))
        assert hub.uploads.find(me, upload_id).state is UploadState.FINISHING
        assert hub.jobs.page(me, course="c") == ([], None)
