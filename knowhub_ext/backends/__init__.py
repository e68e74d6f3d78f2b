"""One vendor a file, a folder a seam, looked up by entry point. Never meets `store`."""

from __future__ import annotations
