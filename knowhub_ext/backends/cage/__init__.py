"""Untrusted bytes are opened in a child process that can reach nothing: its walls, its limits, and both sides of it.

Not a seam: every reader, the captions and all media go through it. The decision and its figures: ADR 6.
"""

from __future__ import annotations
