"""Every registered backend of `indexes` against the contract of its seam."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from knowhub_ext.testing.contracts.indexes import VectorIndexContract
from knowhub_ext.testing.parameters import made, registered


class TestRegistered(VectorIndexContract):
    @pytest.fixture(params=registered("indexes"))
    def backend(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
        backend = made("indexes", request.param, tmp_path)
        yield backend
        backend.close()
