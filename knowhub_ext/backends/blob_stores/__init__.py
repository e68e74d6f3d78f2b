"""Content by SHA-256. One vendor a file."""

from __future__ import annotations
