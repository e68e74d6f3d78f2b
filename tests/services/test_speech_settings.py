"""How a course says its lectures are heard, and what of it is refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from knowhub_ext.domain.speech import Wish
from knowhub_ext.errors import InvalidCourseFile, InvalidSetting
from knowhub_ext.testing.fixtures import tone
from knowhub_ext.testing.hubs import plain_hub, run_jobs


@pytest.fixture
def hub(tmp_path, ears):
    with plain_hub(tmp_path / "data", transcriber="scripted") as made:
        yield made


def test_a_course_says_with_which_model_and_language_its_lectures_are_heard(hub, me, lesson, ears):
    hub.recognising.change(me, "c", {"model": "big", "language": "de", "task": "translate"})
    hub.recognising.again(me, lesson, Wish())
    run_jobs(hub)
    asked = ears.requests[-1]
    assert (asked.model, asked.language, asked.task) == ("big", "de", "translate")


def test_a_lecture_in_another_language_than_its_courses_is_heard_as_what_it_is(hub, me, lesson, ears):
    hub.recognising.change(me, "c", {"model": "big", "language": " DE "})
    assert hub.recognising.settings(me, "c")["language"] == "de"
    for asked, language in ((None, "de"), ("auto", None), ("fr", "fr")):
        hub.recognising.again(me, lesson, Wish(language=asked))
        run_jobs(hub)
        assert ears.requests[-1].language == language
    assert hub.recognising.change(me, "c", {"language": "auto"})["language"] is None


@pytest.mark.parametrize("language", ["klingon", "en-US", "xx"])
def test_a_language_that_is_none_is_refused_wherever_it_is_given(hub, me, lesson, tmp_path, language):
    (tmp_path / "course.yml").write_text(f"slug: d\ntitle: D\nspeech: {{language: {language}}}\n")
    with pytest.raises(InvalidSetting, match="no language"):
        hub.recognising.change(me, "c", {"language": language})
    with pytest.raises(InvalidSetting, match="no language"):
        hub.recognising.again(me, lesson, Wish(language=language))
    with pytest.raises(InvalidCourseFile, match="no language") as refused:
        hub.ingest.import_folder(me, tmp_path)
    assert "such as en" in refused.value.cure
    assert hub.recognising.settings(me, "c")["language"] is None


def test_a_course_file_may_leave_the_language_to_be_heard(hub, me, tmp_path):
    for said, language in (("de", "de"), ("auto", None)):
        (tmp_path / "course.yml").write_text(f"slug: d\ntitle: D\nspeech: {{language: {said}}}\n")
        hub.ingest.import_folder(me, tmp_path)
        assert hub.courses.get(me, "d").speech.language == language


def test_words_are_shown_as_given_that_the_engine_is_given_and_no_others(hub, me, ears, tmp_path):
    """A lecture without files of its own: what its transcript says it was recognised with is what was shown."""
    (tmp_path / "words.md").write_text("".join(f"# mined_{n}\n\nSaid.\n\n" for n in range(60)))
    hub.courses.create(me, "c")
    hub.ingest.add(me, "c", [tmp_path / "words.md"])
    run_jobs(hub)
    hub.recognising.change(me, "c", {"hot_words": ["Own"], "hidden": ["mined_0"]})
    hub.ingest.add(me, "c", [tone(tmp_path / "talk.wav", seconds=3)])
    run_jobs(hub)
    told = hub.recognising.settings(me, "c")
    given = [row["word"] for row in told["hot_words"] if row["given"]]
    assert given == list(ears.requests[-1].hot_words) == ["Own", *(f"mined_{n}" for n in range(1, told["fill"]))]
    assert sum(not row["given"] for row in told["hot_words"]) == 36, "control: there were more"


@pytest.mark.parametrize("wrong", [
    {"model": "absent"}, {"model": "unknown"}, {"model": "small", "task": "translate"},
    {"model": "small", "language": "de"},
])
def test_a_model_that_cannot_do_it_is_refused_with_what_can(hub, me, lesson, wrong):
    with pytest.raises(InvalidSetting) as refused:
        hub.recognising.change(me, "c", wrong)
    assert "auto" in refused.value.cure
    assert hub.recognising.settings(me, "c")["model"] == "auto", "nothing was changed"


def test_nobody_waits_for_the_database_while_models_are_looked_at(hub, me, lesson, ears, monkeypatch, tmp_path):
    real = ears.models

    def slow():
        with closing(sqlite3.connect(tmp_path / "data" / "knowhub.sqlite3", timeout=0.1)) as other:
            other.execute("BEGIN IMMEDIATE")  # as a heartbeat does; it raises where somebody holds the lock
            other.rollback()
        return real()

    monkeypatch.setattr(ears, "models", slow)
    hub.recognising.change(me, "c", {"model": "big"})
    hub.recognising.again(me, lesson, Wish(model="big"))


def test_hot_words_come_with_their_files_and_an_educator_may_hide_and_add(hub, me, tmp_path):
    hub.courses.create(me, "c")
    (tmp_path / "notes.md").write_text("# Kombu and PostgreSQL\n\nProse.\n")
    hub.ingest.add(me, "c", [tmp_path / "notes.md"])
    run_jobs(hub)
    rows = hub.recognising.change(me, "c", {"hot_words": [" Celery ", "celery", ""], "hidden": ["kombu"]})["hot_words"]
    assert [(row["word"], row["source"], row["from"], row["kept"]) for row in rows] == [
        ("Celery", "course", None, True), ("PostgreSQL", "document", "notes.md", True),
        ("Kombu", "document", "notes.md", False),
    ]


def test_an_import_keeps_what_was_added_and_hidden_in_the_hub(hub, me, tmp_path):
    def folder(words):
        lines = ("slug: c", "title: C", f"hot_words: [{', '.join(words)}]", "speech: {language: en}")
        (tmp_path / "course.yml").write_text("\n".join(lines))
        hub.ingest.import_folder(me, tmp_path)
        return hub.courses.get(me, "c")

    assert folder(["Celery", "Redis"]).speech.language == "en"
    hub.recognising.change(me, "c", {"hot_words": ["Kombu", "Celery"], "hidden": ["Flask"]})
    course = folder(["Celery", "GIN"])
    assert course.hot_words == ("Celery", "GIN", "Kombu")
    assert (course.speech.added, course.speech.hidden) == (("Kombu",), ("Flask",))
