"""Every registered backend of `runners` against the contract of its seam."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from knowhub_ext.testing.contracts.runners import JobRunnerContract
from knowhub_ext.testing.parameters import made, registered


class TestRegistered(JobRunnerContract):
    @pytest.fixture(params=registered("runners"))
    def backend(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
        backend = made("runners", request.param, tmp_path)
        yield backend
        backend.close()
