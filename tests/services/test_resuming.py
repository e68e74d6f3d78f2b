"""A recognition that was interrupted goes on with what it began with, or starts over where it has to."""

from __future__ import annotations

import threading

import pytest

from knowhub_ext.domain.jobs import Lane
from knowhub_ext.testing.fixtures import notebook, tone
from knowhub_ext.testing.hubs import plain_hub, run_jobs
from tests.services.scripted import BIG, SMALL, correct, texts


@pytest.fixture
def hub(tmp_path, ears):
    with plain_hub(tmp_path / "data", transcriber="scripted") as made:
        yield made


def test_a_first_recognition_that_starts_over_keeps_what_was_corrected_meanwhile(hub, me, tmp_path, ears):
    hub.courses.create(me, "c")
    ears.breaks_after = 5
    lesson = hub.ingest.add(me, "c", [tone(tmp_path / "talk.wav", seconds=20)]).lessons[0]["lesson"]
    hub.working.rest = lambda attempts, job_id: 0
    hub.working.run_one(threading.Event())
    correct(hub, me, lesson, 1, "A person wrote this.")
    hub.recognising.change(me, "c", {"hot_words": ["Celery"]})  # other hot words: it starts from the beginning
    ears.breaks_after = None
    run_jobs(hub)
    assert texts(hub, me, lesson) == [SMALL[0], "A person wrote this.", *SMALL[2:]]
    assert hub.lessons.transcript(me, lesson)[2].provenance.hot_words == ("Celery",)


def interrupted(hub, me, tmp_path, ears):
    """Add a lecture whose recognition breaks after five sentences; return its lesson."""
    hub.courses.create(me, "c")
    hub.recognising.change(me, "c", {"hot_words": ["Redis"]})
    ears.breaks_after = 5
    lesson = hub.ingest.add(me, "c", [tone(tmp_path / "talk.wav", seconds=20)]).lessons[0]["lesson"]
    hub.working.rest = lambda attempts, job_id: 0
    hub.working.run_one(threading.Event())
    ears.breaks_after = None
    ears.requests.clear()
    return lesson


def test_words_found_meanwhile_do_not_throw_away_what_was_heard(hub, me, tmp_path, ears):
    lesson = interrupted(hub, me, tmp_path, ears)
    hub.ingest.add(me, "c", [notebook(tmp_path / "tasks.ipynb")])
    hub.working.run_one(threading.Event(), lanes=(Lane.LIGHT,))
    assert "celery" in [row["word"] for row in hub.recognising.settings(me, "c")["hot_words"]], "control: it is read"
    run_jobs(hub)
    assert [(asked.start_ms, asked.hot_words) for asked in ears.requests] == [(10_000, ("Redis",))]
    transcript = hub.lessons.transcript(me, lesson)[2]
    assert ([s.text for s in transcript.segments], transcript.provenance.hot_words) == (SMALL, ("Redis",))


def test_what_auto_means_by_now_does_not_throw_away_what_was_heard(hub, me, tmp_path, ears):
    lesson = interrupted(hub, me, tmp_path, ears)
    ears.auto = "big"
    run_jobs(hub)
    assert [(asked.start_ms, asked.model) for asked in ears.requests] == [(10_000, "small")]
    assert texts(hub, me, lesson) == SMALL


@pytest.mark.parametrize("change", [
    {"hot_words": ["Celery"]}, {"hot_words": []}, {"model": "big"}, {"task": "translate"}, {"language": "de"},
])
def test_what_an_educator_changed_meanwhile_counts_from_the_beginning(hub, me, tmp_path, ears, change):
    lesson = interrupted(hub, me, tmp_path, ears)
    hub.recognising.change(me, "c", change)
    run_jobs(hub)
    assert ears.requests[-1].start_ms == 0
    assert texts(hub, me, lesson) == (BIG if "model" in change else SMALL)


def test_a_model_that_is_gone_is_no_reason_to_fail(hub, me, tmp_path, ears):
    lesson = interrupted(hub, me, tmp_path, ears)
    ears.auto, ears.gone = "big", {"small"}
    run_jobs(hub)
    assert [(asked.start_ms, asked.model) for asked in ears.requests] == [(10_000, "small"), (10_000, "auto"),
                                                                          (0, "auto")]
    assert texts(hub, me, lesson) == BIG
