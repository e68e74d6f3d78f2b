"""The hub over HTTP, for kernels, notebooks and dashboards. Shares only values and errors with the server."""

from __future__ import annotations

from knowhub_ext.client.knowhub import KnowHub
from knowhub_ext.client.streams import AskEvent

__all__ = ["AskEvent", "KnowHub"]
