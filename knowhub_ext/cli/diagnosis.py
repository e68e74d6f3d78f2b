"""What `knowhub doctor` looks at."""

from __future__ import annotations

import platform
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from knowhub_ext.config import KnowHub
from knowhub_ext.errors import KnowHubError
from knowhub_ext.hub import Hub, build
from knowhub_ext.hub.cages import standing
from knowhub_ext.services.embeddings import unserved


@dataclass(frozen=True, kw_only=True)
class Check:
    """One line: what was looked at, what was found, why it was chosen, how to get it or something better."""

    what: str
    found: str
    ok: bool = True
    needed: bool = True
    why: str = ""
    cure: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


_BETTER = {
    "transcribers": "Better: a larger model on this machine, c.KnowHub.transcriber_options = {'model': 'small'}.",
    "embedders": "",
    "chat_models": "",
}
_NAMES = {"transcribers": "speech recognition", "embedders": "sentence vectors", "chat_models": "answers"}
_OPTIONAL = (
    ("PDF documents", "pypdfium2", "pip install 'knowhub-ext[documents]'"),
    ("Word documents", "python-docx", "pip install 'knowhub-ext[documents]'"),
    ("slides", "python-pptx", "pip install 'knowhub-ext[documents]'"),
    ("web pages", "beautifulsoup4", "pip install 'knowhub-ext[documents]'"),
    ("JupyterLab", "jupyterlab", "pip install 'knowhub-ext[lab]'"),
    ("Voila dashboards", "voila", "pip install 'knowhub-ext[dashboards]'"),
    ("Panel dashboards", "panel", "pip install 'knowhub-ext[dashboards]'"),
    ("dashboards in Lab", "jupyter-server-proxy", "pip install 'knowhub-ext[dashboards]'"),
    ("PostgreSQL", "psycopg", "pip install 'knowhub-ext[cluster]'"),
)


def diagnose(settings: KnowHub) -> list[Check]:
    """Look at everything; what cannot be looked at becomes a line that says so."""
    rows = [Check(what="Python", found=f"{platform.python_version()} on {platform.system()}")]
    try:
        hub = build(settings)
    except KnowHubError as error:
        return [*rows, Check(what="data folder", found=error.message, ok=False, cure=error.cure), *_optional()]
    try:
        rows += _data(hub)
        rows += _chosen(hub)
        rows.append(_vectors(hub))
        rows.append(_cage())
    finally:
        hub.close()
    return [*rows, *_optional()]


def _data(hub: Hub) -> Iterator[Check]:
    free = shutil.disk_usage(hub.folder.path).free
    yield Check(what="data folder", found=str(hub.folder.path))
    yield Check(
        what="free disk", found=f"{free / 1e9:.1f} GB", ok=free > 2e9, needed=False,
        cure="" if free > 2e9 else "Free some space: below 2 GB new lectures may not fit.",
    )
    engine = f"SQLite {sqlite3.sqlite_version}" if hub.store.dialect == "sqlite" else hub.store.dialect
    counts = ", ".join(f"{count} {noun}" for noun, count in hub.operating.standing().items())
    yield Check(what="database", found=f"{engine}: {counts}")
    alive = hub.working.others_alive()
    yield Check(
        what="worker", found="running" if alive else "none running", needed=False, ok=alive,
        why="" if alive else "JupyterLab starts one when something waits; `knowhub add` runs its jobs itself.",
    )
    servers = hub.folder.servers()
    yield Check(
        what="server", found=", ".join(row["url"] for row in servers) or "none running", needed=False, ok=bool(servers)
    )


def _chosen(hub: Hub) -> Iterator[Check]:
    models = {
        "transcribers": getattr(hub.chosen.transcriber, "label", ""), "embedders": hub.chosen.embedder.name,
        "chat_models": "",
    }
    for need, (name, why) in hub.chosen.reasons.items():
        if need == "rerankers":
            yield _reranker(hub, name, why)
            continue
        best = {"transcribers": "captions", "embedders": "hashing", "chat_models": "quote"}[need] != name
        found = " · ".join(filter(None, (name, models[need])))
        because = f"Because {why}" + ("" if why.endswith(".") else ".")
        yield Check(
            what=_NAMES[need], found=found, ok=best, needed=False, why=because, cure=_BETTER[need] if best else ""
        )
    yield Check(
        what="vector index", found="chroma in the server that owns it, exact search elsewhere", needed=False,
        why=f"Setting: {hub.settings.index}.",
    )


def _reranker(hub: Hub, name: str, why: str) -> Check:
    """Say who reads hits again, and try it: whether its model can be loaded shows only then."""
    what, because, reranker = "reading hits again", f"Because {why}.", hub.chosen.reranker
    if reranker is None:
        return Check(what=what, found=name, needed=False, why=because)
    try:
        reranker.score("question", ["text"])
    except KnowHubError as error:
        return Check(what=what, found=f"{name}: {error.message}", ok=False, why=because, cure=error.cure)
    return Check(what=what, found=" · ".join(dict.fromkeys((name, reranker.name))), needed=False, why=because)


def _vectors(hub: Hub) -> Check:
    """Say what is searched by words alone, or by vectors that are out of date."""
    row = hub.embeddings.standing(hub.people.local())
    words, stale = unserved(row["courses"]), [one["course"] for one in row["courses"] if one["stale"]]
    if words:
        return Check(
            what="vectors", found=f"searched by words alone: {', '.join(words)}", ok=False, needed=False,
            why="The model of their vectors is not on this machine.", cure="Run `knowhub index rebuild`.",
        )
    if stale:
        return Check(
            what="vectors", found=f"out of date: {', '.join(stale)}", ok=False, needed=False,
            why="Search works, by what there is.", cure="Run `knowhub index rebuild`.",
        )
    totals = row["totals"]
    return Check(what="vectors", found=f"{totals['vectors']}, {totals['bytes'] / 1e6:.1f} MB, up to date", needed=False)


def _cage() -> Check:
    """Say what shuts in the processes that open files, and where nothing keeps them from network and files."""
    cage = standing()
    return Check(
        what="cage of added files", found=" + ".join([cage.kind, *cage.layers]), ok=cage.tight, needed=False,
        why=f"Because {cage.why}.", cure=cage.cure,
    )


def _optional() -> Iterator[Check]:
    for what, package, command in _OPTIONAL:
        try:
            yield Check(what=what, found=f"{package} {version(package)}", needed=False)
        except PackageNotFoundError:
            yield Check(what=what, found="not installed", ok=False, needed=False, cure=f"Install: {command}")
