"""Requests to one hub: the token, time limits, the interface's number, and problem documents as errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx

from knowhub_ext import __version__, errors
from knowhub_ext.client.addresses import Address

API_VERSION = "1"
#: Seconds: a search or a list answers at once, an answer may wait for a chat model on a laptop.
LIMITS = httpx.Timeout(30.0, connect=5.0)
PATIENT = httpx.Timeout(300.0, connect=5.0)


class Wire:
    """Talks to the hub at `address`; when nothing listens there any more, asks `again` once for where it is now."""

    def __init__(
        self, address: Address, *, again: Callable[[], Address] | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.address = address
        self._again = again
        self._transport = transport
        self._client = self._connect(address)

    def _connect(self, address: Address) -> httpx.Client:
        headers = {"User-Agent": f"knowhub-ext/{__version__}"}
        if address.token:
            headers["Authorization"] = f"Bearer {address.token}"
        # A proxy of the environment has no business between a kernel and its own machine.
        local = urlsplit(address.url).hostname in ("127.0.0.1", "localhost", "::1")
        return httpx.Client(
            base_url=address.url, headers=headers, timeout=LIMITS, trust_env=not local, transport=self._transport
        )

    def get(self, path: str, **params: Any) -> Any:
        """GET `path` with the parameters that are not None; return the JSON document."""
        return self._json("GET", path, params={k: v for k, v in params.items() if v is not None})

    def pages(self, path: str, **params: Any) -> Iterator[dict[str, Any]]:
        """Yield the items of a list, page by page."""
        cursor: str | None = None
        while True:
            page = self.get(path, limit=100, cursor=cursor, **params)
            yield from page["items"]
            cursor = page["next"]
            if not cursor:
                return

    def post(self, path: str, body: Any = None, *, patient: bool = False) -> Any:
        """POST `body` as JSON; return the JSON document."""
        return self._json("POST", path, json=body, timeout=PATIENT if patient else LIMITS)

    def put(self, path: str, body: Any) -> Any:
        """PUT `body` as JSON; return the JSON document."""
        return self._json("PUT", path, json=body)

    def delete(self, path: str) -> Any:
        """DELETE `path`; return the JSON document."""
        return self._json("DELETE", path)

    def text(self, path: str, **params: Any) -> str:
        """GET `path`; return what answers as text."""
        response = self._send(method="GET", path=path, params=params)
        check(response, self.address)
        return response.text

    @contextmanager
    def stream(self, path: str, body: Any) -> Iterator[Iterator[str]]:
        """POST `body` and give the lines of the event stream that answers; leaving early ends the stream."""
        headers = {"Accept": "text/event-stream"}
        request = {"method": "POST", "path": path, "json": body, "headers": headers, "timeout": PATIENT}
        response = self._send(stream=True, **request)
        try:
            with _reachable(self.address):
                check(response, self.address)
                yield response.iter_lines()
        finally:
            response.close()

    def close(self) -> None:
        self._client.close()

    def _json(self, method: str, path: str, **options: Any) -> Any:
        response = self._send(method=method, path=path, headers={"Accept": "application/json"}, **options)
        check(response, self.address)
        try:
            return response.json()
        except ValueError as error:
            raise _stranger(self.address) from error

    def _send(self, *, method: str, path: str, stream: bool = False, **options: Any) -> httpx.Response:
        for attempt in (1, 2):
            try:
                request = self._client.build_request(method, path.lstrip("/"), **options)
                return self._client.send(request, stream=stream)
            except httpx.ConnectError as error:
                if self._again is None or attempt == 2:
                    raise _unreachable(self.address, error) from error
            except httpx.HTTPError as error:
                raise _unreachable(self.address, error) from error
            self._move(self._again())  # nothing was sent, so sending it to the hub's new place repeats nothing
        raise AssertionError("the second attempt returns or raises")

    def _move(self, address: Address) -> None:
        self._client.close()
        self.address, self._client = address, self._connect(address)


@contextmanager
def _reachable(address: Address) -> Iterator[None]:
    try:
        yield
    except httpx.HTTPError as error:
        raise _unreachable(address, error) from error


def check(response: httpx.Response, address: Address) -> None:
    """Refuse what is not a good reply of a hub of our number.

    Raises:
        KnowHubError: the class that the problem document names, with its message and cure.
        HubUnreachable: something else than a hub answers, or a hub of another number.
    """
    number = response.headers.get("KnowHub-API")
    if number is None:
        raise _stranger(address)
    if number != API_VERSION:
        raise errors.HubUnreachable(
            f"The hub at {address.url} speaks version {number} of its interface, this client version {API_VERSION}.",
            cure="Install the same version of knowhub-ext in this environment and on the hub, then restart both.",
        )
    if response.is_error:
        response.read()
        raise problem(_document(response))
    if not response.is_success:
        raise _stranger(address)


def problem(data: dict[str, Any]) -> errors.KnowHubError:
    """Return the error a problem document (RFC 9457) stands for; its `type` ends with the slug."""
    slug = str(data.get("type", "")).rstrip("/").rpartition("/")[2].rpartition("#")[2].rpartition(":")[2]
    message = str(data.get("detail") or data.get("title") or "").strip() or None
    kind = _by_slug().get(slug, errors.KnowHubError)
    if int(data.get("status") or 0) >= 500 and data.get("request_id") and message:
        message = f"{message} (request {data['request_id']})"  # what the operator looks for in the log
    return kind(message, cure=data.get("cure") or None)


def _document(response: httpx.Response) -> dict[str, Any]:
    try:
        data = response.json()
    except ValueError:
        data = None
    if isinstance(data, dict):
        return data
    return {"status": response.status_code, "detail": f"The hub answered with status {response.status_code}."}


def _by_slug() -> dict[str, type[errors.KnowHubError]]:
    found, waiting = {}, [errors.KnowHubError]
    while waiting:
        kind = waiting.pop()
        found[kind.slug] = kind
        waiting += kind.__subclasses__()
    return found


def _unreachable(address: Address, error: httpx.HTTPError) -> errors.HubUnreachable:
    if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
        return errors.HubUnreachable(
            f"The hub at {address.url} took too long to answer.",
            cure="Try again; `knowhub jobs` shows what keeps it busy.",
        )
    return errors.HubUnreachable(f"No KnowHub server answers at {address.url}.")


def _stranger(address: Address) -> errors.HubUnreachable:
    return errors.HubUnreachable(
        f"What answers at {address.url} is not a KnowHub server.",
        cure="Check the address: it is the one JupyterLab is opened with, where knowhub-ext is installed.",
    )
