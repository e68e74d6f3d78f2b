"""One file a revision, named by its number; `schema.REVISIONS` lists them."""

from __future__ import annotations
