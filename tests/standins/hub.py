"""A hub that stands in for the server where its client is tested: its replies are checked against openapi.yaml.

It holds one course with one lesson, and keeps what it was asked in `seen`. Not a substitute for the journeys, which
run the real server.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import jsonschema
import yaml

import knowhub_ext

TOKEN = "t0p-s3cret-value"
LESSON = "0198a000-0000-7000-8000-000000000001"
VIDEO = "0198a000-0000-7000-8000-000000000002"
JOB = "0198a000-0000-7000-8000-000000000003"
TITLE = "What happens to a Celery task when its worker dies"

COURSE = {"course": "fullstack", "id": "c1", "title": "Full Stack", "description": "Three lectures"}
SUMMARY = {
    "lesson": LESSON, "slug": "celery", "title": TITLE, "position": 0, "kind": "video", "duration": 180.0,
    "status": "ready",
}
ASSET = {
    "asset": VIDEO, "lesson": LESSON, "key": "celery.mp4", "name": "celery.mp4", "kind": "video", "path": "celery.mp4",
    "status": "ready", "error": None, "notes": [], "revision": 1, "primary": True, "size": 7, "duration": 180.0,
    "contents_path": None,
}
DETAIL = {
    "lesson": LESSON, "slug": "celery", "title": TITLE, "position": 0,
    "course": {"course": "fullstack", "id": "c1", "title": "Full Stack"}, "assets": [ASSET], "primary": VIDEO,
    "transcript": {"complete": True, "segments": 1, "engine": "faster-whisper", "language": "en"},
    "questions": ["Why can the same task run twice?"], "slides": [], "links": [], "job": None,
}
CITATION = {
    "n": 1, "lesson": LESSON, "asset": VIDEO, "title": TITLE, "kind": "video",
    "locator": {"kind": "time", "start": 101.2, "end": 106.0}, "quote": "An unacknowledged task <b>goes back</b>.",
}
HIT = {
    "rank": 1, "lesson": LESSON, "asset": VIDEO, "title": TITLE, "locator": CITATION["locator"], "text": "Goes back.",
    "preview": {"text": "Goes back.", "locator": CITATION["locator"], "marks": [[0, 4]]},
}
ANSWER = {
    "question": "Who redelivers?", "answer": "An unacknowledged task goes back.", "grounded": True, "mode": "quote",
    "sentences": [
        {"index": 0, "text": "An unacknowledged task goes back.", "citations": [1], "supported": True}
    ],
    "citations": [CITATION], "took_ms": 3.2, "notice": None,
}
REFUSAL = {
    "question": "", "answer": "I cannot find this in the course.", "grounded": False, "mode": "quote",
    "sentences": [], "citations": [], "took_ms": 1.0, "notice": None,
}
PROGRESS = {
    "lesson": LESSON, "asset": VIDEO, "duration": 180.0, "watched": [[0.0, 45.0]], "missing": [[45.0, 180.0]],
    "coverage": 0.25, "enough": False, "position": 45.0,
}
AHEAD = {
    "left": 135.0, "pace": {"per_day": 22.5, "days": 2}, "days_left": 6,
    "next": {"lesson": LESSON, "title": TITLE, "position": 45.0, "begun": True},
}
PLAN = {
    "course": "fullstack", "left": 135.0, "ends": "2026-12-02", "days": [{
        "day": "2026-12-02", "duration": 135.0,
        "parts": [{"lesson": LESSON, "title": TITLE, "start": 45.0, "end": 180.0}],
    }],
}
JOB_DOCUMENT = {
    "job": JOB, "asset": VIDEO, "kind": "ingest", "state": "running", "stage": "read", "progress": 0.5, "eta_s": 12.0,
    "attempts": 1, "error": None, "course": "fullstack", "lesson": LESSON, "title": "celery.mp4",
    "media": "video", "cleared": False,
}
NOTE = {
    "note": "note-0001", "lesson": LESSON, "asset": VIDEO, "title": TITLE, "kind": "video",
    "locator": CITATION["locator"], "quote": "An unacknowledged task.", "segment": "s1", "revision": 1, "body": "Why?",
    "version": 1, "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z", "deleted_at": None,
    "anchor": {"state": "moved", "locator": {"kind": "time", "start": 111.0, "end": 112.0}, "segment": "s1"},
}
SESSION = {
    "person": {"id": "p1", "name": "You"}, "roles": ["owner"], "api": 1, "version": "0.1.0", "xsrf": "", "course": None,
    "answers": {"mode": "quote", "model": None, "hint": "Start Ollama for written answers."},
}


@cache
def schemas() -> dict[str, Any]:
    text = (Path(knowhub_ext.__file__).parent / "server" / "openapi.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def checked(name: str, document: Any) -> Any:
    """The document, once it is what openapi.yaml calls by that name."""
    jsonschema.Draft202012Validator({"$ref": f"#/components/schemas/{name}", **schemas()}).validate(document)
    return document


class HubStandIn:
    """Answers requests as the hub would. Change `replies` or `headers` to make it misbehave."""

    def __init__(self) -> None:
        self.seen: list[httpx.Request] = []
        self.headers = {"KnowHub-API": "1", "X-Request-ID": "r1"}
        self.replies: dict[str, Any] = {}
        self.events: list[tuple[str, Any]] = [
            ("passages", {"items": []}), ("token", {"text": "An un"}), ("sentence", ANSWER["sentences"][0]),
            ("done", ANSWER),
        ]

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self.handle)

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        path = request.url.raw_path.decode().partition("?")[0].removeprefix("/knowhub/api/")
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self.refuse(401, "unauthenticated", "Sign in first.", "Give the token.")
        if path in self.replies:
            reply = self.replies[path]
            return reply if isinstance(reply, httpx.Response) else self.reply(reply)
        return self.answer(request, path)

    def answer(self, request: httpx.Request, path: str) -> httpx.Response:
        match request.method, path.split("/"):
            case "GET", ["session"]:
                return self.reply(checked("Session", SESSION))
            case "GET", ["courses"]:
                return self.reply(checked("CoursePage", self.page(request)))
            case "POST", ["courses"]:
                body = checked("NewCourse", json.loads(request.content))
                return self.reply(checked("CourseDetail", {**COURSE, "course": body["slug"], "lessons": []}), 201)
            case "GET", ["courses", "fullstack"]:
                return self.reply(checked("CourseDetail", {**COURSE, "lessons": [SUMMARY]}))
            case _, ["courses", "fullstack", verb]:
                return self.of_course(request, verb)
            case "GET", ["lessons"] if request.url.params["ref"] == "fullstack/celery":
                return self.reply(checked("LessonDetail", DETAIL))
            case _, ["lessons", lesson, *rest] if unquote(lesson) == LESSON:
                return self.of_lesson(request, rest)
            case "POST", ["assets", asset, "watched"] if asset == VIDEO:
                checked("Watched", json.loads(request.content))
                return self.reply(checked("Progress", PROGRESS))
            case _, ["notes", note, *rest] if note == NOTE["note"]:
                return self.of_note(request, rest)
            case "GET", ["jobs"]:
                return self.reply(checked("JobPage", {"items": [JOB_DOCUMENT], "next": None}))
            case "POST", ["jobs", job, ("cancel" | "retry") as verb] if job == JOB:
                return self.move(verb)
        return self.refuse(404, "not-found", f"There is no {path}.", "List what exists.")

    def page(self, request: httpx.Request) -> dict[str, Any]:
        first = "cursor" not in request.url.params
        course = {**COURSE, "lessons": 1} if first else {**COURSE, "course": "second", "lessons": 0}
        return {"items": [course], "next": "2" if first else None}

    def of_course(self, request: httpx.Request, verb: str) -> httpx.Response:
        match request.method, verb:
            case "GET", "search":
                found = {"query": request.url.params["q"], "took_ms": 1.0, "hits": [HIT]}
                return self.reply(checked("SearchResult", found))
            case "GET", "progress":
                lessons = [{**PROGRESS, "title": TITLE}]
                document = {"course": "fullstack", "coverage": 0.25, "lessons": lessons, **AHEAD}
                return self.reply(checked("CourseProgress", document))
            case "GET", "plan":
                return self.reply(checked("Plan", PLAN))
            case "POST", "assets":
                body = checked("NewAssets", json.loads(request.content))
                fresh = {"asset": VIDEO, "kind": "video", "status": "queued", "error": None}
                assets = [{**fresh, "path": path} for path in body["paths"]]
                lesson = {"lesson": LESSON, "title": TITLE, "assets": assets}
                return self.reply(checked("Added", {"course": "fullstack", "lessons": [lesson], "jobs": [JOB]}), 202)
            case "POST", "ask":
                return self.ask(request)
            case "GET", "notes":
                return self.reply(checked("LearnerNotePage", {"items": [NOTE], "next": None}))
        return self.refuse(404, "not-found", "There is nothing here.", "List what exists.")

    def ask(self, request: httpx.Request) -> httpx.Response:
        question = checked("Question", json.loads(request.content))["question"]
        if request.headers["Accept"] != "text/event-stream":
            answer = REFUSAL if "weather" in question else ANSWER
            return self.reply(checked("Answer", {**answer, "question": question}))
        lines = "".join(f"event: {kind}\ndata: {json.dumps(data)}\n\n" for kind, data in self.events)
        headers = {**self.headers, "Content-Type": "text/event-stream"}
        return httpx.Response(200, headers=headers, text=": hello\n\n" + lines)

    def of_lesson(self, request: httpx.Request, rest: list[str]) -> httpx.Response:
        match rest:
            case []:
                return self.reply(checked("LessonDetail", DETAIL))
            case ["progress"]:
                return self.reply(checked("Progress", PROGRESS))
            case ["notes"]:
                return self.notes(request)
            case ["notes", "export"]:
                return httpx.Response(200, headers=self.headers, text=f"# {request.url.params['format']}\n")
            case ["transcript"]:
                segment: dict[str, Any] = {"id": "s1", "start": 101.2, "end": 106.0, "text": "An unacknowledged task."}
                if request.url.params.get("words") == "1":
                    segment["words"] = [{"start": 101.2, "end": 101.4, "text": "An", "probability": 0.9}]
                about = {"language": "en", "engine": "e", "model": "m", "complete": True}
                return self.reply(
                    checked("Transcript", {"lesson": LESSON, "asset": VIDEO, **about, "segments": [segment]})
                )
        return self.refuse(404, "not-found", "There is nothing here.", "List what exists.")

    def notes(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            body = checked("NewLearnerNote", json.loads(request.content))
            fresh = {"note": body["id"], "locator": body["locator"], "body": body["body"]}
            return self.reply(checked("LearnerNote", NOTE | fresh), 201)
        first = "cursor" not in request.url.params
        found = {"items": [NOTE] if first else [], "next": "2" if first else None}
        return self.reply(checked("LearnerNotePage", found))

    def of_note(self, request: httpx.Request, rest: list[str]) -> httpx.Response:
        match request.method, rest:
            case "PUT", []:
                body = checked("LearnerNoteEdit", json.loads(request.content))
                if body["version"] != NOTE["version"]:
                    return self.refuse(409, "note-changed", "The note was changed elsewhere.", "Read it again.")
                return self.reply(checked("LearnerNote", NOTE | {"body": body["body"], "version": 2}))
            case "DELETE", []:
                gone = {"note": NOTE["note"], "until": "2026-02-01T00:00:00Z"}
                return self.reply(checked("LearnerNoteDeleted", gone))
        return self.reply(checked("LearnerNote", NOTE))

    def move(self, verb: str) -> httpx.Response:
        if verb == "retry":
            return self.refuse(409, "invalid-move", "The job is running.", "Look at its state with `knowhub jobs`.")
        return self.reply(checked("Job", {**JOB_DOCUMENT, "state": "cancelled"}))

    def reply(self, document: Any, status: int = 200) -> httpx.Response:
        return httpx.Response(status, headers=self.headers, json=document)

    def refuse(self, status: int, slug: str, detail: str, cure: str) -> httpx.Response:
        problem = {
            "type": f"https://knowhub.example/problems/{slug}", "title": "No", "status": status, "detail": detail,
            "cure": cure, "request_id": "r1",
        }
        headers = {**self.headers, "Content-Type": "application/problem+json"}
        return httpx.Response(status, headers=headers, content=json.dumps(checked("Problem", problem)))


@contextmanager
def listening(hub: HubStandIn, port: int = 0) -> Iterator[str]:
    """Serve the stand-in on loopback; gives its API address."""

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            url = f"http://127.0.0.1{self.path}"
            response = hub.handle(httpx.Request(self.command, url, headers=dict(self.headers), content=body))
            self.send_response(response.status_code)
            for name, value in response.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(response.content)

        do_GET = do_POST = handle_any

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/knowhub/api"
    finally:
        server.shutdown()
        server.server_close()
