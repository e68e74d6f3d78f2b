"""Which backend answers each need: the one that is set, or with `auto` the best that is present, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from knowhub_ext.backends import registry
from knowhub_ext.backends.cage.caged import CagedTranscriber, target_of
from knowhub_ext.backends.chat_models.langchain import discover_ollama
from knowhub_ext.config import KnowHub
from knowhub_ext.errors import KnowHubError, MissingBackend
from knowhub_ext.ports import ChatModel, Embedder, Reranker, Transcriber

NO_CHAT = "Install Ollama and pull a model (`ollama pull llama3.2`) to get written answers; it is found by itself."


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which backend was chosen for each need, and why: what `knowhub doctor` prints."""

    transcriber: Transcriber
    embedder: Embedder
    reranker: Reranker | None
    chat: ChatModel | None
    reasons: dict[str, tuple[str, str]]  #: need → (name, why)


def choose(settings: KnowHub) -> Choice:
    """Choose a backend for each need: the one that is set, or with `auto` the best that is present."""
    reasons: dict[str, tuple[str, str]] = {}
    transcriber = _chosen("transcribers", settings.transcriber, ("faster_whisper", "captions"), reasons)
    embedder = _chosen("embedders", settings.embedder, ("minilm", "hashing"), reasons)
    return Choice(
        transcriber=_transcriber(transcriber, settings.transcriber_options),
        embedder=registry.create("embedders", embedder, **settings.embedder_options),
        reranker=_reranker(settings, reasons), chat=_chat(settings, reasons), reasons=reasons,
    )


def _transcriber(name: str, options: dict[str, Any]) -> Transcriber:
    """Make a transcriber. The one that parses files itself does so in a cage; the others are given samples."""
    made = cast(Transcriber, registry.create("transcribers", name, **options))
    return CagedTranscriber(target_of("transcribers", name)) if name == "captions" else made


def _chosen(seam: str, wanted: str, order: tuple[str, ...], reasons: dict[str, tuple[str, str]]) -> str:
    if wanted != "auto":
        reasons[seam] = (wanted, "it is set in the configuration")
        return wanted
    why = ""
    for name in order:
        missing = _missing(seam, name)
        if missing is None:
            reasons[seam] = (name, why or "it is the best that is present")
            return name
        why = f"{missing.message} {missing.cure}"
    reasons[seam] = (order[-1], why)
    return order[-1]


def _missing(seam: str, name: str) -> KnowHubError | None:
    """Return why a backend cannot be used here, or None: it is asked itself, by its optional `missing()`."""
    try:
        check = getattr(registry.load(seam, name), "missing", None)
    except MissingBackend as error:
        return error
    return cast("KnowHubError | None", check()) if check is not None else None


def _reranker(settings: KnowHub, reasons: dict[str, tuple[str, str]]) -> Reranker | None:
    """Make the reranker that is set. None is chosen by itself: reading takes a search many times as long."""
    name = settings.reranker
    reasons["rerankers"] = (name, "it is set in the configuration" if name != "none" else "none is set")
    if name == "none":
        return None
    return cast(Reranker, registry.create("rerankers", name, **settings.reranker_options))


def _chat(settings: KnowHub, reasons: dict[str, tuple[str, str]]) -> ChatModel | None:
    wanted = settings.chat_model
    if wanted == "auto":
        found = discover_ollama(settings.ollama_url)
        if found is None:
            reasons["chat_models"] = ("quote", f"no chat model was found at {settings.ollama_url}. {NO_CHAT}")
            return None
        wanted, why = f"ollama:{found.removeprefix('ollama:')}", "it was found by itself"
    else:
        why = "it is set in the configuration"
    reasons["chat_models"] = (wanted, why)
    if wanted == "quote":
        return None
    options: dict[str, Any] = {
        "model": wanted, "timeout": settings.answer_s, "first": min(settings.answer_first_s, settings.answer_s),
    }
    if wanted.startswith("ollama:"):
        options["base_url"] = settings.ollama_url
    return cast(ChatModel, registry.create("chat_models", "langchain", **options))
