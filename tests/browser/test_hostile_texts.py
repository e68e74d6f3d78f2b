"""Texts that try to be markup are shown as texts, wherever a title, a transcript, a document or an answer appears."""

from __future__ import annotations

import wave
from collections.abc import Callable, Iterator

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.labs import command
from tests.browser.pages import Visit
from tests.browser.servers import Lab, until

IMG = "<img src=x onerror=ran()>"
PAYLOADS = [
    IMG, "<svg onload=ran()>", '"><script>ran()</script>', "<a href=javascript:ran()>x</a>", "${ran()}{{ran()}}",
]
VTT = "WEBVTT\n\n" + "\n\n".join(
    f"00:00:{2 * i:02}.000 --> 00:00:{2 * i + 1:02}.900\nCelery says {payload} to the broker number {i}."
    for i, payload in enumerate(PAYLOADS)
)
COUNT = "window.ran = () => { window.hits = (window.hits || 0) + 1; }"
#: Elements that only markup of ours could not have made, in the page and in every shadow root.
STRANGE = """() => {
  const found = [], wanted = 'img[src="x"], [onerror], svg[onload], a[href^="javascript:"]';
  const look = root => {
    found.push(...[...root.querySelectorAll(wanted)].map(one => one.outerHTML));
    root.querySelectorAll('*').forEach(one => one.shadowRoot && look(one.shadowRoot));
  };
  look(document);
  return found;
}"""


def silence(path: str) -> None:
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * 8000 * 12))


@pytest.fixture(scope="module")
def hostile(lab: Lab) -> Iterator[str]:
    """A course whose every text is markup; yields its lesson's id."""
    folder = lab.root / "hostile"
    folder.mkdir()
    name = f"{IMG} lecture"
    silence(str(folder / f"{name}.wav"))
    (folder / f"{name}.vtt").write_text(VTT)
    kept = "\n\n".join(f"The broker keeps {one} here." for one in PAYLOADS)
    (folder / f"{name}.md").write_text(f"# Broker\n\n{kept}")
    cells = [nbformat.v4.new_markdown_cell(f"The worker prints {one} often.") for one in PAYLOADS]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / f"{name}.ipynb")
    with lab.client() as client:
        client.post("/courses", json={"slug": "hostile", "title": f"Course {IMG}"}).raise_for_status()
        added = client.post("/courses/hostile/assets", json={"paths": ["hostile"]}).raise_for_status().json()
        jobs = set(added["jobs"])
        assert jobs
        until(lambda: all(
            row["state"] == "done" for row in client.get("/jobs?course=hostile").json()["items"] if row["job"] in jobs
        ))
    return added["lessons"][0]["lesson"]


def harmless(me: Visit) -> None:
    assert me.page.evaluate("window.hits || 0") == 0
    assert me.page.evaluate(STRANGE) == []


def look_around(me: Visit) -> None:
    """Everything a learner can bring to the screen, each with the payload in it."""
    page = me.page
    expect(page.locator("kh-lesson h2").first).to_contain_text(IMG)
    page.get_by_role("button", name="Captions (c)").click()
    transcript = page.get_by_role("tab", name="Transcript", exact=True)
    if transcript.count():
        transcript.click()
    expect(me.lines.first).to_contain_text("Celery says")
    page.get_by_placeholder("Find in the transcript").fill(IMG)
    page.get_by_placeholder("Find in the transcript").press("Enter")
    harmless(me)
    page.get_by_role("tab", name="Ask", exact=True).click()
    question = f"What does Celery say {IMG} to the broker?"
    me.ask(question)
    expect(page.locator("kh-ask .turn h3").first).to_have_text(question)
    me.chips.first.hover()
    expect(page.locator("kh-ask .quote")).to_be_visible()
    harmless(me)
    page.mouse.move(2, 2)
    page.get_by_role("tab", name="Files", exact=True).click()
    page.get_by_role("button", name=f"{IMG} lecture.md", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text(f"The broker keeps {IMG} here.")
    harmless(me)
    page.keyboard.press("Escape")


def test_in_lab(visit: Callable[..., Visit], lab: Lab, hostile: str) -> None:
    me = visit()
    me.page.add_init_script(COUNT)
    me.page.goto(lab.url("/lab/workspaces/hostile", knowhub=hostile))
    expect(me.video).to_be_attached(timeout=60_000)
    look_around(me)
    command(me, "knowhub:show-courses")
    panel = me.page.locator("#knowhub-browser kh-course")
    panel.get_by_role("button", name=f"Course {IMG}").click()
    expect(panel.get_by_role("listitem").get_by_role("link").first).to_contain_text(IMG)
    panel.get_by_label("Search this course").fill(f"{IMG} broker")
    expect(panel.locator(".hit").first).to_contain_text(IMG)
    harmless(me)


@pytest.mark.parametrize("path", ["/knowhub/lesson/{}", "/knowhub/course/hostile", "/knowhub/"])
def test_on_the_pages(visit: Callable[..., Visit], lab: Lab, hostile: str, path: str) -> None:
    me = visit(strict=True)  # a script that the page's policy refused would be a problem too
    me.page.add_init_script(COUNT)
    me.page.goto(lab.url(path.format(hostile)))
    expect(me.page.get_by_text(IMG).first).to_be_visible()
    if "lesson" in path:
        look_around(me)
    harmless(me)


def test_markup_that_does_run_is_noticed(visit: Callable[..., Visit], lab: Lab) -> None:
    """The positive control, inside a shadow root of ours."""
    me = visit()
    me.page.add_init_script(COUNT)
    me.page.goto(lab.url("/lab/workspaces/control", knowhub="fullstack/celery-worker-dies"))
    expect(me.video).to_be_visible(timeout=60_000)
    harmless(me)
    me.page.locator("kh-lesson h2").first.evaluate("(one, html) => { one.innerHTML = html; }", IMG)
    me.page.wait_for_function("() => window.hits > 0")
    assert me.page.evaluate(STRANGE) == ['<img src="x" onerror="ran()">']
