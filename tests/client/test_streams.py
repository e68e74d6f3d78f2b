"""Server-sent events as the specification has them."""

from __future__ import annotations

from knowhub_ext.client import streams


def test_comments_and_other_fields_are_skipped() -> None:
    lines = [": ping", "", "id: 4", "retry: 10", "event: token", 'data: {"text": "a"}', ""]
    assert list(streams.read(lines)) == [("token", {"text": "a"})]


def test_data_on_several_lines_is_one_document() -> None:
    assert list(streams.read(["data: [1,", "data:2]", ""])) == [("message", [1, 2])]


def test_a_cut_off_event_is_dropped() -> None:
    assert list(streams.read(["event: done", "data: {}"])) == []


def test_the_name_of_an_event_holds_for_that_event_alone() -> None:
    lines = ["event: a", "data: 1", "", "data: 2", ""]
    assert list(streams.read(lines)) == [("a", 1), ("message", 2)]
