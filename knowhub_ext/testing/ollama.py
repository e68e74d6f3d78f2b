"""A stand-in that speaks Ollama's protocol over a real socket: /api/tags, /api/show and streaming /api/chat.

It behaves as it is told: answers with marks, obeys nothing, hangs, breaks off, floods. It is no model.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

#: What the stand-in can be told to do.
BEHAVIOURS = (
    "answer", "refuse", "invent", "obey-nothing", "error", "missing", "hang", "break-off", "dribble", "flood", "empty",
    "garbage",
)
MODELS = (
    {"name": "nomic-embed-text:latest", "details": {"family": "nomic-bert", "parameter_size": "137M"}},
    {"name": "llama3.2:latest", "details": {"family": "llama", "parameter_size": "3.2B"}},
    {"name": "qwen2.5-coder:7b", "details": {"family": "qwen2", "parameter_size": "7.6B"}},
)


class OllamaStandIn:
    """A server on a free loopback port, as a context manager; `url` is its address, `asked` what it was sent.

    `says` makes its replies of what it is asked, instead of a behaviour; `left` is set when whoever asked went away.
    """

    def __init__(
        self, behaviour: str = "answer", *, models: Sequence[dict[str, Any]] = MODELS,
        says: Callable[[str], Iterable[str]] | None = None,
    ) -> None:
        if behaviour not in BEHAVIOURS:
            raise ValueError(f"behaviour is one of {', '.join(BEHAVIOURS)}")
        self.behaviour, self.models = behaviour, list(models)
        self.asked: list[dict[str, Any]] = []
        self.says = says
        self.released, self.left = threading.Event(), threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"standin": self}))
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> OllamaStandIn:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True, name="ollama-stand-in").start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def pieces(self, messages: Sequence[dict[str, Any]]) -> Iterator[str]:
        """Yield the reply to a chat in pieces, by the behaviour that is set."""
        if self.says is not None:
            yield from self.says(str(messages[-1]["content"]))
            return
        match self.behaviour:
            case "refuse":
                yield from ("NOT ", "IN ", "COURSE")
            case "invent":
                yield from ("The answer is forty-two ", "[99]. ", "It is at minute 3:14 ", "[1].")
            case "obey-nothing":
                yield from ("Sure! From memory: ", "<b>Celery</b> was written in 2009. ", "See [7] and [0].")
            case "hang":
                self.released.wait(60)
            case "dribble":
                for _ in range(600):
                    yield "word "
                    if self.released.wait(0.1):
                        return
            case "flood":
                for _ in range(160):
                    yield "spam " * 13_000
            case "empty":
                yield " "
            case _:
                yield from re.findall(r"\S+\s*", answer(str(messages[-1]["content"])))


def answer(prompt: str) -> str:
    """Answer from the passages in a prompt: the first sentence of the one that shares most words with the question."""
    passages = re.findall(r"<passage n=(\d+)[^>]*>\n(.*?)\n</passage>", prompt, re.DOTALL)
    question = _words(prompt.rpartition("Question:")[2].partition("\n")[0])
    best = max(passages, key=lambda row: len(question & _words(row[1])), default=None)
    if best is None or not question & _words(best[1]):
        return "NOT IN COURSE"
    sentence = re.split(r"(?<=[.!?])\s", best[1])[0]
    return f"{sentence.rstrip('.')} [{best[0]}]."


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) > 3}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    standin: OllamaStandIn

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        if self.path == "/api/tags":
            self._json(200, {"models": self.standin.models})
        else:
            self._json(200, {"version": "0.12.0"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        self.standin.asked.append(body)
        behaviour = self.standin.behaviour
        if behaviour == "error":
            self._json(500, {"error": "the model runner has stopped"})
        elif behaviour == "missing":
            self._json(404, {"error": f"model '{body.get('model')}' not found"})
        else:
            try:
                self._stream(body, broken=behaviour == "break-off", garbage=behaviour == "garbage")
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # whoever asked has gone
                self.standin.left.set()

    def _json(self, status: int, data: dict[str, Any]) -> None:
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, body: dict[str, Any], *, broken: bool, garbage: bool) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        model = str(body.get("model"))
        for number, piece in enumerate(self.standin.pieces(body.get("messages", []))):
            if broken and number == 3:
                self.close_connection = True
                return
            self._line("<html>not JSON" if garbage else _chunk(model, piece))
        self._line(_chunk(model, "", done=True))
        self.wfile.write(b"0\r\n\r\n")

    def _line(self, text: str) -> None:
        data = (text + "\n").encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()


def _chunk(model: str, text: str, *, done: bool = False) -> str:
    more = {"done_reason": "stop", "eval_count": 1, "prompt_eval_count": 1} if done else {}
    return json.dumps({
        "model": model, "created_at": "2026-01-01T00:00:00Z", "message": {"role": "assistant", "content": text},
        "done": done, **more,
    })
