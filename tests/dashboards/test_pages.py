"""Which hub a served page belongs to, and the figure of a course."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from knowhub_ext import errors
from knowhub_ext.client import KnowHub
from knowhub_ext.dashboards import figures, hubs
from tests.standins.hub import LESSON, TOKEN, HubStandIn

SVG = "{http://www.w3.org/2000/svg}"


def hub() -> KnowHub:
    return KnowHub("http://hub.test", TOKEN, transport=HubStandIn().transport)


def test_voila_alone_has_no_hub_and_starts_none() -> None:
    with pytest.raises(errors.HubUnreachable, match="none runs at this address") as caught:
        hubs.of_page({"SERVER_SOFTWARE": "voila/0.5.13", "SCRIPT_NAME": "/"})
    assert "/voila" in caught.value.cure


def test_voila_in_a_jupyter_server_uses_that_servers_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "KnowHub", lambda: "the hub")
    monkeypatch.setenv("KNOWHUB_API_URL", "http://127.0.0.1:9")
    assert hubs.of_page({"SERVER_SOFTWARE": "voila/0.5.13", "KNOWHUB_API_URL": "http://127.0.0.1:9"}) == "the hub"
    assert hubs.of_page({}) == "the hub"


@pytest.mark.parametrize(("query", "course"), [("course=a-b&x=1", "a-b"), ("", "fullstack"), ("course=", "fullstack")])
def test_the_address_may_name_the_course(query: str, course: str) -> None:
    assert hubs.asked_course({"QUERY_STRING": query}, "fullstack") == course


def test_every_sentence_is_a_link_to_its_second() -> None:
    rows = figures.lines(hub(), hub().course("fullstack"))
    drawing = ElementTree.fromstring(figures.timeline(rows))
    (link,) = drawing.iter(f"{SVG}a")
    assert link.get("href") == f"/knowhub/lesson/{LESSON}?t=101.2"
    (bar,) = link
    assert float(bar.get("x", "")) == pytest.approx(101.2 / 180 * figures.WIDTH, abs=0.1)


def test_what_is_said_is_never_markup_in_the_figure() -> None:
    said = ((0.0, 5.0, '<script>alert("1")</script>', "/a?t=0&b=1"),)
    drawing = figures.timeline([figures.Line(title="<b>", duration=60.0, sentences=said)])
    assert "<script>" not in drawing
    assert next(ElementTree.fromstring(drawing).iter(f"{SVG}title")).text == '0:00 <script>alert("1")</script>'


def test_a_course_without_lectures_has_an_empty_figure() -> None:
    assert list(ElementTree.fromstring(figures.timeline([])).iter(f"{SVG}rect")) == []
