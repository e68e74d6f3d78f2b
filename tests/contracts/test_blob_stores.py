"""Every registered backend of `blob_stores` against the contract of its seam."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from knowhub_ext.testing.contracts.blob_stores import BlobStoreContract
from knowhub_ext.testing.parameters import made, registered


class TestRegistered(BlobStoreContract):
    @pytest.fixture(params=registered("blob_stores"))
    def backend(self, request: pytest.FixtureRequest, tmp_path: Path) -> Any:
        return made("blob_stores", request.param, tmp_path)
