"""`knowhub serve`: the API and the pages alone, without Jupyter's services. `python -m knowhub_ext.server.serve`.

On loopback only. Whoever comes with a link reads one course; the API token, found in the data folder by processes of
the same person, opens everything. Never starts a kernel and shows no file.
"""

from __future__ import annotations

import argparse
import asyncio
import ipaddress
import json
import logging
import secrets
import signal
import socket
import sys
import time
from collections.abc import Sequence
from typing import Any

from jupyter_server.auth.authorizer import AllowAllAuthorizer
from tornado.httpserver import HTTPServer
from tornado.log import access_log
from tornado.netutil import bind_sockets
from tornado.web import Application, RedirectHandler, RequestHandler

from knowhub_ext.config import load
from knowhub_ext.errors import KnowHubError, UserError
from knowhub_ext.hub import Hub, build
from knowhub_ext.server.base import WING
from knowhub_ext.server.contents import Contents
from knowhub_ext.server.pages import NotThere
from knowhub_ext.server.pools import Pools
from knowhub_ext.server.problems import Unready
from knowhub_ext.server.routes import rules
from knowhub_ext.server.wing import Wing

_log = logging.getLogger("knowhub.server")


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until told to stop, or until idle. Returns the exit code."""
    options = _options(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    try:
        _check_loopback(options.host)
        asyncio.run(_serve(options))
    except Unready as error:
        return _give_up(error.cause)
    except KnowHubError as error:
        return _give_up(error)
    except KeyboardInterrupt:
        pass
    return 0


def application(wing: Wing) -> Application:
    """Return the application with KnowHub's routes and nothing else."""
    settings: dict[str, Any] = {WING: wing}
    return Application(
        [*rules(), (r"/", RedirectHandler, {"url": "/knowhub/", "permanent": False})], None, None,
        **settings, base_url="/", identity_provider=wing.nobody, authorizer=AllowAllAuthorizer(),
        allow_unauthenticated_access=False, allow_remote_access=False, local_hostnames=["localhost"],
        xsrf_cookies=True, xsrf_cookie_kwargs={"path": "/", "samesite": "Lax"}, disable_check_xsrf=False,
        cookie_secret=secrets.token_bytes(32), login_url="/knowhub/", log_function=_log_request,
        default_handler_class=NotThere,
    )


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="knowhub serve", description=__doc__)
    parser.add_argument("--data", default="", help="data folder")
    parser.add_argument("--port", type=int, default=8890, help="0: any free port")
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--course", action="append", default=[], help="print a read-only link to this course")
    parser.add_argument("--idle", type=float, help="end after this many seconds without a request or a job")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser.parse_args(argv)


def _give_up(error: KnowHubError) -> int:
    print(f"knowhub serve: {error.message} {error.cure}", file=sys.stderr)
    return 2


def _check_loopback(host: str) -> None:
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise UserError(
            f"KnowHub serves on this machine alone, not on {host}.",
            cure="Serve on 127.0.0.1 and put a reverse proxy with TLS in front of it.",
        )


def _links(hub: Hub, courses: Sequence[str]) -> list[dict[str, str]]:
    """Return a link to the first lesson of each course; addresses are relative until the port is known."""
    rows = []
    for ref in courses:
        course = hub.courses.detail(hub.people.local(), ref)
        lessons = course["lessons"]
        page = f"lesson/{lessons[0]['lesson']}" if lessons else f"course/{course['course']}"
        rows.append({"course": course["course"], "url": f"/knowhub/{page}?link={hub.media.link(course['id'])}"})
    return rows


async def _serve(options: argparse.Namespace) -> None:
    told = _told_to_stop()
    sockets = _bound(options)
    host = f"[{options.host}]" if ":" in options.host else options.host
    origin = f"http://{host}:{sockets[0].getsockname()[1]}"
    settings = load({"data": options.data} if options.data else None)
    wing = Wing(
        lambda: build(settings, door="server"), contents=Contents(), links=True,
        pools=Pools(media_readers=settings.media_readers, questions_each=settings.questions_each),
    )
    server = HTTPServer(application(wing), max_body_size=4 << 20, max_buffer_size=8 << 20)
    try:
        wing.start(f"{origin}/knowhub/api")
        links = await asyncio.to_thread(_links, await wing.hub(), options.course)
        server.add_sockets(sockets)
        _say(origin, links, as_json=options.json)
        await _until_over(wing, told, options.idle)
    finally:
        server.stop()
        await wing.close()
        await server.close_all_connections()


def _bound(options: argparse.Namespace) -> list[socket.socket]:
    cure = "Choose another with --port, or 0 for any that is free."
    if not 0 <= options.port <= 65535:  # the C library would take it modulo 65536
        raise UserError(f"{options.port} is not a port.", cure=cure)
    try:
        return bind_sockets(options.port, options.host)
    except OSError as error:
        raise UserError(f"Port {options.port} cannot be used: {error.strerror}.", cure=cure) from error


def _say(origin: str, links: list[dict[str, str]], *, as_json: bool) -> None:
    rows = [row | {"url": origin + row["url"]} for row in links]
    if as_json:
        print(json.dumps({"url": f"{origin}/knowhub/", "api": f"{origin}/knowhub/api", "links": rows}), flush=True)
        return
    print(f"KnowHub serves on {origin}/knowhub/ (Ctrl-C stops it).", flush=True)
    for row in rows:
        print(f"Read-only link to {row['course']}: {row['url']}", flush=True)


def _told_to_stop() -> asyncio.Event:
    """Return what a signal sets; asked for before anybody is told that we are here."""
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            asyncio.get_running_loop().add_signal_handler(number, told.set)
        except NotImplementedError:  # Windows: Ctrl-C raises KeyboardInterrupt instead
            pass
    return told


async def _until_over(wing: Wing, told: asyncio.Event, idle_s: float | None) -> None:
    """Wait for a signal, or until nothing has been asked for `idle_s` seconds and no job is under way."""
    while not told.is_set():
        over = idle_s is not None and wing.activity() is None and time.monotonic() - wing.last_request >= idle_s
        if over:
            _log.info("nothing was asked for %g s: ending", idle_s)
            return
        try:
            await asyncio.wait_for(told.wait(), 0.25 if idle_s is not None else None)
        except TimeoutError:
            continue


def _log_request(handler: RequestHandler) -> None:
    """Log a request without its query, which may hold a link or a signature."""
    request, status = handler.request, handler.get_status()
    level = logging.DEBUG if status < 400 else logging.WARNING if status < 500 else logging.ERROR
    access_log.log(level, "%d %s %s %.1f ms", status, request.method, request.path, 1000 * request.request_time())


if __name__ == "__main__":
    sys.exit(main())
