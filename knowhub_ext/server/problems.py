"""Errors as RFC 9457 problem documents. The one table from an error's class to its HTTP status."""

from __future__ import annotations

from collections.abc import Mapping
from http.client import responses
from typing import Any

from tornado.web import HTTPError

from knowhub_ext import errors
from knowhub_ext.errors import KnowHubError

#: A class stands for its subclasses, unless they have a line of their own.
STATUS: Mapping[type[KnowHubError], int] = {
    errors.KnowHubError: 500,
    errors.UserError: 400,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.InvalidMove: 409,
    errors.TooLarge: 413,
    errors.QuotaExceeded: 413,
    errors.TooManyNotes: 413,
    errors.UnsupportedFile: 415,
    errors.UploadLocked: 423,
    errors.ChecksumMismatch: 460,  # tus 1.0, checksum extension
    errors.Forbidden: 403,
    errors.Unauthenticated: 401,
    errors.Busy: 503,
    errors.DataLocked: 503,
    errors.DataTooNew: 503,
    errors.MissingBackend: 503,
    errors.MissingWeights: 503,
    errors.DamagedWeights: 503,
    errors.LeaseLost: 409,
    errors.JobCancelled: 409,
    errors.ChatModelFailed: 502,
    errors.ChatModelResting: 503,
    errors.HubUnreachable: 502,
    errors.DiskFull: 507,
}
#: Seconds after which a client may ask again, told with every 503.
RETRY_AFTER_S = 3

_HTTP: Mapping[int, tuple[str, str, str]] = {
    400: ("bad-request", "The request cannot be read.", "Correct the request and send it again."),
    401: ("unauthenticated", errors.Unauthenticated().message, errors.Unauthenticated.cure),
    403: ("forbidden", "This request is refused.", "Fetch /session again and send its `xsrf` as X-XSRFToken."),
    404: ("not-found", "There is nothing at this address.", "See the routes in knowhub_ext/server/openapi.yaml."),
    405: ("method-not-allowed", "This address does not take this method.", "Use one of the methods in `Allow`."),
    412: ("tus-version", "Uploads here speak tus 1.0.0.", "Send the header Tus-Resumable: 1.0.0."),
    415: ("media-type", "The body is of a type that is not taken here.", "Send application/offset+octet-stream."),
    413: ("too-large", "The request is too large.", "Send less at a time."),
}
_BROKEN = "Something went wrong on the server."
_LOOK = "Try again; if it happens again, look for this request's id in the server's log."


class Unready(Exception):
    """The hub could not be built; `cause` says why. Every request answers 503 until it can."""

    def __init__(self, cause: KnowHubError) -> None:
        super().__init__(cause.message)
        self.cause = cause


def status_of(error: BaseException | None) -> int:
    """Return the HTTP status that says what `error` says."""
    if isinstance(error, HTTPError):
        return error.status_code
    if isinstance(error, Unready):
        return 503
    kinds = type(error).__mro__ if error is not None else ()
    return next((STATUS[kind] for kind in kinds if kind in STATUS), 500)


def document(error: BaseException | None, status: int, request_id: str) -> dict[str, Any]:
    """Return the problem document (schema `Problem`). Of unexpected errors it tells nothing but the request's id."""
    if isinstance(error, Unready):
        error = error.cause
    if isinstance(error, KnowHubError):
        title = (type(error).__doc__ or "").strip().split("\n")[0]
        return _problem(status, error.slug, title, error.message, error.cure, request_id)
    slug, detail, cure = _HTTP.get(status, ("error", responses.get(status, _BROKEN), _LOOK))
    if status < 500 and isinstance(error, HTTPError) and error.log_message:
        detail = _sentence(error)
    elif status >= 500:
        detail = _BROKEN
    return _problem(status, slug, responses.get(status, "Error"), detail, cure, request_id)


def _problem(status: int, slug: str, title: str, detail: str, cure: str, request_id: str) -> dict[str, Any]:
    return {
        "type": f"/knowhub/problems/{slug}", "title": title, "status": status, "detail": detail, "cure": cure,
        "request_id": request_id,
    }


def _sentence(error: HTTPError) -> str:
    try:
        text = (error.log_message or "") % error.args if error.args else error.log_message or ""
    except TypeError:
        text = error.log_message or ""
    return text[:300]
