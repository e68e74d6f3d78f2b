"""The stand-in hub with the vectors of its courses: one current, one of older rules, one of a model that is gone."""

from __future__ import annotations

import json
from typing import Any

import httpx

from tests.standins.hub import HubStandIn

MODEL = "all-MiniLM-L6-v2"
OTHER = "hashing-256"
OFFERS = [
    {"name": "minilm", "model": MODEL, "dimensions": 384, "available": True, "chosen": True, "why": None},
    {"name": "hashing", "model": OTHER, "dimensions": 256, "available": True, "chosen": False, "why": None},
]


class EmbeddingsStandIn(HubStandIn):
    """`told` is what was asked of it, `refused` an answer it gives to deleting instead of doing it."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, Any]] = []
        self.refused: dict[str, Any] | None = None
        self.models = [_set(MODEL, 384, 1840, ["fullstack", "old"]), _set("former-model", 512, 900, [])]
        self.courses = [
            _course("fullstack", "Full Stack Mastery Roadmap", passages=1240),
            _course("old", "Databases, recorded last year", state="stale", passages=600, coarse=600, stale=600),
            _course("lost", "Networks", state="words", model="lost-model", passages=310, missing=310, stale=310),
            _course("new", "A new course", state="empty", model=None),
        ]

    def answer(self, request: httpx.Request, path: str) -> httpx.Response:
        body = json.loads(request.content or b"{}")
        match request.method, path.split("/"):
            case "GET", ["embeddings"]:
                return self.reply(self.embeddings())
            case "POST", ["embeddings", "rebuild"]:
                self.told.append(("rebuild", body))
                for row in self.courses:
                    if row["course"] in body["courses"]:
                        row |= {"state": "building", "jobs": 3, "eta_s": 75.0, "stale": row["passages"] // 2,
                                "coming": None if row["model"] == body["model"] else body["model"]}
                return self.reply(
                    {"model": body["model"], "jobs": ["j"], "courses": body["courses"], "change": 7}, 202
                )
            case "POST", ["embeddings", "cancel"]:
                self.told.append(("cancel", body))
                for row in self.courses:
                    if row["course"] in body["courses"]:
                        row |= {"state": "stale", "coarse": row["stale"], "jobs": 0, "eta_s": None, "coming": None}
                return self.reply({"cancelled": 3})
            case "DELETE", ["embeddings", model]:
                self.told.append(("delete", model))
                if self.refused is not None:
                    return self.reply(self.refused, self.refused["status"])
                gone = next(row for row in self.models if row["model"] == model)
                self.models.remove(gone)
                return self.reply({"model": model, "deleted": gone["vectors"], "bytes": gone["bytes"]})
        return super().answer(request, path)

    def embeddings(self) -> dict[str, Any]:
        names = ("passages", "stale", "missing", "outdated", "coarse")
        totals = {name: sum(row[name] for row in self.courses) for name in names}
        return {
            "chosen": {"model": MODEL, "dimensions": 384, "semantic": True}, "models": self.models,
            "courses": self.courses, "offers": OFFERS,
            "totals": totals | {name: sum(row[name] for row in self.models) for name in ("vectors", "bytes")},
        }


def _set(model: str, dimensions: int, vectors: int, courses: list[str]) -> dict[str, Any]:
    return {
        "model": model, "dimensions": dimensions, "vectors": vectors, "bytes": vectors * dimensions * 4,
        "used": bool(courses), "available": bool(courses), "courses": courses,
    }


def _course(slug: str, title: str, *, state: str = "current", model: str | None = MODEL, **more: int) -> dict[str, Any]:
    counts = dict.fromkeys(("passages", "missing", "outdated", "coarse", "stale", "jobs"), 0)
    return {
        "course": slug, "title": title, "state": state, "search": "words" if state == "words" else "vectors",
        "model": model, "coming": None, "running": 0.0, "eta_s": None, **counts, **more,
    }
