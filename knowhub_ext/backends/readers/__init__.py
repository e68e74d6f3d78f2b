"""Documents and notebooks to canonical text. One vendor a file."""

from __future__ import annotations
