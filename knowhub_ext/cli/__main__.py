"""`python -m knowhub_ext.cli` is `knowhub`."""

from __future__ import annotations

from knowhub_ext.cli import main

main()
