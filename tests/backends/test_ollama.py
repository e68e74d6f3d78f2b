"""Finding a local Ollama and choosing among its models."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from knowhub_ext.backends.chat_models.ollama import discover
from knowhub_ext.testing.ollama import OllamaStandIn


def model(name: str, size: str = "3B", family: str = "llama", **more: Any) -> dict[str, Any]:
    return {"name": name, "size": 1, "details": {"family": family, "parameter_size": size}, **more}


@pytest.mark.parametrize(
    ("models", "chosen"),
    [
        ([model("a:1b", "1.2B"), model("b:8b", "8.0B"), model("c:3b", "3B")], "ollama:b:8b"),
        ([model("nomic-embed-text", "137M", "nomic-bert"), model("a:1b", "1B")], "ollama:a:1b"),
        ([model("bge-m3", "567M", "bert")], None),
        ([model("qwen2.5-coder:32b", "32B"), model("a:1b", "1B")], "ollama:a:1b"),
        ([model("qwen2.5-coder:7b", "7B")], "ollama:qwen2.5-coder:7b"),
        ([model("gpt-oss:120b-cloud", "120B"), model("a:1b", "1B")], "ollama:a:1b"),
        ([model("far:70b", "70B", remote_host="https://example.invalid")], None),
        ([model("llama-guard3:8b", "8B")], None),
        ([{"name": "bare:latest", "size": 4_000_000_000}], "ollama:bare:latest"),
        ([], None),
        ([{"nonsense": 1}], None),
    ],
)
def test_the_largest_general_model_of_this_machine_is_chosen(models: list[dict[str, Any]], chosen: str | None) -> None:
    with OllamaStandIn(models=models) as server:
        assert discover(server.url, timeout=5) == chosen


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    with OllamaStandIn() as server:
        assert discover(server.url, timeout=5) == "ollama:llama3.2:latest"


def test_where_nothing_listens_there_is_none() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert discover(f"http://127.0.0.1:{taken.getsockname()[1]}") is None


def test_a_server_that_never_answers_is_given_up() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        assert discover(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.1) is None


@pytest.mark.parametrize("address", ["", "file:///etc/passwd", "127.0.0.1:11434", "http://", "http://[::"])
def test_what_is_no_web_address_is_not_opened(address: str) -> None:
    assert discover(address) is None
