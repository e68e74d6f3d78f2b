"""The HTTP door: a Jupyter server extension, and the same routes alone (`serve`). One route file a noun."""

from __future__ import annotations
