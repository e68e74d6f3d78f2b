"""Reading a question together with what was found for it. One vendor a file."""

from __future__ import annotations
