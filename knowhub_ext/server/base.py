"""What every route shares: who is asking, waiting for the hub, threads, JSON in and out, errors as documents."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, ParamSpec, TypeVar

from jupyter_server.auth.identity import IdentityProvider
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from tornado.web import HTTPError

from knowhub_ext.domain.people import Actor
from knowhub_ext.errors import Forbidden, NotFound, Unauthenticated, UserError
from knowhub_ext.server import problems
from knowhub_ext.server.contract import contract
from knowhub_ext.server.identity import LINK_COOKIE, Guest, carries_token
from knowhub_ext.server.wing import Wing, log

if TYPE_CHECKING:
    from knowhub_ext.hub import Hub

P = ParamSpec("P")
T = TypeVar("T")
#: Key of the wing in the application's settings.
WING = "knowhub_wing"
API_VERSION = "1"
BODY_MAX = 1 << 20
_REQUEST_ID = re.compile(r"[\w.-]{1,64}\Z", re.ASCII)


class Doorway(JupyterHandler):
    """Lets in Jupyter's own people, and where `token_opens` the holder of the API token, and visitors by link.

    A request that passes has `hub` and `actor`; one that does not is answered here.
    """

    #: The static name that `@authorized` checks; it freezes at its first call, so courses are checked by services.
    auth_resource = "knowhub"
    #: Whether the API token is a credential here.
    token_opens: ClassVar[bool] = False
    #: Whether the address itself is the credential, so that nobody is asked who they are.
    public: ClassVar[bool] = False

    hub: Hub
    actor: Actor
    _guest: Guest | None = None
    _request_id = ""
    _entered = False

    @property
    def wing(self) -> Wing:
        wing: Wing = self.settings[WING]
        return wing

    @property
    def request_id(self) -> str:
        """Return the id this request has in log and answer: the client's own where it is a plain one."""
        if not self._request_id:
            given = self.request.headers.get("X-Request-ID", "")
            self._request_id = given if _REQUEST_ID.match(given) else secrets.token_hex(8)
        return self._request_id

    @property
    def identity_provider(self) -> IdentityProvider:
        return self._guest if self._guest is not None else super().identity_provider

    @property
    def content_security_policy(self) -> str:
        return "default-src 'none'; frame-ancestors 'none'"

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("KnowHub-API", API_VERSION)
        self.set_header("X-Request-ID", self.request_id)
        self.set_header("Cache-Control", "no-store")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("Referrer-Policy", "no-referrer")

    def set_cors_headers(self) -> None:
        """Let no other origin's page read what the API token opens; otherwise as the server is configured."""
        if self._guest is None:
            super().set_cors_headers()

    async def prepare(self, **kwargs: Any) -> None:
        """Find out who is asking, then wait for the hub.

        Raises:
            Unauthenticated: nobody we know.
            Unready: the hub cannot be built.
        """
        self._entered = True
        self.wing.enter()
        self._refuse_oddities()
        course = None
        if self.public:
            self._guest = self.wing.nobody
        elif self.token_opens and carries_token(self.request, self.wing.token):
            self._guest = self.wing.holder
        elif self.wing.links:
            course = await self._linked_course()
            self._guest = self.wing.visitor if course else self.wing.nobody
        await super().prepare(**kwargs)
        if self._finished:
            return
        if not self.public and not self.current_user:
            self.turn_away()
            return
        self.hub = await self.wing.hub()
        if not self.public:
            self.actor = await self._acting(course)

    def turn_away(self) -> None:
        """Answer somebody we do not know."""
        raise Unauthenticated()

    def on_finish(self) -> None:
        if self._entered:
            self._entered = False
            self.wing.leave()
        super().on_finish()

    async def call(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a service's method in the database pool."""
        return await self.wing.pools.database.run(call, *args, **kwargs)

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Log what is ours to mend, with the request's id; a user's mistake is told to the user alone."""
        status = problems.status_of(value)
        if status >= 500 and not isinstance(value, problems.Unready):
            log.error("request %s: %s %s", self.request_id, self.request.method, self.request.path,
                      exc_info=(typ, value, tb))

    def send_error(self, status_code: int = 500, **kwargs: Any) -> None:
        info = kwargs.get("exc_info")
        super().send_error(problems.status_of(info[1]) if info else status_code, **kwargs)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with a problem document."""
        self.finish_problem(self.problem(status_code, **kwargs), status_code)

    def problem(self, status_code: int, **kwargs: Any) -> dict[str, Any]:
        """Return the problem document of what went wrong, and set the headers that belong to it."""
        error = kwargs["exc_info"][1] if kwargs.get("exc_info") else None
        if status_code == 503:
            self.set_header("Retry-After", str(problems.RETRY_AFTER_S))
        if status_code == 405:
            self.set_header("Allow", ", ".join(sorted(_methods(type(self)))))
        return problems.document(error, status_code, self.request_id)

    def finish_problem(self, document: dict[str, Any], status: int) -> None:
        """Send a problem document."""
        self.set_header("Content-Type", "application/problem+json")
        self.finish(json.dumps(document, ensure_ascii=False))

    def compute_etag(self) -> None:
        """Compare nothing: what changes is never stored, and media have tags of their own."""

    def _refuse_oddities(self) -> None:
        if any("\0" in part for part in (*self.path_args, *self.path_kwargs.values()) if part):
            raise NotFound()
        if len(self.request.body) > BODY_MAX:
            raise HTTPError(413)

    async def _linked_course(self) -> str | None:
        token = self.get_cookie(LINK_COOKIE)
        if not token or len(token) > 400:
            return None
        hub = await self.wing.hub()
        return hub.media.linked_course(token)

    async def _acting(self, course: str | None) -> Actor:
        if course is None:
            return await self.call(self.hub.people.local)
        try:
            return await self.call(self.hub.people.visitor, course)
        except NotFound as error:
            raise Forbidden("The course of this link is not there any more.") from error


class KnowHubHandler(Doorway, APIHandler):
    """A route of `/knowhub/api`."""

    token_opens = True

    def get_login_url(self) -> str:
        raise Unauthenticated()

    def body(self, operation_id: str) -> dict[str, Any]:
        """Return the checked JSON body of this request."""
        return contract().body(operation_id, self.request.body)

    def query(self, operation_id: str) -> dict[str, Any]:
        """Return the checked query parameters of this request."""
        try:
            given = {name: values[-1].decode("utf-8") for name, values in self.request.query_arguments.items()}
        except UnicodeDecodeError as error:
            raise UserError("A query parameter is not UTF-8.") from error
        return contract().query(operation_id, given)

    def reply(self, data: Any, status: int = 200) -> None:
        """Answer with a JSON document."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(data, ensure_ascii=False, allow_nan=False))

    def finish(self, chunk: Any = None, **_: Any) -> Any:
        """End the response with whatever content type it has; Jupyter's own would make it JSON."""
        self.update_api_activity()
        return super(APIHandler, self).finish(chunk)


class Missing(KnowHubHandler):
    """Everything below `/knowhub/api` that is no route."""

    async def prepare(self, **kwargs: Any) -> None:
        await super().prepare(**kwargs)
        raise HTTPError(404)


def _methods(handler: type[JupyterHandler]) -> list[str]:
    unimplemented = JupyterHandler._unimplemented_method
    return [m for m in handler.SUPPORTED_METHODS if getattr(handler, m.lower()) is not unimplemented]

