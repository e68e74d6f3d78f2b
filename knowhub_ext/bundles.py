"""The browser's half as it was built: which file is which, by content hash. For whoever sends a page to a browser.

Not for serving the files: that is the server's. A source tree that was not built has none of them.
"""

from __future__ import annotations

import json
from pathlib import Path

STATIC = Path(__file__).parent / "static"

#: Stands in for the loader in a source tree that was not built: the same fallback, and nothing else.
PLAIN_LOADER = """\
export default {
  render({ model, el }) {
    const note = document.createElement('p');
    note.textContent = model.get('fallback');
    el.replaceChildren(note);
  }
};
"""


def file(entry: str) -> Path | None:
    """Return the built file of `entry` (`bundle`, `page` or `widget`), or None where it was not built."""
    try:
        name = json.loads((STATIC / "manifest.json").read_text(encoding="utf-8"))[entry]
    except (OSError, ValueError, KeyError):
        return None
    return STATIC / name if (STATIC / name).is_file() else None


def name(entry: str) -> str:
    """Return the file name of `entry`, which holds the hash of its content; empty where it was not built."""
    path = file(entry)
    return path.name if path else ""


def text(entry: str) -> str:
    """Return the content of `entry`; empty where it was not built."""
    path = file(entry)
    return path.read_text(encoding="utf-8") if path else ""


def loader() -> str:
    """Return the ES module that mounts the elements in a widget's place."""
    return text("widget") or PLAIN_LOADER
