"""The widget classes: what is synced, what a page may ask of the kernel, and what is never there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ipywidgets
import pytest
import traitlets

from knowhub_ext import bundles, widgets
from knowhub_ext.domain.ids import new_id
from knowhub_ext.widgets import Ask, Course, Lesson, Progress, Transcript, VideoPlayer
from knowhub_ext.widgets.hosted import Hosted

EVERY: list[Hosted] = [
    Lesson("fullstack/celery"), VideoPlayer("fullstack/celery"), Transcript("fullstack/celery"), Ask("fullstack"),
    Progress("fullstack"), Course("fullstack"),
]
NAMES = [type(widget).__name__ for widget in EVERY]


def test_every_class_that_is_offered_is_tested_here() -> None:
    assert sorted(NAMES) == sorted(widgets.__all__)


@pytest.mark.parametrize("widget", EVERY, ids=NAMES)
def test_a_host_without_widgets_gets_text_and_a_link(widget: Hosted) -> None:
    bundle, _ = widget._repr_mimebundle_()
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == widget.model_id
    assert "/knowhub/" in bundle["text/plain"]
    assert f'href="{widget.page()}"' in bundle["text/html"]


def test_nothing_secret_is_synced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOWHUB_API_URL", "http://127.0.0.1:8888/knowhub/api")
    monkeypatch.setenv("KNOWHUB_API_TOKEN", "t0p-s3cret-value")
    for widget in (Lesson("fullstack/celery", t=3), Ask("fullstack", question="Why?")):
        assert "t0p-s3cret-value" not in str(widget.get_state()) + repr(widget)


def test_a_lesson_named_by_slugs_names_its_course() -> None:
    player = VideoPlayer("fullstack/celery", t="1:41")
    assert (player.kind, player.lesson, player.course, player.time) == ("player", "fullstack/celery", "fullstack", 101)
    assert player.page() == "/knowhub/lesson/fullstack/celery?t=101"


def test_an_id_is_a_lesson_and_a_slug_a_course() -> None:
    lesson = new_id()
    assert (Progress(lesson).lesson, Progress(lesson).course) == (lesson, "")
    assert (Ask("fullstack").lesson, Ask("fullstack").course) == ("", "fullstack")
    assert (Ask("fullstack/celery").lesson, Ask("fullstack/celery").course) == ("fullstack/celery", "fullstack")


def test_what_is_no_time_is_refused() -> None:
    with pytest.raises(ValueError, match="'soon' is not a time"):
        Lesson("fullstack/celery", t="soon")


def test_a_transcript_follows_a_linked_player() -> None:
    player, transcript = VideoPlayer("fullstack/celery"), Transcript("fullstack/celery")
    link = ipywidgets.jslink((player, "time"), (transcript, "time"))
    assert [target[0] for target in (link.source, link.target)] == [player, transcript]
    with pytest.raises((TypeError, traitlets.TraitError)):
        ipywidgets.jslink((player, "no_such_trait"), (transcript, "time"))


def test_widgets_stand_in_a_box() -> None:
    box = ipywidgets.VBox([VideoPlayer("fullstack/celery"), Transcript("fullstack/celery")])
    assert [child.kind for child in box.children] == ["player", "transcript"]


def test_seek_play_and_pause_set_what_the_page_follows() -> None:
    player = VideoPlayer("fullstack/celery")
    player.seek("0:12")
    player.play()
    assert (player.time, player.playing) == (12, True)
    player.pause()
    assert not player.playing


def test_the_same_question_is_asked_again() -> None:
    widget, asked = Ask("fullstack"), list[str]()
    widget.observe(lambda change: asked.append(change["new"]), "question")
    widget.ask("Why?")
    widget.answer = {"answer": "Because."}
    widget.ask("Why?")
    assert asked == ["Why?", "", "Why?"]
    assert widget.answer == {}


def test_a_page_that_cannot_fetch_the_elements_gets_them_from_the_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "manifest.json").write_text('{"bundle": "knowhub.1.js"}')
    (tmp_path / "knowhub.1.js").write_text("export {};")
    monkeypatch.setattr(bundles, "STATIC", tmp_path)
    sent: list[Any] = []
    widget = Lesson("fullstack/celery")
    monkeypatch.setattr(widget, "send", sent.append)
    assert widget.bundle == "knowhub.1.js"
    widget._handle_custom_msg({"need": "bundle"}, [])
    widget._handle_custom_msg({"need": "the moon"}, [])
    widget._handle_custom_msg("bundle", [])
    assert sent == [{"bundle": "export {};"}]


def test_a_tree_that_was_not_built_still_shows_the_fallback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "STATIC", tmp_path)
    assert bundles.name("bundle") == ""
    assert bundles.loader() == bundles.PLAIN_LOADER
    assert "model.get('fallback')" in bundles.PLAIN_LOADER


def test_a_manifest_that_names_a_file_which_is_gone_counts_as_not_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "manifest.json").write_text('{"widget": "widget.1.js"}')
    monkeypatch.setattr(bundles, "STATIC", tmp_path)
    assert bundles.file("widget") is None
    (tmp_path / "widget.1.js").write_text("export default {};")
    assert bundles.text("widget") == "export default {};"
