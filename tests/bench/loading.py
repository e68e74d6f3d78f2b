"""What extensions add to the start of a Jupyter server: ours, and apart from it those that dashboards need."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure, Peer, Section
from tests.bench.measuring import Options, Unavailable, median, run_child

OURS, LAB = "knowhub_ext", "jupyterlab"
OTHERS = {
    LAB: "JupyterLab's own", "voila": "voila", "panel.io.jupyter_server_extension": "panel",
    "jupyter_server_proxy": "jupyter-server-proxy",
}
_ROUNDS = 3


def sections(options: Options) -> list[Section]:
    """Return one section.

    Raises:
        Unavailable: the server wing is not there.
    """
    if find_spec("knowhub_ext.server") is None or find_spec("knowhub_ext.server.app") is None:
        raise Unavailable("knowhub_ext.server.app is not in this checkout")
    present = {name: label for name, label in OTHERS.items() if find_spec(name.partition(".")[0])}
    rounds = 1 if options.quick else _ROUNDS
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in ("", OURS, *present)}
    for _ in range(rounds):
        for name in runs:
            runs[name].append(started(name, options.scratch))
    about = f"each in a process of its own, {rounds} rounds in turns, medians; the empty server has no extension"
    figures = [*_start(runs), *_loads(runs, present)]
    title = "Start of a Jupyter server: importing, linking and loading an extension"
    return [Section(title=title, about=about, figures=figures)]


def started(extension: str, scratch: Path) -> dict[str, Any]:
    """Start a server with that extension, or with none; return what it says of its times."""
    ran = run_child("tests.bench.jupyter", "--once", *([extension] if extension else []), env=isolated(scratch))
    return dict(json.loads(ran.output.splitlines()[0]))


def isolated(scratch: Path) -> dict[str, str]:
    """Return the environment of a server that knows nothing of this person's settings and data."""
    folders = {name: str(scratch / name.lower()) for name in (
        "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "KNOWHUB_DATA"
    )}
    return folders | {
        "KNOWHUB_CHAT_MODEL": "quote", "KNOWHUB_API_URL": "", "KNOWHUB_API_TOKEN": "", "JUPYTER_NO_CONFIG": "1"
    }


def _start(runs: dict[str, list[dict[str, Any]]]) -> list[Figure]:
    """Return how long the whole start takes, from the process's first line to the server being ready."""
    ours, empty = ([run["start_wall"] * 1000 for run in runs[name]] for name in (OURS, ""))
    return [Figure(
        what="start of a server with our extension, wall", value=median(ours), unit="ms",
        peer=Peer(name="empty server", value=median(empty)), runs=ours,
    )]


def _loads(runs: dict[str, list[dict[str, Any]]], present: dict[str, str]) -> list[Figure]:
    rows = []
    for kind, label in (("wall", "wall"), ("cpu", "processor")):
        ours = [run[f"load_{kind}"] * 1000 for run in runs[OURS]]
        rows.append(Figure(
            what=f"our extension, {label}", value=median(ours), unit="ms", runs=ours, note="target ≤ 100 ms",
            peer=_lab(runs, kind), headline=kind == "wall",
        ))
    for name, label in present.items():
        if name != LAB:
            took = [run["load_wall"] * 1000 for run in runs[name]]
            what = f"{label}, wall (only where dashboards are installed)"
            rows.append(Figure(what=what, value=median(took), unit="ms", runs=took))
    return rows


def _lab(runs: dict[str, list[dict[str, Any]]], kind: str) -> Peer | None:
    """Return what JupyterLab's own extension takes, where it is installed."""
    if LAB not in runs:
        return None
    return Peer(name=OTHERS[LAB], value=median([run[f"load_{kind}"] * 1000 for run in runs[LAB]]))
