"""Every registered backend of `rerankers` against the contract of its seam."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from knowhub_ext.backends import registry
from knowhub_ext.testing.contracts.rerankers import RerankerContract
from knowhub_ext.testing.parameters import made, registered
from tests.standins import crossencoders


class TestRegistered(RerankerContract):
    @pytest.fixture(params=registered("rerankers"))
    def backend(self, request: pytest.FixtureRequest, tmp_path: Path) -> Any:
        reads = "folder" in registry.options_of("rerankers", request.param)
        options = {"folder": crossencoders.write(tmp_path / "model")} if reads else {}
        return made("rerankers", request.param, tmp_path, **options)
