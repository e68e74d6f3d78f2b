"""Text to vectors. One vendor a file."""

from __future__ import annotations
