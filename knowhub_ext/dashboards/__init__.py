"""Dashboards: the same elements under Panel and Voila. Here only what a Jupyter server reads at its start, and light.

Python lays a page out; what belongs to a person is fetched by the elements in that person's browser.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

#: The path below a Jupyter server's base address; also the name of the entry point.
NAME = "knowhub-panel"


def panel_server() -> dict[str, Any]:
    """Return how jupyter-server-proxy starts the Panel pages: one process, on loopback, at the first request.

    The browser's cookie and token are kept from that process, which needs neither. Its websocket takes requests of
    its own origin alone: the proxy has checked the browser's by then, and another page in that browser, which could
    reach the port directly, is refused.
    """
    return {
        "command": [sys.executable, "-m", __name__, "--port", "{port}", "--prefix", "{base_url}" + NAME],
        "absolute_url": True,
        "timeout": 60,
        "request_headers_override": {"Origin": "http://127.0.0.1:{port}", "Cookie": "", "Authorization": ""},
        "new_browser_tab": True,
        "launcher_entry": {
            "title": "KnowHub progress", "category": "Other", "icon_path": str(Path(__file__).parent / "icon.svg"),
        },
    }
