"""Ranges and conditions as RFC 9110 has them: the table of reliability case C1, as a pure rule."""

from __future__ import annotations

import pytest
from tornado.httputil import HTTPHeaders

from knowhub_ext.server.ranges import Reply, decide

SIZE = 1000
TAG = '"abc-1"'

WHOLE = (200, 0, SIZE)
#: Range header → status, first byte, byte behind the last.
RANGES: dict[str, tuple[int, int, int]] = {
    "bytes=0-0": (206, 0, 1),
    "bytes=0-499": (206, 0, 500),
    "bytes=500-999": (206, 500, SIZE),
    "bytes=0-": (206, 0, SIZE),
    "bytes=999-": (206, 999, SIZE),
    "bytes=999-999": (206, 999, SIZE),
    "bytes=0-999": (206, 0, SIZE),
    "bytes=0-1000": (206, 0, SIZE),
    "bytes=10-99999999999999": (206, 10, SIZE),
    "bytes=10-" + "9" * 400: WHOLE,
    "bytes=-1": (206, 999, SIZE),
    "bytes=-500": (206, 500, SIZE),
    "bytes=-1000": (206, 0, SIZE),
    "bytes=-5000": (206, 0, SIZE),
    "bytes=-0": (416, 0, 0),
    "bytes=1000-": (416, 0, 0),
    "bytes=1000-1005": (416, 0, 0),
    "bytes=" + "9" * 400 + "-": WHOLE,
    "bytes=" + "9" * 90 + "-": (416, 0, 0),
    "bytes=7-" + "9" * 90: (206, 7, SIZE),
    "bytes=5-4": WHOLE,
    "bytes=-": WHOLE,
    "bytes=": WHOLE,
    "bytes": WHOLE,
    "bytes=a-b": WHOLE,
    "bytes=0-1x": WHOLE,
    "bytes=--1": WHOLE,
    "bytes=+1-2": WHOLE,
    "bytes=0x1-2": WHOLE,
    "bytes=٣-٤": WHOLE,
    "items=0-1": WHOLE,
    "": WHOLE,
    "BYTES=0-1": (206, 0, 2),
    "bytes = 0-1": (206, 0, 2),
    "bytes= 0 - 1 ": (206, 0, 2),
    "bytes=0-1,5-6": WHOLE,
    "bytes=0-1, 5-6": WHOLE,
    "bytes=2000-,3000-": WHOLE,
    "bytes=0-1,": (206, 0, 2),
}


@pytest.mark.parametrize("header", RANGES, ids=lambda h: h[:40] or "empty")
def test_a_range_header_gets(header: str) -> None:
    status, start, end = RANGES[header]
    assert decide(HTTPHeaders({"Range": header}), etag=TAG, size=SIZE) == Reply(status=status, start=start, end=end)


PART = (206, 0, 10)
#: Headers → status, first byte, byte behind the last.
CONDITIONS: list[tuple[dict[str, str], tuple[int, int, int]]] = [
    ({}, WHOLE),
    ({"If-Range": TAG}, PART),
    ({"If-Range": f" {TAG} "}, PART),
    ({"If-Range": '"other"'}, WHOLE),
    ({"If-Range": f"W/{TAG}"}, WHOLE),
    ({"If-Range": "Wed, 21 Oct 2026 07:28:00 GMT"}, WHOLE),
    ({"If-Range": "abc-1"}, WHOLE),
    ({"If-None-Match": TAG}, (304, 0, 0)),
    ({"If-None-Match": f"W/{TAG}"}, (304, 0, 0)),
    ({"If-None-Match": f'"x", {TAG}'}, (304, 0, 0)),
    ({"If-None-Match": "*"}, (304, 0, 0)),
    ({"If-None-Match": '"x"'}, PART),
    ({"If-Match": TAG}, PART),
    ({"If-Match": "*"}, PART),
    ({"If-Match": '"x"'}, (412, 0, 0)),
    ({"If-Match": f"W/{TAG}"}, (412, 0, 0)),
    ({"If-Match": '"x"', "If-None-Match": TAG}, (412, 0, 0)),
    ({"if-none-match": TAG}, (304, 0, 0)),
]


@pytest.mark.parametrize(("headers", "expected"), CONDITIONS)
def test_a_condition_beside_a_range_gets(headers: dict[str, str], expected: tuple[int, int, int]) -> None:
    wanted = {"Range": "bytes=0-9"} if headers else {}
    status, start, end = expected
    assert decide(HTTPHeaders(wanted | headers), etag=TAG, size=SIZE) == Reply(status=status, start=start, end=end)


@pytest.mark.parametrize(("header", "status"), [("bytes=0-", 416), ("bytes=-5", 200), ("bytes=0-0", 416)])
def test_an_empty_medium_has_no_byte_to_send(header: str, status: int) -> None:
    assert decide(HTTPHeaders({"Range": header}), etag=TAG, size=0).status == status
