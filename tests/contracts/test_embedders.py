"""Every registered backend of `embedders` against the contract of its seam."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from knowhub_ext.testing.contracts.embedders import EmbedderContract
from knowhub_ext.testing.parameters import made, registered


class TestRegistered(EmbedderContract):
    @pytest.fixture(params=registered("embedders"))
    def backend(self, request: pytest.FixtureRequest, tmp_path: Path) -> Any:
        return made("embedders", request.param, tmp_path)
