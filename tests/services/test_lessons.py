"""What a lesson's page is told: to a visitor no job and no folder; and cues are loaded only where they are needed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from knowhub_ext.errors import Forbidden, NotFound
from knowhub_ext.store.transcripts import Transcripts
from knowhub_ext.testing.fixtures import video
from knowhub_ext.testing.hubs import VTT, run_jobs

LINK = {"media": "talk.mp4", "start": 5.5, "end": 9.0, "quote": "If the worker dies then"}


@pytest.fixture
def loads(monkeypatch):
    """The asset ids whose cues were loaded."""
    seen = []
    current = Transcripts.current

    def counted(self, asset_id, **options):
        seen.append(asset_id)
        return current(self, asset_id, **options)

    monkeypatch.setattr(Transcripts, "current", counted)
    return seen


def lesson_in(hub, me, folder, *, linked: bool, questions: tuple[str, ...]):
    folder.mkdir()
    video(folder / "talk.mp4", seconds=30)
    (folder / "talk.vtt").write_text(VTT)
    cell = {"cell_type": "markdown", "id": "one", "metadata": {"knowhub": {"segments": [LINK]}}, "source": ["# X"]}
    if linked:
        (folder / "talk.ipynb").write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4,
                                                       "nbformat_minor": 5}))
    hub.courses.create(me, "c")
    hub.ingest.add(me, "c", [folder], lesson="talk")
    run_jobs(hub)
    lesson = hub.lessons.find(me, "c/talk")
    with hub.store.write() as tx:
        tx.lessons.update(replace(lesson, questions=questions))


@pytest.mark.parametrize(("linked", "questions", "times"), [
    (False, ("What is lost?",), 0), (True, ("What is lost?",), 1), (False, (), 1), (True, (), 1),
])
def test_cues_are_loaded_once_and_only_for_links_or_questions(hub, me, tmp_path, loads, linked, questions, times):
    lesson_in(hub, me, tmp_path / "files", linked=linked, questions=questions)
    loads.clear()
    detail = hub.lessons.detail(me, "c/talk", lambda path: None)
    assert len(loads) == times
    assert detail["transcript"]["segments"] == 5
    assert len(detail["links"]) == linked
    assert all(link["segment"] for link in detail["links"])


def test_a_visitor_sees_no_job_and_no_folder(hub, me, tmp_path):
    lesson_in(hub, me, tmp_path / "files", linked=True, questions=())
    (tmp_path / "files" / "more.md").write_text("# More\n")
    hub.ingest.add(me, "c", [tmp_path / "files" / "more.md"], lesson="talk")
    mine = hub.lessons.detail(me, "c/talk", lambda path: path.name)
    assert mine["job"]["state"] == "queued"
    assert all(asset["contents_path"] for asset in mine["assets"])
    assert all(link["contents_path"] for link in mine["links"])
    visitor = hub.people.visitor("c")
    theirs = hub.lessons.detail(visitor, "c/talk", lambda path: path.name)
    assert theirs["job"] is None
    assert len(theirs["assets"]) == len(mine["assets"])
    assert {asset["contents_path"] for asset in [*theirs["assets"], *theirs["links"]]} == {None}
    assert all(asset["path"] == asset["key"] == asset["name"] for asset in theirs["assets"])
    assert str(tmp_path) in json.dumps(mine)
    assert str(tmp_path) not in json.dumps(theirs)


def test_a_visitor_may_not_see_jobs(hub, me, course):
    hub.courses.create(me, "other")
    visitor = hub.people.visitor("demo")
    [job, *_], _ = hub.jobs.page(me)
    for look in (lambda: hub.jobs.page(visitor), lambda: hub.jobs.page(visitor, course="demo"),
                 lambda: hub.jobs.get(visitor, job["job"])):
        with pytest.raises(Forbidden):
            look()
    with pytest.raises(NotFound):
        hub.jobs.page(visitor, course="other")
