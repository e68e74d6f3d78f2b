"""The history of the schema. Revisions never change once released; full-text objects are written by hand in them."""

from __future__ import annotations
