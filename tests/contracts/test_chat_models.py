"""Every registered backend of `chat_models` against the contract of its seam, vendors asking a local stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from knowhub_ext.backends import registry
from knowhub_ext.testing.contracts.chat_models import ChatModelContract
from knowhub_ext.testing.ollama import OllamaStandIn
from knowhub_ext.testing.parameters import made, registered


class TestRegistered(ChatModelContract):
    @pytest.fixture(params=registered("chat_models"))
    def backend(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
        with OllamaStandIn() as server:
            takes = registry.options_of("chat_models", request.param)
            options = {"model": "ollama:llama3.2", "base_url": server.url} if "base_url" in takes else {}
            yield made("chat_models", request.param, tmp_path, **options)
