"""Frozen values and pure rules. Standard library only; everything above may use them."""

from __future__ import annotations
