"""`python -m knowhub_ext.dashboards`: one Panel process for all readers, started by jupyter-server-proxy."""

from __future__ import annotations

import argparse
import os
import signal
import threading
import time

from knowhub_ext.dashboards import NAME
from knowhub_ext.dashboards.progress import progress_app


def main() -> None:
    """Serve the pages on loopback until the Jupyter server ends."""
    parser = argparse.ArgumentParser(prog="python -m knowhub_ext.dashboards", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    parser.add_argument("--prefix", default=f"/{NAME}", help="path of these pages at the Jupyter server's address")
    chosen = parser.parse_args()
    end_with_parent()
    serve(chosen.port, chosen.prefix)


def serve(port: int, prefix: str) -> None:
    """Serve the pages at `127.0.0.1:<port><prefix>/`; the interface lies beside them at `knowhub/api`."""
    import panel

    api = prefix.rstrip("/").removesuffix(NAME) + "knowhub/api"
    panel.serve(
        {"/": lambda: progress_app(api, _asked_course())}, port=port, address="127.0.0.1", prefix=prefix, show=False,
        title="KnowHub progress", websocket_origin=[f"127.0.0.1:{port}"],
    )


def _asked_course() -> str:
    """The page's address may name the course: `?course=slug`."""
    import panel

    values = panel.state.session_args.get("course", [])
    return values[0].decode(errors="replace") if values else ""


def end_with_parent() -> None:
    """End this process when the one that started it is gone, however it went: nobody could reach it any more."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(2)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


if __name__ == "__main__":
    main()
