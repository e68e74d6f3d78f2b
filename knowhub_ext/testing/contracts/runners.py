"""The contract of runners."""

from __future__ import annotations

import time
from typing import Any

from knowhub_ext.ports import JobRunner


class JobRunnerContract:
    """Wakes a worker; which job it takes stands in the database."""

    def test_it_is_a_runner(self, backend: Any) -> None:
        assert isinstance(backend, JobRunner)

    def test_waking_returns_at_once_and_may_be_repeated(self, backend: JobRunner) -> None:
        began = time.monotonic()
        for _ in range(5):
            backend.wake()
        assert time.monotonic() - began < 5
        backend.close()

    def test_closing_twice_and_waking_after_is_harmless(self, backend: JobRunner) -> None:
        backend.close()
        backend.wake()
        backend.close()
