"""Media and captions to timed text. One vendor a file."""

from __future__ import annotations
