"""What all widgets share: the loader, the traits that are synced, and what a host without widgets shows.

No trait ever holds a token or another person's data: whoever opens a saved notebook can read every trait.
"""

from __future__ import annotations

import html
from typing import Any
from urllib.parse import quote

import anywidget
import traitlets

from knowhub_ext import bundles


class Hosted(anywidget.AnyWidget):
    """A `kh-*` element in a notebook's output, a Voila page or wherever widgets are shown."""

    _esm = bundles.loader()

    kind = traitlets.Unicode("", help="Which element is shown.").tag(sync=True)
    api = traitlets.Unicode(
        "", help="Path of the interface, where the page does not know it: /knowhub/api. Empty in Jupyter and Voila."
    ).tag(sync=True)
    bundle = traitlets.Unicode("", help="File name of the elements' module.").tag(sync=True)
    lesson = traitlets.Unicode("", help="Id of the lesson, or course-slug/lesson-slug.").tag(sync=True)
    course = traitlets.Unicode("", help="Slug or id of the course.").tag(sync=True)
    asset = traitlets.Unicode("", help="Id of one medium of the lesson; empty for the primary one.").tag(sync=True)
    time = traitlets.Float(0.0, help="Where the playhead is, in seconds; set it to seek.").tag(sync=True)
    playing = traitlets.Bool(False, help="Whether the medium plays; set it to play or pause.").tag(sync=True)
    duration = traitlets.Float(0.0, help="Length of the medium in seconds, once it is known.").tag(sync=True)
    active_segment = traitlets.Unicode("", help="Id of the sentence being said.").tag(sync=True)
    question = traitlets.Unicode("", help="The question; set it to ask.").tag(sync=True)
    answer = traitlets.Dict(help="The last answer: the document that openapi.yaml calls Answer.").tag(sync=True)
    progress = traitlets.Dict(help="The reader's own progress, as far as this page knows it.").tag(sync=True)
    opened = traitlets.Dict(help="The lesson a click asked for, in `lesson`, and the second, in `time`.").tag(sync=True)
    opens = traitlets.Enum(
        ["page", "here"], "page", help="What such a click does: open the lesson's page, or only set `opened`."
    ).tag(sync=True)
    fallback = traitlets.Unicode("", help="One sentence for where the elements cannot be shown.").tag(sync=True)

    def __init__(self, **values: Any) -> None:
        values.setdefault("bundle", bundles.name("bundle"))
        super().__init__(**values)
        if not self.fallback:
            self.fallback = f"{self.title()}: open {self.page()} at your Jupyter server's address."
        self.on_msg(_give_bundle)

    def title(self) -> str:
        """Return what is shown here, for people: `KnowHub lesson fullstack/celery`."""
        return f"KnowHub {self.kind} {self.lesson or self.course}".strip()

    def page(self) -> str:
        """Return the path of the page that shows the same without widgets."""
        base = self.api.removesuffix("/api") or "/knowhub"
        if not self.lesson:
            return f"{base}/course/{quote(self.course)}"
        return f"{base}/lesson/{quote(self.lesson)}" + (f"?t={self.time:g}" if self.time else "")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.lesson or self.course!r})"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Add a link for hosts that show HTML but no widgets, such as an exported page."""
        shown = super()._repr_mimebundle_(**options)
        if shown is None:
            return None
        data, metadata = shown if isinstance(shown, tuple) else (shown, {})
        link = f'<a href="{html.escape(self.page())}">{html.escape(self.title())}</a>'
        return {**data, "text/plain": self.fallback, "text/html": f"<p>{link}</p>"}, metadata


def _give_bundle(widget: Hosted, content: Any, _buffers: Any) -> None:
    """A page that cannot fetch the elements from a hub asks the kernel for them."""
    if isinstance(content, dict) and content.get("need") == "bundle":
        widget.send({"bundle": bundles.text("bundle")})
