"""The Panel page: a course with its lessons, the reader's progress and the ask box.

Python lists the courses and hears which lesson was opened. Progress and answers never reach it: the traits that
carry them in a notebook are not there at all.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from knowhub_ext import bundles, errors
from knowhub_ext.client import KnowHub
from knowhub_ext.client.values import Course
from knowhub_ext.dashboards import NAME
from knowhub_ext.dashboards.hubs import nowhere

if TYPE_CHECKING:
    from panel.viewable import Viewable

#: Pixels.
WIDTH, SIDE = 1280, 400


@cache
def element() -> type[Any]:
    """Return the Panel component that hosts a `kh-*` element with the same loader as the notebook widgets."""
    import param
    from panel.custom import AnyWidgetComponent

    class KnowHubElement(AnyWidgetComponent):
        """One element; the names are the traits' of `knowhub_ext.widgets`."""

        _esm = bundles.loader()

        kind = param.String(default="")
        api = param.String(default="")
        bundle = param.String(default="")
        lesson = param.String(default="")
        course = param.String(default="")
        asset = param.String(default="")
        time = param.Number(default=0.0)
        playing = param.Boolean(default=False)
        opens = param.Selector(default="here", objects=["page", "here"])
        opened = param.Dict(default={})
        fallback = param.String(default="")

    return KnowHubElement


def progress_app(api: str = "", course: str = "") -> Viewable:
    """Return the page.

    Args:
        api: path of the interface at the address where the browser sees this page; without it there is no hub there.
        course: slug of the course shown first; by default the first one there is.
    """
    try:
        if not api or not os.environ.get("KNOWHUB_API_URL"):
            raise nowhere(f"/{NAME}/")
        with KnowHub() as hub:
            courses = hub.courses()
        if not courses:
            raise errors.NotFound("This hub has no course yet.", cure="Add one in JupyterLab's KnowHub panel.")
    except errors.KnowHubError as error:
        return _sentence(f"{error.message} {error.cure}")
    return _page(api, courses, course)


def _sentence(text: str) -> Viewable:
    import panel

    return panel.pane.Str(text, sizing_mode="stretch_width")


def _page(api: str, courses: list[Course], course: str) -> Viewable:
    import panel

    slugs = {f"{entry.title} ({entry.course})": entry.course for entry in courses}
    chosen = course if course in slugs.values() else courses[0].course
    select = panel.widgets.Select(label="Course", options=slugs, value=chosen, visible=len(slugs) > 1)
    body = panel.bind(lambda slug: _course(api, slug), select)
    return panel.Column(select, body, sizing_mode="stretch_width", max_width=WIDTH, margin=16)


def _course(api: str, course: str) -> Viewable:
    """The outline with the reader's progress on one side, on the other what they opened and the questions."""
    import panel

    outline, progress, ask = (_element(api, kind, course) for kind in ("course", "progress", "ask"))
    opened = panel.Column(sizing_mode="stretch_width")
    for one in (outline, progress, ask):
        one.param.watch(lambda event: opened.__setitem__(slice(None), [_lesson(api, **event.new)]), "opened")
    side = panel.Column(outline, progress, width=SIDE)
    return panel.Row(side, panel.Column(opened, ask, sizing_mode="stretch_width"), sizing_mode="stretch_width")


def _lesson(api: str, lesson: str, time: float) -> Any:
    return _element(api, "lesson", "", lesson=lesson, time=time)


def _element(api: str, kind: str, course: str, **values: Any) -> Any:
    return element()(
        api=api, bundle=bundles.name("bundle"), kind=kind, course=course, sizing_mode="stretch_width",
        margin=(0, 12, 24, 12),
        fallback=f"KnowHub {kind} {course}: open JupyterLab's KnowHub panel to see it.", **values,
    )
