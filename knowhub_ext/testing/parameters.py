"""Test parameters from the registry, so that no registered backend can dodge the contract of its seam."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from knowhub_ext.backends import registry
from knowhub_ext.errors import MissingBackend, MissingWeights
from knowhub_ext.testing.fixtures import example_options


def registered(seam: str) -> list[Any]:
    """Return one pytest parameter a backend of the seam."""
    names = registry.names(seam)
    assert names, f"no backend of {seam} is registered; is the package installed (`pip install -e .`)?"
    return [
        pytest.param(name, id=name, marks=[pytest.mark.models] if _needs_weights(seam, name) else []) for name in names
    ]


def made(seam: str, name: str, folder: Path, /, **options: Any) -> Any:
    """Construct a backend for a test. Where weights or packages are missing it skips, but fails on the CI."""
    try:
        check = getattr(registry.load(seam, name), "missing", None)
        error = check() if check is not None else None
        if error is None:
            return registry.create(seam, name, **(example_options(seam, name, folder) | options))
    except (MissingBackend, MissingWeights) as raised:
        error = raised
    if os.environ.get("CI", "").lower() in ("true", "1"):
        pytest.fail(f"{error.message} {error.cure}")
    pytest.skip(f"{error.message} {error.cure}")


def _needs_weights(seam: str, name: str) -> bool:
    """Tell whether a backend can say that something is missing: those are the ones with weights."""
    try:
        return hasattr(registry.load(seam, name), "missing")
    except MissingBackend:
        return False
