"""Nearest vectors by Chroma, embedded and owned by one process. A cache of what SQL holds: when in doubt it is emptied.

Each course has a collection of its own: a filter on one for all makes Chroma list every passage of the course for every
query.

Chroma's files are not for two processes (a second one's additions are counted but not found), hence the lock. What a
damaged or foreign index costs is one feeding from SQL.
"""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import os
import re
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from knowhub_ext.backends.locks import FileLock
from knowhub_ext.backends.vendors import vendor
from knowhub_ext.errors import DiskFull, UserError
from knowhub_ext.ports import Hit, IndexEntry, Vector

_log = logging.getLogger(__name__)
_BATCH = 2_000
#: Free space below which Chroma is not asked to write: a write of it that finds no room leaves its connections locked,
#: and the next call, a search too, waits for them for ever.
_ROOM = 4 << 20
#: The graph is searched four times as broadly as by default, since a missed passage costs more here than a millisecond
#: (10,000 random vectors: .90 of the exact hits by default, .99 so).
_HNSW: Any = {"hnsw": {"space": "cosine", "ef_search": 400}}


class ChromaIndex:
    """Options: `path`, a folder of its own; `name` of the model and `dimensions` of its vectors; `database`, the
    identity of the database it is fed from, and `last`, that one's last change number where it is known.

    What was fed from another database, or beyond `last` (the database was set back), is dropped.

    Raises:
        Busy: another process owns the folder; search exactly over SQL instead.
        DiskFull: also from `add`, `forget` and `mark`. What was there before can still be searched.
    """

    def __init__(
        self, *, path: Path | str, name: str, dimensions: int, database: str = "", last: int | None = None
    ) -> None:
        self.path, self.dimensions, self.database = Path(path), dimensions, database
        self.name = _plain_name(name, dimensions)
        self._lock = FileLock(self.path / "owner.lock")
        self._client: Any = None
        self._courses: dict[str, Any] = {}  # collections by their names
        try:
            self._state = self._read_state(last)
            with self._writing():
                self._open()
        except BaseException:
            self._lock.close()
            raise

    def add(self, entries: Sequence[IndexEntry]) -> None:
        """Add or replace entries; of the same passage in one call the last one counts. It stays in its course."""
        for entry in entries:
            self._check(entry.vector)
        courses: dict[str, dict[str, IndexEntry]] = {}
        for entry in entries:
            courses.setdefault(entry.course_id, {})[entry.passage_id] = entry
        for course_id, by_id in courses.items():
            rows = list(by_id.values())
            for start in range(0, len(rows), _BATCH):
                batch = rows[start : start + _BATCH]
                with self._writing():
                    self._made(course_id).upsert(
                        ids=[entry.passage_id for entry in batch], embeddings=[list(entry.vector) for entry in batch],
                    )

    def forget(self, passage_ids: Sequence[str]) -> None:
        """Remove passages; unknown ids are ignored."""
        ids = list(dict.fromkeys(passage_ids))
        for start in range(0, len(ids), _BATCH):
            with self._writing():
                for rows in self._opened().values():
                    rows.delete(ids=ids[start : start + _BATCH])

    def search(self, vector: Vector, *, course_id: str, limit: int) -> list[Hit]:
        """Return at most `limit` hits of that course, nearest first.

        An index that turns out to be damaged is emptied: it finds nothing now, and `seen()` is 0 from then on.
        """
        if limit <= 0:
            return []
        self._check(vector)
        try:
            rows = self._opened().get(self._name(course_id))
            if rows is None:
                return []
            found = rows.query(query_embeddings=[list(vector)], n_results=limit, include=["distances"])
        except DiskFull:
            return []
        except Exception as error:  # Chroma raises bare internal errors where its files are damaged
            _log.warning("The vector index in %s is damaged and will be rebuilt: %s", self.path, error)
            self._restart()
            return []
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [Hit(passage_id=passage_id, score=1.0 - float(distance)) for passage_id, distance in pairs]

    def seen(self) -> int:
        """Return the change number up to which SQL has been applied; 0 for a new or emptied index."""
        return int(self._state["seq"])

    def mark(self, seq: int) -> None:
        """Remember the change number on disk. Chroma has committed the additions before it returned from them."""
        with self._writing():
            courses = self._opened()
            ids = sorted(str(rows.id) for rows in courses.values())
            count = sum(rows.count() for rows in courses.values())
            self._write_state({**self._state, "ids": ids, "seq": seq, "count": count})

    def close(self) -> None:
        """Close Chroma and let go of the folder; harmless to call twice."""
        self._close_client()
        self._lock.close()

    def _open(self) -> None:
        """Open the collections that the state names; anything amiss with them starts anew."""
        if not self._state["name"]:
            self._restart()
            return
        try:
            self._client, self._courses = self._connect()
            rows = self._courses.values()
            known = set(self._state["ids"]) <= {str(one.id) for one in rows}
            whole = known and sum(one.count() for one in rows) >= self._state["count"]
        except Exception as error:  # a damaged folder makes Chroma raise whatever its layers raise
            _log.warning("The vector index in %s cannot be opened and will be rebuilt: %s", self.path, error)
            self._restart()
            return
        if not whole:
            self._restart()

    def _restart(self) -> None:
        """Begin with nothing in a fresh folder, and remove all former ones."""
        self._close_client()
        self._state = _fresh()
        for old in self.path.glob("chroma-*"):
            shutil.rmtree(old, ignore_errors=True)
        self._client, self._courses = self._connect()
        self._write_state({**self._state, "name": self.name})

    def _connect(self) -> tuple[Any, dict[str, Any]]:
        with vendor("chromadb"):
            import chromadb
            from chromadb.config import Settings
        folder = self.path / str(self._state["folder"])
        client = chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
        return client, {rows.name: rows for rows in client.list_collections()}

    def _opened(self) -> dict[str, Any]:
        """Return the collections, opened again where a write found no room.

        Raises:
            DiskFull: there is no room to open them in.
        """
        if self._client is None:
            try:
                self._client, self._courses = self._connect()
            except Exception as error:
                if not self._has_room():
                    raise DiskFull(f"The disk is full: the vector index in {self.path} cannot be opened.") from error
                _log.warning("The vector index in %s cannot be opened again and will be rebuilt: %s", self.path, error)
                self._restart()
        return self._courses

    def _made(self, course_id: str) -> Any:
        """Return the collection of a course, made where there is none."""
        name, courses = self._name(course_id), self._opened()
        if name not in courses:
            courses[name] = self._client.get_or_create_collection(name, embedding_function=None, configuration=_HNSW)
        return courses[name]

    def _name(self, course_id: str) -> str:
        return f"{self.name}-{hashlib.sha256(course_id.encode()).hexdigest()[:32]}"

    def _close_client(self) -> None:
        client, self._client, self._courses = self._client, None, {}
        if client is not None:
            client.close()

    def _read_state(self, last: int | None) -> dict[str, Any]:
        try:
            state = json.loads((self.path / "state.json").read_text("utf-8"))
            if state["name"] != self.name or not re.fullmatch(r"chroma-[0-9a-f]{12}", state["folder"]):
                raise ValueError("another model's")
            if state["database"] != self.database or (last is not None and int(state["seq"]) > last):
                raise ValueError("another database's, or this one's before it was set back")
            kinds = (("name", str), ("folder", str), ("ids", list), ("seq", int), ("count", int))
            return {key: kind(state[key]) for key, kind in kinds}
        except (OSError, ValueError, KeyError, TypeError):
            return _fresh()

    def _write_state(self, state: dict[str, Any]) -> None:
        part = self.path / f".state-{uuid.uuid4().hex}"
        with part.open("w", encoding="utf-8") as file:
            json.dump({**state, "database": self.database}, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, self.path / "state.json")
        self._state = state

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if not self._has_room():
            raise DiskFull(f"The disk is full: the vector index in {self.path} was not written.")
        try:
            yield
        except Exception as error:
            full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
            if full or "disk is full" in str(error) or not self._has_room():  # Chroma seldom says what went wrong
                self._close_client()
                raise DiskFull(f"The disk is full: the vector index in {self.path} was not written.") from error
            raise

    def _has_room(self) -> bool:
        return shutil.disk_usage(self.path).free >= _ROOM

    def _check(self, vector: Vector) -> None:
        if len(vector) != self.dimensions:
            raise UserError(f"This index holds vectors of {self.dimensions} dimensions, not of {len(vector)}.")


def _fresh() -> dict[str, Any]:
    """Return the state of an index that was not begun: one that was has a name."""
    return {"name": "", "folder": f"chroma-{uuid.uuid4().hex[:12]}", "ids": [], "seq": 0, "count": 0}


def _plain_name(name: str, dimensions: int) -> str:
    """Return what names of collections begin with; Chroma takes 3 to 512 characters of `[a-zA-Z0-9._-]`, a letter or
    digit at both ends."""
    plain = re.sub(r"[^a-zA-Z0-9._-]+", "-", name).strip("._-")[:200]
    return f"kh-{plain or 'model'}-{dimensions}"
