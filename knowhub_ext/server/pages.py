"""The pages of their own: the courses, a course, a lesson. A frame for the elements, nothing more."""

from __future__ import annotations

import base64
import hashlib
import re
from html import escape
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from jupyter_server.auth.decorator import authorized
from jupyter_server.utils import url_path_join
from tornado.httputil import url_concat
from tornado.web import HTTPError, authenticated

from knowhub_ext import bundles
from knowhub_ext.errors import Forbidden, NotFound, Unauthenticated
from knowhub_ext.server.base import Doorway
from knowhub_ext.server.identity import LINK_COOKIE

STYLE = """\
:root { color-scheme: light dark; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
.say { max-width: 40rem; margin: 4rem auto; padding: 0 1.5rem; }
.say h1 { font-size: 1.4rem; } .say small { opacity: .7; }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_HOST = re.compile(r"[\w.\-]+(:\d+)?\Z|\[[0-9a-fA-F:]+\](:\d+)?\Z", re.ASCII)
_NOT_BUILT = "The browser's half of KnowHub was not built. Run `jlpm build` in the checkout, or install the wheel."

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
{script}</head>
<body>
{body}
</body>
</html>
"""


class PageHandler(Doorway):
    """Sends a frame to a person who is signed in; in `serve`, to a visitor with a link."""

    view: ClassVar[str] = "courses"

    @property
    def content_security_policy(self) -> str:
        host = self.request.host if _HOST.match(self.request.host) else ""
        sockets = f" ws://{host} wss://{host}" if host else ""
        return (
            f"default-src 'none'; script-src 'self'; style-src 'self' 'sha256-{_STYLE_HASH}'; "
            f"img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'{sockets}; font-src 'self'; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
        )

    async def prepare(self, **kwargs: Any) -> None:
        if self.wing.links and self.get_query_argument("link", None):
            await self._exchange_link()
        else:
            await super().prepare(**kwargs)

    @authenticated
    @authorized
    async def get(self, ref: str = "") -> None:
        title, marks = await self.call(self._found, ref)
        self._send(title, self._element(marks) if bundles.name("page") else _say(404, _NOT_BUILT, ""))

    def _found(self, ref: str) -> tuple[str, dict[str, str]]:
        """Return title and data of the page.

        Raises:
            NotFound: there is nothing of this name, or nothing the person may see.
        """
        return "Courses", {}

    def get_login_url(self) -> str:
        """Return where to sign in.

        Raises:
            Unauthenticated: nowhere; only a link opens this server's pages.
        """
        if self.wing.links:
            raise Unauthenticated()
        return super().get_login_url()

    def turn_away(self) -> None:
        """Send somebody we do not know to where they can sign in."""
        self.redirect(url_concat(self.get_login_url(), {"next": self.request.uri or self.base_url}))

    def finish_problem(self, document: dict[str, Any], status: int) -> None:
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self._send(document["title"], _say(status, document["detail"], document["cure"]), script=False)

    async def _exchange_link(self) -> None:
        """Turn the link's token into a cookie that no script reads, and go on without it in the address."""
        if not self.check_host():
            raise HTTPError(403)
        token = self.get_query_argument("link")
        course = (await self.wing.hub()).media.linked_course(token)
        if course is None:
            raise Forbidden("This link is not valid.", cure="Ask for a new one: it may have been cut off on its way.")
        self.set_cookie(
            LINK_COOKIE, token, path=self.base_url, httponly=True, samesite="Lax",
            secure=self.request.protocol == "https",
        )
        rest = [(k, v.decode("utf-8", "replace")) for k, row in self.request.query_arguments.items()
                for v in row if k != "link"]
        self.redirect(self.request.path + (f"?{urlencode(rest)}" if rest else ""))

    def _element(self, marks: dict[str, str]) -> str:
        data = {
            "base-url": self.base_url, "api": url_path_join(self.base_url, "knowhub/api"), "page": self.view, **marks,
        }
        attributes = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
        return (
            f'<div id="knowhub"{attributes}></div>\n'
            '<noscript><p class="say">KnowHub needs JavaScript: switch it on for this address.</p></noscript>'
        )

    def _send(self, title: str, body: str, *, script: bool = True) -> None:
        name = bundles.name("page") if script else ""
        src = escape(url_path_join(self.base_url, "knowhub/static", quote(name)))
        tag = f'<script type="module" src="{src}"></script>\n' if name else ""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(PAGE.format(title=escape(f"{title} · KnowHub"), style=STYLE, script=tag, body=body))


class CoursesPage(PageHandler):
    """The courses."""


class CoursePage(PageHandler):
    view = "course"

    def _found(self, ref: str) -> tuple[str, dict[str, str]]:
        course = self.hub.courses.get(self.actor, ref)
        return course.title, {"course": course.slug}


class LessonPage(PageHandler):
    view = "lesson"

    def _found(self, ref: str) -> tuple[str, dict[str, str]]:
        try:
            lesson = self.hub.lessons.find(self.actor, ref)
        except NotFound as error:
            raise NotFound("There is no such lesson here.", cure="Open it from the list of courses.") from error
        return lesson.title, {"lesson": lesson.id}


class NotThere(PageHandler):
    """Whatever is no route of a server that has no other routes than ours."""

    async def prepare(self, **kwargs: Any) -> None:
        raise HTTPError(404)


def _say(status: int, sentence: str, cure: str) -> str:
    return (
        f'<main class="say"><h1>{escape(sentence)}</h1><p>{escape(cure)}</p>'
        f'<p><small>KnowHub · {status}</small></p></main>'
    )
