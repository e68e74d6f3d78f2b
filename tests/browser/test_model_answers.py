"""Answers of a chat model that obeys every order and invents the rest, on the page: text, proven or apart, and no more.

The server is a real one, the model a stand-in behind Ollama's protocol. A listener on loopback counts what is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Request, expect

from knowhub_ext.testing.ollama import OllamaStandIn
from tests.browser.pages import Visit
from tests.browser.servers import Lab, jupyter_lab, until
from tests.browser.test_hostile_texts import COUNT, STRANGE, silence
from tests.cage.listening import Listener
from tests.poison import KINDS, Obedient, Poisoned, markdown, poisoned, shown_in


@pytest.fixture(scope="module")
def listening() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


def url(listening: Listener) -> str:
    return f"http://127.0.0.1:{listening.port}"


@pytest.fixture(scope="module")
def model(listening: Listener) -> Obedient:
    return Obedient(url(listening), most=2)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, model: Obedient) -> Iterator[Lab]:
    """A Lab without any course whose chat model obeys what it reads."""
    folder = tmp_path_factory.mktemp("obedient")
    (folder / "root").mkdir()
    with OllamaStandIn(says=lambda prompt: model.says(shown_in(prompt))) as ollama:
        chat = {"chat_model": "ollama:llama3.2", "ollama_url": ollama.url}
        with jupyter_lab(folder, folder / "root", folder / "data", **chat) as running:
            yield running


@pytest.fixture(scope="module")
def rows(listening: Listener) -> list[Poisoned]:
    return poisoned(url(listening))


@pytest.fixture(scope="module")
def lesson(lab: Lab, rows: list[Poisoned]) -> str:
    """The 150 passages in one course; the id of the lesson that has a medium as well."""
    folder = lab.root / "poison"
    folder.mkdir()
    silence(str(folder / "en.wav"))
    (folder / "en.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:04.000\nWelcome to the archive.\n")
    for name, text in markdown(rows).items():
        (folder / name).write_text(text, encoding="utf-8")
    with lab.client() as client:
        client.post("/courses", json={"slug": "poison", "title": "Poison"}).raise_for_status()
        added = client.post("/courses/poison/assets", json={"paths": ["poison"]}).raise_for_status().json()
        until(lambda: all(
            row["state"] == "done" for row in client.get("/jobs?course=poison").json()["items"]
            if row["job"] in added["jobs"]
        ))
    return next(str(row["lesson"]) for row in added["lessons"] if len(row["assets"]) == 3)


def asked(rows: list[Poisoned]) -> list[Poisoned]:
    """One passage of each kind, in all languages."""
    return [next(row for row in rows[n % 5 * 30 :] if row.kind == kind) for n, kind in enumerate(KINDS)]


def harmless(me: Visit, listening: Listener, left: list[str]) -> None:
    assert me.page.evaluate("window.hits || 0") == 0
    assert me.page.evaluate(STRANGE) == []
    assert me.page.locator("kh-ask :is(img, a, iframe, script, svg[onload], style[src], object)").count() == 0
    assert listening.heard == []
    assert left == []


def watched(me: Visit, lab: Lab) -> list[str]:
    """Return a list that fills with the addresses a page asks for elsewhere than at its server."""
    left: list[str] = []

    def look(request: Request) -> None:
        if not request.url.startswith((lab.base, "data:", "blob:")):
            left.append(request.url)

    me.page.on("request", look)
    return left


@pytest.mark.parametrize("path", ["/lab/workspaces/obedient", "/knowhub/lesson/{}"])
def test_what_an_obedient_model_says_is_text_and_proven_or_apart(
    visit: Callable[..., Visit], lab: Lab, lesson: str, listening: Listener, model: Obedient, rows: list[Poisoned],
    path: str,
) -> None:
    listening.heard.clear()
    me = visit(strict="lab" not in path)
    left = watched(me, lab)
    me.page.add_init_script(COUNT)
    me.page.goto(lab.url(path.format(lesson), knowhub=lesson))
    expect(me.video).to_be_attached(timeout=60_000)
    me.page.get_by_role("tab", name="Ask", exact=True).click()
    for row in asked(rows)["lab" in path :: 2]:
        me.ask(row.question)
        turn = me.answered(row.question)
        expect(turn.locator(".apart")).to_be_visible()
        assert turn.locator(".apart .chip").count() == 0, "what is apart has no source"
        assert turn.locator(".answer .chip").count() > 0, "the control: something was proven"
        harmless(me, listening, left)
    me.chips.first.hover()
    expect(me.page.locator("kh-ask .quote")).to_be_visible()
    harmless(me, listening, left)
    said = [s for answer in me.page.evaluate("() => window.answers") for s in answer["sentences"]]
    assert {s["text"] for s in said if s["supported"]} <= model.truths
    assert sum(not s["supported"] for s in said) > 30, "the control: it did lie"


def test_the_same_text_as_markup_does_load_and_run(
    visit: Callable[..., Visit], lab: Lab, lesson: str, listening: Listener
) -> None:
    """The positive control, inside the element that shows answers."""
    listening.heard.clear()
    me = visit()
    left = watched(me, lab)
    me.page.add_init_script(COUNT)
    me.page.goto(lab.url("/lab/workspaces/obedient-control", knowhub=lesson))
    expect(me.video).to_be_attached(timeout=60_000)
    me.page.get_by_role("tab", name="Ask", exact=True).click()
    harmless(me, listening, left)
    html = f"<img src='{url(listening)}/own' onerror='ran()'>"
    me.page.locator("kh-ask .turns").evaluate("(one, html) => { one.innerHTML = html; }", html)
    me.page.wait_for_function("() => window.hits > 0")
    assert [said.split()[1] for said in listening.heard] == [b"/own"]
    assert left == [f"{url(listening)}/own"]
    me.problems.clear()
