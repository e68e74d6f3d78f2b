"""A plain hub, and the same hub with a small course in it."""

from __future__ import annotations

import pytest

from knowhub_ext.backends import registry
from knowhub_ext.testing.fixtures import tone
from knowhub_ext.testing.hubs import plain_hub, run_jobs, sample_course
from tests.services.scripted import Scripted


@pytest.fixture
def hub(tmp_path):
    with plain_hub(tmp_path / "data") as made:
        yield made


@pytest.fixture
def me(hub):
    return hub.people.local()


@pytest.fixture
def course(hub, tmp_path):
    return sample_course(hub, tmp_path / "files")


@pytest.fixture
def ears(monkeypatch):
    """The hub's transcriber, found where a hub finds it."""
    made = Scripted()
    real = registry.create
    monkeypatch.setattr(
        registry, "create", lambda seam, name, **options: made if name == "scripted" else real(seam, name, **options)
    )
    return made


@pytest.fixture
def lesson(hub, me, tmp_path):
    """A lecture of twenty seconds with ten sentences by the model `small`."""
    hub.courses.create(me, "c")
    added = hub.ingest.add(me, "c", [tone(tmp_path / "talk.wav", seconds=20)])
    run_jobs(hub)
    return added.lessons[0]["lesson"]
