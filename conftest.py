"""Tests see no hub but their own: whatever the shell says of one is forgotten before the first import."""

from __future__ import annotations

import os

for name in [name for name in os.environ if name.startswith("KNOWHUB_") and not name.startswith("KNOWHUB_TEST_")]:
    del os.environ[name]
