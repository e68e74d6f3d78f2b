"""Use cases, synchronous. Every call takes an `Actor` and asks the one policy function."""

from __future__ import annotations
