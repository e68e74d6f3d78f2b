"""Tests see no hub but their own: whatever the shell says of one is forgotten before the first import."""

from __future__ import annotations

import os

KEPT = ("KNOWHUB_TEST_", "KNOWHUB_SEED", "KNOWHUB_CHAOS")
for name in [name for name in os.environ if name.startswith("KNOWHUB_") and not name.startswith(KEPT)]:
    del os.environ[name]
