"""Shipped for plugin authors and our own tests: contract tests of the seams, plain hubs, small media."""

from __future__ import annotations
