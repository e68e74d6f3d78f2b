"""`<kh-jobs>`: stages and time left in words, cancel and clear by keyboard, reasons with their cure; both themes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import update

from knowhub_ext.config import load
from knowhub_ext.domain.jobs import Job, JobState, Stage
from knowhub_ext.hub import build
from knowhub_ext.store.database import Tx
from knowhub_ext.store.tables import JOB
from knowhub_ext.testing.hubs import PLAIN
from tests.browser.pages import RESULTS, Visit
from tests.browser.servers import PATIENCE_S, Lab, jupyter_lab
from tests.browser.test_axe import serious

DAY_MS = 86_400_000
DIED = {
    "slug": "dead", "message": "Its worker stopped in the middle of it at the stage 'read', in attempt 3 of 3.",
    "cure": "Check that the file plays or opens elsewhere, then start it again with `knowhub job retry`.",
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A JupyterLab on an empty folder; tests put jobs there that no worker touches."""
    folder = tmp_path_factory.mktemp("jobs")
    (folder / "root").mkdir()
    with jupyter_lab(folder, folder / "root", folder / "data", embedder="hashing") as running:
        yield running


def stage_jobs(data: Path, course: str, folder: Path) -> None:
    """Give a course one job of each kind: two are held or rest until tomorrow, the others are over."""
    hub = build(load(PLAIN | {"data": str(data)}))
    me = hub.people.local()
    hub.courses.create(me, course)
    names = ("running.wav", "waiting.md", "poison.wav", "broken.md", "ready.md")
    for name in names:
        (folder / name).write_text(f"{course} {name}")
    added = hub.ingest.add(me, course, [folder / name for name in names])
    held = {Path(row["path"]).name: row["asset"] for entry in added.lessons for row in entry["assets"]}
    with hub.store.write() as tx:
        jobs = {name: tx.jobs.of_asset(asset)[0] for name, asset in held.items()}
        _put(tx, jobs["running.wav"], state="running", lease_until=tx.now + DAY_MS, lease_owner="elsewhere", fence=1,
             stage="read", progress=0.43, eta_s=700.0, eta_at=tx.now, attempts=1)
        _put(tx, jobs["waiting.md"], not_before=tx.now + DAY_MS)
        _put(tx, jobs["poison.wav"], state="dead", attempts=3, error=DIED, dedupe=None, stage=Stage.READ.value)
        _put(tx, jobs["broken.md"], state=JobState.FAILED.value, attempts=1, error=DIED, dedupe=None)
        _put(tx, jobs["ready.md"], state="done", progress=1.0, dedupe=None)
    hub.close()


def _put(tx: Tx, job: Job, **values: object) -> None:
    tx.session.run(update(JOB).where(JOB.c.id == job.id).values(**values))


def element(visit: Callable[..., Visit], lab: Lab, course: str, scheme: str) -> tuple[Visit, Locator]:
    """Open the page of courses and put the element on it."""
    me = visit(strict=True, color_scheme=scheme)
    me.page.goto(lab.url("/knowhub/"))
    expect(me.page.locator("kh-course")).to_be_visible()
    me.page.evaluate(
        """course => {
          const one = document.createElement('kh-jobs');
          one.course = course;
          document.querySelector('kh-course').replaceWith(one);
        }""", course,
    )
    return me, me.page.locator("kh-jobs")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_jobs_say_what_they_do_and_are_handled_by_keyboard(
    visit: Callable[..., Visit], lab: Lab, tmp_path: Path, scheme: str
) -> None:
    stage_jobs(lab.data, f"course-{scheme}", tmp_path)
    me, jobs = element(visit, lab, f"course-{scheme}", scheme)
    expect(jobs).to_have_attribute("theme", scheme)
    row = jobs.get_by_role("listitem")
    expect(row.filter(has_text="running.wav")).to_contain_text("Recognising speech… 43\u202f% · about 12 min left")
    expect(row.filter(has_text="waiting.md")).to_contain_text("Waiting for its turn")
    dead = row.filter(has_text="poison.wav")
    expect(dead).to_contain_text("Given up after 3 attempts")
    expect(dead).to_contain_text("at the stage 'read'")
    expect(dead.locator("code")).to_have_text("knowhub job retry")
    assert serious(me, "kh-jobs") == []
    RESULTS.mkdir(exist_ok=True)
    jobs.screenshot(path=RESULTS / f"kh-jobs-{scheme}.png")

    me.tab_to("Cancel waiting.md")
    me.page.keyboard.press("Enter")
    expect(row.filter(has_text="waiting.md")).to_contain_text("Cancelled")
    expect(jobs.get_by_role("status")).to_have_text("waiting.md was cancelled.")
    assert "waiting.md" in me.focused(), "the focus stays in the row whose button went"
    me.tab_to("Clear finished", back=True)
    me.page.keyboard.press("Enter")
    expect(row).to_have_count(3)
    me.tab_to("Clear failed", back=True)
    me.page.keyboard.press("Enter")
    expect(row).to_have_count(1)
    shown = lab.get(f"/jobs?course=course-{scheme}&all=1")["items"]
    assert len(shown) == 5, "cleared, not deleted"


def test_one_is_tried_again_by_keyboard_and_ends_well_and_its_neighbours_stay_as_they_are(
    visit: Callable[..., Visit], lab: Lab, tmp_path: Path
) -> None:
    """The file is fine and its job failed: what is tried again is worked on by a real worker, and the row says so."""
    stage_jobs(lab.data, "again", tmp_path)
    me, jobs = element(visit, lab, "again", "light")
    row = jobs.get_by_role("listitem")
    broken, ready = row.filter(has_text="broken.md"), row.filter(has_text="ready.md")
    expect(broken).to_contain_text("at the stage 'read'")
    expect(ready.get_by_role("button")).to_have_count(0)
    me.tab_to("Try broken.md again")
    me.page.keyboard.press("Enter")
    expect(broken.get_by_role("img", name="Done")).to_be_visible(timeout=1000 * PATIENCE_S)
    expect(broken.get_by_role("button")).to_have_count(0)
    expect(broken).not_to_contain_text("at the stage 'read'")
    expect(row.filter(has_text="poison.wav")).to_contain_text("Given up after 3 attempts")
    expect(jobs.get_by_role("button", name="Try poison.wav again")).to_be_visible()
    states = {job["title"]: job["state"] for job in lab.get("/jobs?course=again")["items"]}
    assert states == {
        "running.wav": "running", "waiting.md": "queued", "poison.wav": "dead", "broken.md": "done", "ready.md": "done",
    }


def test_without_jobs_a_sentence_says_so(visit: Callable[..., Visit], lab: Lab) -> None:
    with lab.client() as client:
        client.post("/courses", json={"slug": "calm", "title": "Calm"}).raise_for_status()
    _, jobs = element(visit, lab, "calm", "light")
    expect(jobs).to_contain_text("Nothing is being worked on.")
