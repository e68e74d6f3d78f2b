"""A plain hub, and the same hub with a small course in it."""

from __future__ import annotations

import pytest

from knowhub_ext.testing.hubs import plain_hub, sample_course


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
