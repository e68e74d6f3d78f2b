"""What the magics show: the same content as text, Markdown and HTML, so that every front end has one it can render.

Everything that comes from a course is escaped: a transcript may say `<script>` and a title may hold a bracket.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from knowhub_ext.client.plans import CourseProgress
from knowhub_ext.client.values import Course, Hit, Lesson
from knowhub_ext.domain.answers import Answer, Citation
from knowhub_ext.domain.clocks import show_clock
from knowhub_ext.domain.locators import CellRef, Locator, PageRef, TimeSpan

#: Gives a lesson's page at the hub's server, at a second: `KnowHub.page`.
Page = Callable[[str, float | None], str]


@dataclass(frozen=True, kw_only=True)
class View:
    """One content in several mime types; `value` is what it shows, for the next cell to use."""

    value: Any
    plain: str
    markdown: str = ""
    html: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return self.plain

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        forms = {"text/plain": self.plain, "text/markdown": self.markdown, "text/html": self.html, **self.more}
        return {mime: content for mime, content in forms.items() if content}


def place(locator: Locator) -> str:
    """Return a locator as people say it: `1:41`, `page 4`, `cell 3f2a`, `text`."""
    match locator:
        case TimeSpan():
            return show_clock(locator.start_ms / 1000)
        case PageRef():
            return f"page {locator.page}"
        case CellRef():
            return f"cell {locator.cell}"
    return "text"


def second(locator: Locator) -> float | None:
    """Return the second to open a lesson at; None where the locator is no time."""
    return locator.start_ms / 1000 if isinstance(locator, TimeSpan) else None


def escape_markdown(text: str) -> str:
    """Return text that Markdown renders as it stands; HTML in it stays text, too."""
    return re.sub(r"([\\`*_\[\]<>#|~$])", r"\\\1", " ".join(text.split()))


def link(text: str, href: str) -> str:
    return f'<a href="{html.escape(href)}" target="_blank" rel="noopener">{html.escape(text)}</a>'


#: Stands before what a chat model said and the course does not prove.
APART = "Not proven by the course:"


def answer_view(answer: Answer, page: Page) -> View:
    """Show an answer whose numbers open the second that each citation stands at."""
    hrefs = {c.n: page(c.lesson_id, second(c.locator)) for c in answer.citations}
    marked = [(s.text, s.citations) for s in answer.sentences if s.supported] or [(answer.text, ())]
    apart = [s.text for s in answer.sentences if not s.supported] if answer.grounded else []
    more = [f"{APART} {' '.join(apart)}"] if apart else []
    return View(
        value=answer,
        plain=_lines(
            " ".join(text + "".join(f" [{n}]" for n in numbers) for text, numbers in marked),
            [f"[{c.n}] {c.title}, {place(c.locator)}: “{c.quote}”" for c in answer.citations] + more,
        ),
        markdown=_lines(
            " ".join(
                escape_markdown(text) + "".join(f" [\\[{n}\\]]({hrefs[n]})" for n in numbers if n in hrefs)
                for text, numbers in marked
            ),
            [_markdown_row(c, hrefs[c.n]) for c in answer.citations] + ["", *map(escape_markdown, more)] * bool(more),
        ),
        html=_answer_html(marked, answer.citations, hrefs) + "".join(f"<p>{html.escape(one)}</p>" for one in more),
    )


def answer_json(answer: Answer) -> View:
    """Show an answer as the document that the interface gives."""
    document = answer.to_json()
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return View(value=answer, plain=text, more={"application/json": document})


def _lines(body: str, rows: Sequence[str]) -> str:
    return "\n".join([body, "", *rows]) if rows else body


def _markdown_row(citation: Citation, href: str) -> str:
    where = f"[{escape_markdown(citation.title)}, {place(citation.locator)}]({href})"
    return f"{citation.n}. {where}: “{escape_markdown(citation.quote)}”"


def _answer_html(
    marked: Iterable[tuple[str, Sequence[int]]], citations: Sequence[Citation], hrefs: Mapping[int, str]
) -> str:
    said = " ".join(
        html.escape(text) + "".join(f" {link(f'[{n}]', hrefs[n])}" for n in numbers if n in hrefs)
        for text, numbers in marked
    )
    rows = "".join(
        f'<li value="{c.n}">{link(f"{c.title}, {place(c.locator)}", hrefs[c.n])}: “{html.escape(c.quote)}”</li>'
        for c in citations
    )
    return f"<p>{said}</p>" + (f"<ol>{rows}</ol>" if rows else "")


def table(value: Any, head: Sequence[str], rows: Sequence[Sequence[tuple[str, str]]], empty: str) -> View:
    """Show rows of `(text, address or "")`; one sentence where there are none."""
    if not rows:
        return View(value=value, plain=empty)
    cells = [[text for text, _ in row] for row in rows]
    widths = [max(len(row[i]) for row in [head, *cells]) for i in range(len(head))]
    plain = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
             for row in [head, *cells]]
    return View(
        value=value, plain="\n".join(plain), markdown=_markdown_table(head, rows),
        html=f"<table><tr>{''.join(f'<th>{html.escape(name)}</th>' for name in head)}</tr>"
        + "".join(f"<tr>{''.join(_html_cell(*cell) for cell in row)}</tr>" for row in rows) + "</table>",
    )


def _markdown_table(head: Sequence[str], rows: Sequence[Sequence[tuple[str, str]]]) -> str:
    lines = [[escape_markdown(name) for name in head], ["---"] * len(head)]
    lines += [[f"[{escape_markdown(t)}]({href})" if href else escape_markdown(t) for t, href in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _html_cell(text: str, href: str) -> str:
    return f"<td>{link(text, href) if href else html.escape(text)}</td>"


def courses_view(courses: Sequence[Course]) -> View:
    rows = [[(c.course, ""), (c.title, ""), (str(c.lessons), "")] for c in courses]
    empty = "No course yet: `knowhub course create SLUG` makes one."
    return table(courses, ("course", "title", "lessons"), rows, empty)


def hits_view(hits: Sequence[Hit], page: Page) -> View:
    rows = [
        [(str(h.rank), ""), (f"{h.title}, {place(h.locator)}", page(h.lesson, second(h.locator))),
         (" ".join((h.preview or h).text.split()), "")]
        for h in hits
    ]
    return table(hits, ("", "where", "what is said"), rows, "Nothing in this course fits.")


def progress_view(progress: CourseProgress, page: Page) -> View:
    rows = [
        [(row.title, page(row.progress.lesson_id, row.progress.position_ms / 1000 or None)),
         (f"{row.progress.coverage:.0%}", "")]
        for row in progress.lessons
    ]
    rows.append([("all lessons", ""), (f"{progress.coverage:.0%}", "")])
    return table(progress, ("lesson", "watched"), rows, "")


def lesson_view(lesson: Lesson, t: float | None, page: Page) -> View:
    """Show where a lesson opens, and the line that shows it right here."""
    name = lesson.title if t is None else f"{lesson.title}, {show_clock(t)}"
    start = "" if t is None else f", t={t:g}"
    code = f'from knowhub_ext.widgets import Lesson; Lesson("{lesson.course}/{lesson.slug}"{start})'
    href = page(lesson.lesson, t)
    return View(
        value=lesson, plain=f"{name}\n{href}\nHere in the notebook: {code}",
        markdown=f"▶ [{escape_markdown(name)}]({href})  \nHere in the notebook: `{code}`",
        html=f"<p>▶ {link(name, href)}<br>Here in the notebook: <code>{html.escape(code)}</code></p>",
    )
