"""Tests see no hub but their own: whatever the shell says of one is forgotten before the first import."""

from __future__ import annotations

import os

pytest_plugins = ["tests.figures"]

#: What speaks to the tests themselves: a database to use, counts and seeds of the chaos tests, data to measure with.
KEPT = ("KNOWHUB_TEST_", "KNOWHUB_CHAOS", "KNOWHUB_SEED", "KNOWHUB_EVAL_DATA")

for name in [name for name in os.environ if name.startswith("KNOWHUB_") and not name.startswith(KEPT)]:
    del os.environ[name]
