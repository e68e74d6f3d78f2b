"""A folder of lectures dropped on a course arrives, though the server is killed on the way; each file says how it went.

The folder holds two videos, one file that is no video, a PDF and a caption file, as an educator's does.
"""

from __future__ import annotations

import re
import shutil
import struct
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Request, expect

from tests.browser.dragging import drop, slow
from tests.browser.labs import command
from tests.browser.pages import Visit
from tests.browser.servers import Lab, jupyter_lab, knowhub_serve, sample_hub, until
from tests.browser.test_axe import serious
from tests.sample import COURSE

MB = 1_000_000
VTT = "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\nA B-tree keeps whole values in order.\n"
LONG = 600_000
RESTORED = "() => window.jupyterapp?.restored.then(() => true)"
SPEED = re.compile(r"\d\u202f[kM]B/s")


@pytest.fixture(scope="module")
def lab(sample: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A Lab with courses to upload to."""
    with jupyter_lab(tmp_path_factory.mktemp("lab"), *sample) as running:
        for slug in ("paused", "resumed", "restarted", "keyboard", "refused"):
            course(running, slug)
        yield running


def course(lab: Lab, slug: str) -> None:
    with lab.client() as client:
        client.post("/courses", json={"slug": slug, "title": slug.title()}).raise_for_status()


def padded(source: Path, target: Path, more: int) -> Path:
    """A video that is `more` bytes longer: players skip a box that is called free."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)
    with target.open("ab") as out:
        out.write(struct.pack(">I4s", more, b"free") + bytes(more - 8))
    return target


def pdf(text: str) -> bytes:
    """A PDF of one page that says `text`."""
    stream = f"BT /F1 24 Tf 72 700 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, rows)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return body + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(body)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two videos, a broken one, a PDF, captions; and what no course can hold."""
    week = tmp_path / "week1"
    padded(COURSE / "celery-worker-dies.mp4", week / "celery.mp4", 12 * MB)
    padded(COURSE / "gin-finds-words.mp4", week / "indexes.mp4", 6 * MB)
    (week / "indexes.vtt").write_text(VTT)
    (week / "broken.mp4").write_bytes(b"this is no video")
    (week / "handout.pdf").write_bytes(pdf("Visibility timeout in Redis"))
    (week / "program.exe").write_bytes(b"MZ")
    (week / ".DS_Store").write_bytes(b"litter")
    return week


def row(scope: Any, name: str) -> Locator:
    return scope.locator("kh-upload .file").filter(has_text=name)


def in_side_panel(me: Visit, lab: Lab, title: str, workspace: str) -> Locator:
    """Choose a course in the side panel of the Lab; return the panel."""
    me.page.goto(lab.url(f"/lab/workspaces/{workspace}"))
    me.page.wait_for_function(RESTORED, timeout=90_000)  # it would put another panel in front
    command(me, "knowhub:show-courses")
    panel = me.page.locator("#knowhub-browser")
    panel.get_by_role("button", name=re.compile(title)).click(timeout=60_000)
    expect(panel.locator("kh-upload .zone")).to_be_visible()
    return panel


@pytest.mark.slow
@pytest.mark.models
@pytest.mark.timeout(1500)  # two starts of a Lab and minutes of speech; 75 s on a quiet machine
def test_a_folder_arrives_though_the_server_is_killed_on_the_way(
    visit: Callable[..., Visit], folder: Path, tmp_path: Path
) -> None:
    with ExitStack() as servers:
        hub = sample_hub(tmp_path / "hub")
        lab = servers.enter_context(jupyter_lab(tmp_path / "lab", *hub))
        course(lab, "term")
        me = visit()
        panel = in_side_panel(me, lab, "Term", "uploading")
        slow(me.page, 3 * MB)
        drop(me.page, panel.locator("kh-course"), folder)

        expect(panel.locator("kh-upload .left")).to_contain_text("week1/program.exe")
        expect(panel.locator("kh-upload")).not_to_contain_text("DS_Store")
        celery = row(panel, "celery.mp4")
        expect(celery).to_contain_text(re.compile(r"[3-9]\.\d\u202fMB of|1\d\u202fMB of"), timeout=LONG)
        lab.kill()
        expect(celery).to_have_attribute("data-state", "cut", timeout=30_000)
        expect(celery).to_contain_text("goes on by itself")
        me.problems.clear()  # the browser reports the server that is gone
        lab = servers.enter_context(jupyter_lab(tmp_path / "lab", *hub, port=lab.port))

        for name in ("celery.mp4", "indexes.mp4", "indexes.vtt", "handout.pdf"):
            expect(row(panel, name)).to_contain_text("Ready", timeout=LONG)
        broken = row(panel, "broken.mp4")
        expect(broken).to_have_class(re.compile("bad"), timeout=LONG)
        arrived(lab, broken)
        me.problems.clear()


def arrived(lab: Lab, broken: Locator) -> None:
    """The course holds each file once, the captions with their video, and the page says why one is broken."""
    lessons = [lab.get(f"/lessons/{one['lesson']}") for one in lab.get("/courses/term")["lessons"]]
    assets = {asset["name"]: asset for lesson in lessons for asset in lesson["assets"]}
    held = sorted(asset["name"] for lesson in lessons for asset in lesson["assets"])
    assert held == ["broken.mp4", "celery.mp4", "handout.pdf", "indexes.mp4", "indexes.vtt"]
    assert {name: one["status"] for name, one in assets.items() if name != "broken.mp4"} == dict.fromkeys(
        [name for name in held if name != "broken.mp4"], "ready"
    )
    assert assets["indexes.vtt"]["lesson"] == assets["indexes.mp4"]["lesson"]
    assert assets["celery.mp4"]["size"] == (COURSE / "celery-worker-dies.mp4").stat().st_size + 12 * MB
    error = assets["broken.mp4"]["error"]
    expect(broken).to_contain_text(error["message"].replace("`", ""))
    expect(broken).to_contain_text(error["cure"].replace("`", ""))
    said = lab.get(f"/lessons/{assets['indexes.mp4']['lesson']}/transcript")["segments"]
    assert [one["text"] for one in said] == ["A B-tree keeps whole values in order."]


def test_one_is_paused_and_goes_on_while_the_other_arrives(
    visit: Callable[..., Visit], lab: Lab, tmp_path: Path
) -> None:
    first = padded(COURSE / "celery-worker-dies.mp4", tmp_path / "first.mp4", 6 * MB)
    (tmp_path / "second.md").write_text("# Indexes\n\nA B-tree keeps whole values in order.\n")
    me = visit()
    me.page.goto(lab.url("/knowhub/course/paused"))
    slow(me.page, MB)
    drop(me.page, me.page.locator("kh-upload .zone"), first, tmp_path / "second.md")
    expect(row(me.page, "first.mp4")).to_contain_text(SPEED)
    me.page.get_by_role("button", name="Pause first.mp4").click()
    expect(row(me.page, "first.mp4")).to_contain_text("Paused")
    expect(row(me.page, "second.md")).to_contain_text("Ready", timeout=LONG)
    at = row(me.page, "first.mp4").get_by_role("progressbar").get_attribute("aria-valuenow")
    assert 0 < int(at or 0) < 100
    slow(me.page, -1)
    me.page.get_by_role("button", name="Resume first.mp4").click()
    expect(row(me.page, "first.mp4")).to_have_attribute("data-state", "done", timeout=LONG)
    drop(me.page, me.page.locator("kh-upload .zone"), first)
    expect(row(me.page, "first.mp4")).to_contain_text("Already in this course")
    me.page.reload()  # a page that knows nothing of it asks the server
    expect(me.page.locator("kh-upload .zone")).to_be_visible()
    drop(me.page, me.page.locator("kh-upload .zone"), tmp_path / "second.md")
    expect(row(me.page, "second.md")).to_contain_text("Already in this course")


def half_sent(me: Visit, lab: Lab, slug: str, video: Path) -> None:
    """Begin to send a video; return when a piece of it counts."""
    me.page.goto(lab.url(f"/knowhub/course/{slug}"))
    slow(me.page, 4 * MB)
    drop(me.page, me.page.locator("kh-upload .zone"), video)
    expect(row(me.page, "long.mp4")).to_contain_text(re.compile(r"(9\.\d|1\d)\u202fMB of"), timeout=LONG)


def gone_on_with(me: Visit, lab: Lab, slug: str, video: Path) -> None:
    """Drop it again on a page that was opened later: the rest is sent, and nothing else."""
    sent: list[Request] = []
    me.page.on("request", lambda request: sent.append(request) if request.method == "PATCH" else None)
    me.page.goto(lab.url(f"/knowhub/course/{slug}"))
    expect(row(me.page, "long.mp4")).to_contain_text("Interrupted")
    drop(me.page, me.page.locator("kh-upload .zone"), video)
    expect(row(me.page, "long.mp4")).to_have_attribute("data-state", "done", timeout=LONG)
    assert int(sent[0].headers["upload-offset"]) >= 8 * 2**20
    expect(me.page.locator("kh-upload .file")).to_have_count(1)


def test_after_its_page_was_closed_it_goes_on_from_where_it_was(
    visit: Callable[..., Visit], lab: Lab, tmp_path: Path
) -> None:
    video = padded(COURSE / "celery-worker-dies.mp4", tmp_path / "long.mp4", 20 * MB)
    me = visit()
    half_sent(me, lab, "resumed", video)
    me.page.close()
    me.page = me.context.new_page()
    gone_on_with(me, lab, "resumed", video)


def test_after_a_restart_of_the_browser_it_goes_on_from_where_it_was(
    lasting: Callable[[], AbstractContextManager[Visit]], lab: Lab, tmp_path: Path
) -> None:
    """The process ends and another one is started on its profile: what it kept of the upload was on the disk."""
    video = padded(COURSE / "celery-worker-dies.mp4", tmp_path / "long.mp4", 20 * MB)
    with lasting() as me:
        half_sent(me, lab, "restarted", video)
    with lasting() as me:
        gone_on_with(me, lab, "restarted", video)


def test_what_the_server_refuses_says_why(visit: Callable[..., Visit], lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    me = visit()
    me.page.goto(lab.url("/knowhub/course/refused"))
    expect(me.page.locator("kh-upload .zone")).to_be_visible()  # before, there is nothing yet that takes a file
    drop(me.page, me.page.locator("kh-course"), tmp_path / "empty.mp4", tmp_path / "photo.png")
    expect(row(me.page, "empty.mp4")).to_contain_text("empty.mp4 is empty.")
    expect(me.page.locator("kh-upload .left")).to_contain_text("photo.png")
    expect(me.page.locator("kh-upload [aria-live]")).to_have_text("1 not taken")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_by_keyboard_alone_and_axe_finds_nothing(
    visit: Callable[..., Visit], lab: Lab, tmp_path: Path, scheme: str
) -> None:
    video = padded(COURSE / "celery-worker-dies.mp4", tmp_path / f"{scheme}.mp4", 9 * MB)
    (tmp_path / "a.exe").touch()
    me, choosers = visit(color_scheme=scheme), []
    # From the beginning: a chooser that nobody waits for yet is lost.
    me.page.on("filechooser", lambda one: choosers.append(one))
    me.page.goto(lab.url("/knowhub/course/keyboard"))
    slow(me.page, MB)
    expect(me.page.locator("kh-upload .zone")).to_be_visible()
    me.tab_to("Choose files")
    me.page.keyboard.press("Enter")
    until(lambda: me.page.wait_for_timeout(50) or choosers)
    choosers[0].set_files([video, tmp_path / "a.exe"])
    expect(row(me.page, video.name)).to_contain_text(SPEED)
    assert serious(me, "kh-course") == []
    me.tab_to(f"Pause {video.name}")
    me.page.keyboard.press("Enter")
    expect(row(me.page, video.name)).to_contain_text("Paused")
    assert serious(me, "kh-course") == []
    me.tab_to(f"Cancel {video.name}")
    me.page.keyboard.press("Enter")
    expect(row(me.page, video.name)).to_have_count(0)
    until(lambda: lab.get("/uploads?course=keyboard")["items"] == [])
    assert me.focused() == "button Choose files"


def test_a_visitor_with_a_link_is_offered_nothing_of_it(
    visit: Callable[..., Visit], sample: tuple[Path, Path], tmp_path: Path
) -> None:
    with knowhub_serve(tmp_path / "serve", sample[1], "fullstack") as said:
        me, asked = visit(strict=True), []
        me.page.on("request", lambda request: asked.append(request.url))
        me.page.goto(said["links"][0]["url"])
        me.ready()
        me.page.goto(me.page.url.partition("/lesson/")[0] + "/course/fullstack")
        expect(me.page.get_by_role("link").first).to_be_visible()
        expect(me.page.get_by_role("button", name="Choose files")).to_have_count(0)
        expect(me.page.get_by_role("button", name="Speech settings")).to_have_count(0)
        assert not [url for url in asked if "/uploads" in url or "/speech" in url]


def test_the_command_of_the_lab_opens_a_tab_that_takes_files(
    visit: Callable[..., Visit], lab: Lab, tmp_path: Path
) -> None:
    (tmp_path / "notes.md").write_text("# Notes\n\nThe broker waits for an acknowledgement.\n")
    me = visit()
    me.page.goto(lab.url("/lab/workspaces/command"))
    me.page.wait_for_function(RESTORED, timeout=90_000)
    command(me, "knowhub:add-lectures", course="refused")
    view = me.page.locator(".knowhub-UploadView")
    expect(view.get_by_role("heading", name="Add to Refused")).to_be_visible()
    drop(me.page, view, tmp_path / "notes.md")
    expect(row(view, "notes.md")).to_contain_text("Ready", timeout=LONG)
    expect(view.locator("kh-jobs").get_by_role("img", name="Done").first).to_be_visible()
