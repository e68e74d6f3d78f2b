"""Every registered backend of `readers` against the contract of its seam."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from knowhub_ext.testing.contracts.readers import ReaderContract
from knowhub_ext.testing.parameters import made, registered


class TestRegistered(ReaderContract):
    @pytest.fixture(params=registered("readers"))
    def backend(self, request: pytest.FixtureRequest, tmp_path: Path) -> Any:
        return made("readers", request.param, tmp_path)
