"""Finding a local Ollama and choosing among its models. Talking to one is `langchain`'s business."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

TIMEOUT_S = 0.3
_MAX_BYTES = 4 << 20
_NO_CHAT = re.compile(r"embed|minilm|\bbge|\be5\b|rerank|guard|whisper|ocr", re.IGNORECASE)
_SPECIAL = re.compile(r"code|math|vision|llava|\bvl\b|-vl|base\b|\btext\b|medical|sql", re.IGNORECASE)
_NO_CHAT_FAMILIES = frozenset({"bert", "nomic-bert", "xlm-roberta", "clip"})


def discover(base_url: str, *, timeout: float = TIMEOUT_S) -> str | None:
    """Return the best chat model of the Ollama at `base_url` as `ollama:<name>`, or None where none answers in time.

    General models come before special ones (code, mathematics, pictures), larger before smaller. Models that Ollama
    would ask another machine for are never chosen: nothing leaves this one unless someone says so.
    """
    if not re.match(r"https?://", base_url):
        return None
    try:
        opener = build_opener(ProxyHandler({}))
        with opener.open(f"{base_url.rstrip('/')}/api/tags", timeout=timeout) as reply:
            models = json.loads(reply.read(_MAX_BYTES))["models"]
        usable = [model for model in models if _chats(model)]
        best = max(usable, key=_rank, default=None)
        return None if best is None else f"ollama:{best['name']}"
    except (URLError, HTTPException, OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _chats(model: Mapping[str, Any]) -> bool:
    name = str(model["name"])
    details = model.get("details") or {}
    families = {str(details.get("family", "")).lower()}
    far = model.get("remote_host") or model.get("remote_model") or re.search(r"[:-]cloud$", name)
    return not far and not _NO_CHAT.search(name) and not families & _NO_CHAT_FAMILIES


def _rank(model: Mapping[str, Any]) -> tuple[bool, float, str]:
    return not _SPECIAL.search(str(model["name"])), _billions(model), str(model["name"])


def _billions(model: Mapping[str, Any]) -> float:
    """Return how many billion parameters a model has, estimated from its size in bytes where it does not say."""
    told = re.match(r"([\d.]+)\s*([BM])", str((model.get("details") or {}).get("parameter_size", "")), re.IGNORECASE)
    if told:
        return float(told.group(1)) * (1.0 if told.group(2).upper() == "B" else 0.001)
    return float(model.get("size") or 0) / 0.6e9
