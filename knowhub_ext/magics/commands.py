"""`%knowhub` and `%%ask`: what is typed, and which request it is. What goes wrong is a sentence, never a traceback."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Callable
from typing import NoReturn

from IPython.core.magic import Magics, cell_magic, line_magic, magics_class

from knowhub_ext import errors
from knowhub_ext.client import KnowHub
from knowhub_ext.domain.clocks import parse_clock
from knowhub_ext.magics import views
from knowhub_ext.magics.views import View


class Parser(argparse.ArgumentParser):
    """Argparse that raises: a magic must not end the kernel."""

    def error(self, message: str) -> NoReturn:
        raise errors.UserError(f"{self.prog}: {message}.", cure=f"Write it like this: {self.usage_line()}")

    def usage_line(self) -> str:
        return " ".join(self.format_usage().removeprefix("usage: ").split())


def _clock(text: str) -> float:
    try:
        return parse_clock(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error).rstrip(".")) from error


def knowhub_parser() -> Parser:
    parser = Parser(prog="%knowhub", description="Your learning hub, from a notebook.", add_help=False)
    verbs = parser.add_subparsers(dest="verb", metavar="courses|open|search|progress|help", parser_class=Parser)
    verbs.add_parser("courses", help="list the courses")
    opened = verbs.add_parser("open", help="show where a lesson opens, at a second if you give one")
    opened.add_argument("lesson", metavar="LESSON", help="course-slug/lesson-slug, or an id")
    opened.add_argument("--t", type=_clock, metavar="1:41", help="where to start")
    # No sign in a query is an option: `a -- b` and `-x` are searched for as they stand.
    search = verbs.add_parser("search", help="find what the course says", prefix_chars="\0", add_help=False)
    search.add_argument("course", metavar="COURSE")
    search.add_argument("query", metavar="QUERY", help="plain text to the end of the line")
    progress = verbs.add_parser("progress", help="what you have watched, lesson by lesson")
    progress.add_argument("course", metavar="COURSE")
    verbs.add_parser("help", help="show this")
    return parser


def ask_parser() -> Parser:
    parser = Parser(prog="%%ask", description="Ask a course; the question is the rest of the cell.")
    parser.add_argument("-c", "--course", help="slug of the course; not needed where there is only one")
    parser.add_argument("-l", "--lesson", help="prefer what this lesson says: course-slug/lesson-slug, or an id")
    parser.add_argument("-m", "--mode", choices=("quote", "model"), help="verbatim sentences, or a chat model's words")
    parser.add_argument("-f", "--format", choices=("markdown", "json"), default="markdown", help="how it is shown")
    return parser


def words(line: str) -> list[str]:
    """Split what was typed as a shell would; a lone quote in it is a letter like any other."""
    try:
        return shlex.split(line)
    except ValueError:
        return line.split()


@magics_class
class KnowHubMagics(Magics):
    """Holds one client, made at the first use."""

    _hub: KnowHub | None = None

    @property
    def hub(self) -> KnowHub:
        if self._hub is None:
            self._hub = KnowHub()
        return self._hub

    @line_magic
    def knowhub(self, line: str) -> View | None:
        """Courses, lessons, search and progress; `%knowhub help` shows how."""
        return _sentence(lambda: self._knowhub(line))

    @cell_magic
    def ask(self, line: str, cell: str) -> View | None:
        """Ask a course; `%%ask --help` shows how."""
        return _sentence(lambda: self._ask(ask_parser().parse_args(words(line)), cell.strip()))

    def _knowhub(self, line: str) -> View | None:
        typed = line.split(None, 2)
        parser = knowhub_parser()
        chosen = parser.parse_args(typed if typed[:1] == ["search"] else words(line))
        match chosen.verb:
            case "courses":
                return views.courses_view(self.hub.courses())
            case "open":
                return views.lesson_view(self.hub.lesson(chosen.lesson), chosen.t, self.hub.page)
            case "search":
                return views.hits_view(self.hub.search(chosen.course, chosen.query), self.hub.page)
            case "progress":
                return views.progress_view(self.hub.course_progress(chosen.course), self.hub.page)
        print(parser.format_help())
        return None

    def _ask(self, chosen: argparse.Namespace, question: str) -> View:
        if not question:
            raise errors.UserError("%%ask has no question.", cure="Write it on the lines below %%ask.")
        course = chosen.course or self._course_of(chosen.lesson)
        answer = self.hub.ask(course, question, mode=chosen.mode, lesson=chosen.lesson)
        return views.answer_json(answer) if chosen.format == "json" else views.answer_view(answer, self.hub.page)

    def _course_of(self, lesson: str | None) -> str:
        """The lesson's course, else the only one there is."""
        if lesson:
            return self.hub.lesson(lesson).course
        slugs = [course.course for course in self.hub.courses()]
        if len(slugs) != 1:
            known = f" Courses here: {', '.join(slugs)}." if slugs else " There is none yet."
            raise errors.UserError(f"Which course shall answer?{known}", cure="Name it: `%%ask -c COURSE`.")
        return slugs[0]


def _sentence(act: Callable[[], View | None]) -> View | None:
    try:
        return act()
    except errors.KnowHubError as error:
        print(f"{error.message} {error.cure}", file=sys.stderr)
    except SystemExit:
        pass  # argparse ends the program after --help; a kernel goes on
    return None
