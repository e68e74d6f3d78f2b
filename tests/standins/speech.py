"""The stand-in hub with the speech settings of its course, and lectures to hear again."""

from __future__ import annotations

import json
from typing import Any

import httpx

from tests.standins.hub import JOB, LESSON, HubStandIn

MODELS = [
    {"name": "tiny.en", "languages": "en", "why": "12 times as fast as speech on this machine; 75 MB.",
     "chosen": True, "available": True},
    {"name": "base", "languages": "many", "why": "Fewer wrong words, half as fast.", "chosen": False,
     "available": True},
    {"name": "small", "languages": "many", "why": "Its weights are not on this machine.", "chosen": False,
     "available": False},
]
FOUND = [("acks_late", "notebook", "celery.ipynb"), ("visibility_timeout", "notebook", "celery.ipynb"),
         ("GiST", "slides", "indexes.pptx"), ("inverted index", "document", "notes.md")]
#: Fewer than a real hub's, so that some words are not given.
LIMIT, FILL = 7, 6


class SpeechStandIn(HubStandIn):
    """Keeps what it is told in `settings`, and what is to be heard again in `heard`."""

    def __init__(self) -> None:
        super().__init__()
        self.settings: dict[str, Any] = {
            "hot_words": ["Celery", "B-tree", "PostgreSQL"], "hidden": [], "model": "auto", "language": None,
            "task": "transcribe",
        }
        self.heard: list[dict[str, Any]] = []

    def answer(self, request: httpx.Request, path: str) -> httpx.Response:
        match request.method, path.split("/"):
            case "GET", ["courses", "fullstack" | "c1", "speech"]:
                return self.reply(self.speech())
            case "PUT", ["courses", "fullstack" | "c1", "speech"]:
                self.settings |= json.loads(request.content)  # what is left out stays
                return self.reply(self.speech())
            case "POST", ["lessons", lesson, "recognise"] if lesson == LESSON:
                self.heard.append(json.loads(request.content))
                return self.reply({"job": JOB}, 202)
        return super().answer(request, path)

    def speech(self) -> dict[str, Any]:
        own = [(word, "course", None) for word in self.settings["hot_words"]]
        mined = [row for row in FOUND if row[0] not in self.settings["hot_words"]]
        kept = [row for row in mined if row[0] not in self.settings["hidden"]]
        given = [*own[:LIMIT], *kept[: max(0, FILL - len(own))]]
        rows = [
            {"word": row[0], "source": row[1], "from": row[2], "kept": row in own + kept, "given": row in given}
            for row in own + mined
        ]
        chosen = {name: self.settings[name] for name in ("model", "language", "task")}
        return {"hot_words": rows, "limit": LIMIT, "fill": FILL, "models": MODELS, **chosen}
