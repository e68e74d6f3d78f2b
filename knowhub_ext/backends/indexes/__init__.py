"""Nearest vectors, a cache of what SQL holds. One vendor a file."""

from __future__ import annotations
