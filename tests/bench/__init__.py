"""The figures that the documents quote, each beside a peer in the same run: `python -m tests.bench`. Not tests."""

from __future__ import annotations
