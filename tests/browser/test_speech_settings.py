"""An educator edits the words and the model of a course, and has a stretch of a lecture recognised again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Visit
from tests.browser.standing import stand
from tests.browser.test_axe import serious
from tests.standins.hub import LESSON, SESSION
from tests.standins.speech import SpeechStandIn


@pytest.fixture
def hub() -> SpeechStandIn:
    return SpeechStandIn()


def words(visit: Visit) -> list[str]:
    return visit.page.locator("kh-speech section .word b").all_inner_texts()


def test_words_are_added_moved_left_out_and_taken_back(visit: Callable[..., Visit], hub: SpeechStandIn) -> None:
    me = visit()
    stand(me, hub, "kh-speech", course="fullstack")
    page = me.page
    expect(page.get_by_text("notebook · celery.ipynb").first).to_be_visible()
    page.get_by_role("textbox", name="Words to add").fill("GIN, broker")
    page.get_by_role("textbox", name="Words to add").press("Enter")
    expect(page.get_by_role("button", name="Remove broker")).to_be_visible()
    page.get_by_role("button", name="Put among yours GiST").click()
    page.get_by_role("button", name="Do not use acks_late").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert words(me)[:6] == ["Celery", "B-tree", "PostgreSQL", "GIN", "broker", "GiST"]
    expect(page.get_by_role("list", name="Words beyond").get_by_role("listitem")).to_have_count(2)
    expect(page.get_by_text("Not used (1)")).to_be_visible()
    page.get_by_text("Not used (1)").click()
    page.get_by_role("button", name="Use acks_late again").click()
    expect(page.get_by_text("Not used")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("button", name="Remove broker")).to_be_visible()
    assert hub.settings["hot_words"] == ["Celery", "B-tree", "PostgreSQL", "GIN", "broker", "GiST"]
    assert hub.settings["hidden"] == []


def test_by_keyboard_a_word_moves_up_and_the_focus_goes_with_it(
    visit: Callable[..., Visit], hub: SpeechStandIn
) -> None:
    me = visit()
    stand(me, hub, "kh-speech", course="fullstack")
    expect(me.page.get_by_role("button", name="Move up PostgreSQL")).to_be_visible()
    me.tab_to("Move up PostgreSQL")
    me.page.keyboard.press("Enter")
    me.page.wait_for_function("() => true")
    assert me.focused() == "button Move up PostgreSQL"
    expect(me.page.locator("kh-speech [aria-label='Words in use'] b").nth(1)).to_have_text("PostgreSQL")
    me.page.keyboard.press("Enter")
    expect(me.page.locator("kh-speech [aria-label='Words in use'] b").first).to_have_text("PostgreSQL")


def test_a_model_of_many_languages_offers_them(visit: Callable[..., Visit], hub: SpeechStandIn) -> None:
    me = visit()
    stand(me, hub, "kh-speech", course="fullstack")
    language = me.page.get_by_role("combobox", name="Spoken language")
    expect(language).to_be_disabled()
    me.page.get_by_role("combobox", name="Model").select_option("base")
    language.select_option("de")
    me.page.get_by_role("radio", name="it in English").check()
    expect(me.page.get_by_text("Saved.")).to_be_visible()
    assert {name: hub.settings[name] for name in ("model", "language", "task")} == {
        "model": "base", "language": "de", "task": "translate",
    }
    expect(me.page.get_by_role("option", name="small")).to_be_disabled()


def test_a_stretch_of_a_lecture_is_heard_again(visit: Callable[..., Visit], hub: SpeechStandIn) -> None:
    me = visit()
    stand(me, hub, "kh-transcript", lesson=LESSON, author="")
    page = me.page
    page.get_by_role("button", name="Recognise again…").click()
    dialog = page.get_by_role("dialog", name="Recognise again")
    page.get_by_role("combobox", name="Model").select_option("base")
    page.get_by_role("radio", name="only from").check()
    page.get_by_role("textbox", name="From").fill("1:30")
    page.get_by_role("textbox", name="To").fill("soon")
    page.get_by_role("button", name="Recognise", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("“soon” is no time.")
    page.get_by_role("textbox", name="To").fill("2:00")
    page.get_by_role("button", name="Recognise", exact=True).click()
    expect(dialog).to_have_count(0)
    assert hub.heard == [{"model": "base", "start": 90, "end": 120}]


def test_who_only_reads_is_offered_none_of_it(visit: Callable[..., Visit], hub: SpeechStandIn) -> None:
    hub.replies["session"] = {**SESSION, "roles": ["learner"]}
    me = visit()
    stand(me, hub, "kh-transcript", lesson=LESSON, author="")
    expect(me.lines.first).to_be_visible()
    expect(me.page.get_by_role("button", name="Recognise again…")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit: Callable[..., Visit], hub: SpeechStandIn, scheme: str) -> None:
    me = visit(color_scheme=scheme)
    hub.settings["hidden"] = ["acks_late"]
    stand(me, hub, "kh-speech", course="fullstack")
    me.page.get_by_text("Not used (1)").click()
    assert serious(me, "main") == []
    stand(me, hub, "kh-transcript", lesson=LESSON, author="")
    me.page.get_by_role("button", name="Recognise again…").click()
    expect(me.page.get_by_role("combobox", name="Model")).to_be_visible()
    assert serious(me, "html") == []
