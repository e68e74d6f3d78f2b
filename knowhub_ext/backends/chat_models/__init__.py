"""Answers over numbered passages. One vendor a file."""

from __future__ import annotations
