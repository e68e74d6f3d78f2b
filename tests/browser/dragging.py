"""Files and folders of this machine dropped on a page as a person drops them, and a network as slow as it has to be."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page


def drop(page: Page, target: Locator, *paths: Path) -> None:
    """Drop files or folders on the middle of an element."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None, "what should be dropped on is not shown"
    where = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, **where, "data": data})
    session.detach()


def slow(page: Page, bytes_per_s: int) -> None:
    """Let the page send no faster than this from now on; -1: as fast as it can."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_s},
    )
