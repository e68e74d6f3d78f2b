"""The magics in a real IPython shell, over a stand-in whose replies are checked by openapi.yaml."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from IPython.core.interactiveshell import InteractiveShell

from knowhub_ext.client import values
from knowhub_ext.magics.views import answer_view
from tests.standins.hub import ANSWER, COURSE, LESSON, TOKEN, HubStandIn, listening

AT = f"/knowhub/lesson/{LESSON}?t=101.2"


@pytest.fixture
def standin() -> HubStandIn:
    standin = HubStandIn()
    standin.replies["courses"] = {"items": [{**COURSE, "lessons": 1}], "next": None}
    return standin


@pytest.fixture
def shell(standin: HubStandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    with listening(standin) as url:
        monkeypatch.setenv("KNOWHUB_API_URL", url)
        monkeypatch.setenv("KNOWHUB_API_TOKEN", TOKEN)
        shell = InteractiveShell()
        shell.extension_manager.load_extension("knowhub_ext.magics")
        yield shell
        shell.extension_manager.unload_extension("knowhub_ext.magics")


def bundle(view: object) -> dict[str, str]:
    return view._repr_mimebundle_()  # type: ignore[attr-defined, no-any-return]


def test_the_courses_are_listed(shell: InteractiveShell) -> None:
    view = shell.run_line_magic("knowhub", "courses")
    assert repr(view).splitlines()[1].split()[0] == "fullstack"
    assert "| fullstack | Full Stack | 1 |" in bundle(view)["text/markdown"]


def test_a_lesson_opens_at_the_second(shell: InteractiveShell) -> None:
    view = shell.run_line_magic("knowhub", "open fullstack/celery --t 1:41")
    assert f'href="/knowhub/lesson/{LESSON}?t=101"' in bundle(view)["text/html"]
    assert view.value.lesson == LESSON


def test_a_hit_links_to_its_second(shell: InteractiveShell) -> None:
    view = shell.run_line_magic("knowhub", "search fullstack goes back")
    assert f'href="{AT}"' in bundle(view)["text/html"]
    assert f"({AT})" in bundle(view)["text/markdown"]


@pytest.mark.parametrize("query", ["what's a B-tree?", "a -- b", "-x", "--help", '"C++" & #1'])
def test_no_sign_of_a_query_is_an_option(shell: InteractiveShell, standin: HubStandIn, query: str) -> None:
    shell.run_line_magic("knowhub", f"search fullstack {query}")
    assert standin.seen[-1].url.params["q"] == query


def test_progress_shows_what_is_watched(shell: InteractiveShell) -> None:
    assert "25%" in repr(shell.run_line_magic("knowhub", "progress fullstack"))


def test_an_answer_numbers_its_citations_in_every_form(shell: InteractiveShell) -> None:
    view = shell.run_cell_magic("ask", "-c fullstack", "Who redelivers?")
    forms = bundle(view)
    assert set(forms) == {"text/plain", "text/markdown", "text/html"}
    assert "goes back. [1]" in forms["text/plain"]
    assert f"[\\[1\\]]({AT})" in forms["text/markdown"]
    assert f'<a href="{AT}" target="_blank" rel="noopener">[1]</a>' in forms["text/html"]


def test_what_the_course_does_not_prove_stands_apart_in_every_form() -> None:
    forged = {"index": 1, "text": "The [dean](http://x) <b>said</b> so.", "citations": [], "supported": False}
    said = values.answer(ANSWER | {"sentences": [*ANSWER["sentences"], forged]})
    forms = bundle(answer_view(said, lambda lesson, second: AT))
    assert forms["text/plain"].splitlines()[-1] == "Not proven by the course: The [dean](http://x) <b>said</b> so."
    assert forms["text/plain"].splitlines()[0].endswith("goes back. [1]")
    assert forms["text/markdown"].endswith(r"\[dean\](http://x) \<b\>said\</b\> so.")
    assert "<p>Not proven by the course: The [dean](http://x) &lt;b&gt;said&lt;/b&gt; so.</p>" in forms["text/html"]


def test_what_a_transcript_says_is_never_markup(shell: InteractiveShell) -> None:
    forms = bundle(shell.run_cell_magic("ask", "-c fullstack", "Who redelivers?"))
    assert "&lt;b&gt;" in forms["text/html"]
    assert "<b>" not in forms["text/html"]
    assert "\\<b\\>" in forms["text/markdown"]


def test_an_answer_may_be_a_document(shell: InteractiveShell) -> None:
    forms = bundle(shell.run_cell_magic("ask", "-f json", "Who redelivers?"))
    assert json.loads(forms["text/plain"])["citations"] == ANSWER["citations"]
    assert forms["application/json"] == json.loads(forms["text/plain"])


def test_a_refusal_has_nothing_under_it(shell: InteractiveShell) -> None:
    forms = bundle(shell.run_cell_magic("ask", "", "How is the weather?"))
    assert forms["text/html"] == "<p>I cannot find this in the course.</p>"


def test_a_lesson_says_which_course_answers(shell: InteractiveShell, standin: HubStandIn) -> None:
    shell.run_cell_magic("ask", "-l fullstack/celery -m quote", "Who redelivers?")
    assert json.loads(standin.seen[-1].content) == {"question": "Who redelivers?", "mode": "quote", "lesson": LESSON}


def test_of_several_courses_one_must_be_named(
    shell: InteractiveShell, standin: HubStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    del standin.replies["courses"]
    assert shell.run_cell_magic("ask", "", "Who redelivers?") is None
    said = capsys.readouterr().err
    assert said == "Which course shall answer? Courses here: fullstack, second. Name it: `%%ask -c COURSE`.\n"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("progress nothing", "There is no"),
        ("open", "the following arguments are required: LESSON"),
        ("open fullstack/celery --t soon", "'soon' is not a time"),
        ("destroy", "invalid choice: 'destroy'"),
        ("search fullstack", "required: QUERY"),
    ],
)
def test_what_goes_wrong_is_one_sentence_and_the_cure(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    assert shell.run_line_magic("knowhub", line) is None
    captured = capsys.readouterr()
    assert said in captured.err
    assert len(captured.err.splitlines()) == 1
    assert TOKEN not in captured.err + captured.out


@pytest.mark.parametrize("line", ["", "help"])
def test_help_is_printed_and_the_kernel_lives(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    shell.run_line_magic("knowhub", line)
    shell.run_cell_magic("ask", "--help", "?")
    said = capsys.readouterr().out
    assert "what you have watched, lesson by lesson" in said
    assert "--lesson" in said


def test_an_empty_question_is_refused(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run_cell_magic("ask", "-c fullstack", "  \n")
    assert "has no question" in capsys.readouterr().err


def test_without_a_hub_one_sentence_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KNOWHUB_API_URL", "http://127.0.0.1:9")
    shell = InteractiveShell()
    shell.extension_manager.load_extension("knowhub_ext.magics")
    shell.run_line_magic("knowhub", "courses")
    assert capsys.readouterr().err.startswith("No KnowHub server answers at http://127.0.0.1:9/knowhub/api.")


def test_unloading_takes_the_magics_away(shell: InteractiveShell) -> None:
    assert shell.find_line_magic("knowhub") is not None
    shell.extension_manager.unload_extension("knowhub_ext.magics")
    assert shell.find_line_magic("knowhub") is None
    assert shell.find_cell_magic("ask") is None
    shell.extension_manager.load_extension("knowhub_ext.magics")
