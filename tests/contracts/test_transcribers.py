"""Every registered backend of `transcribers` against the contract of its seam."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from knowhub_ext.testing.contracts.transcribers import TranscriberContract
from knowhub_ext.testing.parameters import made, registered


class TestRegistered(TranscriberContract):
    @pytest.fixture(params=registered("transcribers"))
    def backend(self, request: pytest.FixtureRequest, tmp_path: Path) -> Any:
        return made("transcribers", request.param, tmp_path)
