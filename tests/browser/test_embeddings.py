"""A teacher sees what search by meaning rests on, brings it up to date, stops that, and deletes what nobody uses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.labs import command
from tests.browser.pages import Visit
from tests.browser.servers import Lab
from tests.browser.standing import stand
from tests.browser.test_axe import serious
from tests.standins.embeddings import MODEL, OTHER, EmbeddingsStandIn


@pytest.fixture
def hub() -> EmbeddingsStandIn:
    return EmbeddingsStandIn()


def opened(visit: Callable[..., Visit], hub: EmbeddingsStandIn, **how: str) -> Visit:
    me = visit(**how)
    stand(me, hub, "kh-embeddings")
    expect(me.page.get_by_text("All 1,240 passages can be found by meaning.")).to_be_visible()
    return me


def test_what_is_out_of_date_is_said_rebuilt_and_stopped(
    visit: Callable[..., Visit], hub: EmbeddingsStandIn
) -> None:
    page = opened(visit, hub).page
    expect(page.get_by_text("600 passages were cut by older rules")).to_be_visible()
    expect(page.get_by_text("Only words are searched: the model lost-model is not on this machine.")).to_be_visible()
    page.get_by_role("button", name="Rebuild 2 courses").click()
    expect(page.get_by_role("progressbar", name="Networks")).to_have_attribute("aria-valuenow", "50")
    expect(page.get_by_text("Being prepared: 50\u202f% · about 1 min left. Search goes on.")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Started.")).to_be_visible()
    page.get_by_role("button", name="Cancel Databases, recorded last year").click()
    expect(page.get_by_role("status").filter(has_text="What was prepared stays.")).to_be_visible()
    expect(page.get_by_role("button", name="Rebuild: Databases, recorded last year")).to_be_visible()
    assert hub.told == [
        ("rebuild", {"courses": ["old", "lost"], "model": MODEL}), ("cancel", {"courses": ["old"]})
    ]


def test_another_model_is_chosen_for_one_course(visit: Callable[..., Visit], hub: EmbeddingsStandIn) -> None:
    page = opened(visit, hub).page
    page.get_by_role("combobox", name="Sentence model").select_option(OTHER)
    page.get_by_role("button", name=f"Change to {OTHER}: Full Stack Mastery Roadmap").click()
    expect(page.get_by_role("progressbar", name="Full Stack Mastery Roadmap")).to_be_visible()
    assert hub.told == [("rebuild", {"courses": ["fullstack"], "model": OTHER})]


def test_by_keyboard_a_set_is_deleted_after_asking(visit: Callable[..., Visit], hub: EmbeddingsStandIn) -> None:
    me = opened(visit, hub)
    page = me.page
    expect(page.get_by_role("button", name=f"Delete {MODEL}…")).to_have_count(0)
    me.tab_to("Delete former-model…")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Keep")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Keep")).to_have_count(0)
    assert hub.told == []
    me.tab_to("Delete former-model…")
    page.keyboard.press("Enter")
    me.tab_to("Delete former-model")
    hub.refused = {"type": "about:blank", "title": "Conflict", "status": 409, "request_id": "r",
                   "detail": "The vectors of former-model are in use by demo.", "cure": "Rebuild that course first."}
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Rebuild that course first.")
    hub.refused = None
    me.problems.clear()  # the browser reports the 409
    me.tab_to("Delete former-model")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="former-model is deleted: 1.8 MB.")).to_be_visible()
    expect(page.get_by_role("list", name="Stored vectors").get_by_role("listitem")).to_have_count(1)


def test_where_there_is_nothing_it_says_so(visit: Callable[..., Visit], hub: EmbeddingsStandIn) -> None:
    hub.courses, hub.models = [], []
    me = visit()
    stand(me, hub, "kh-embeddings")
    expect(me.page.get_by_text("There are no courses yet.")).to_be_visible()
    expect(me.page.get_by_text("Nothing is stored yet.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit: Callable[..., Visit], hub: EmbeddingsStandIn, scheme: str) -> None:
    me = opened(visit, hub, color_scheme=scheme)
    me.page.get_by_role("button", name="Rebuild: Databases, recorded last year").click()
    expect(me.page.get_by_role("progressbar")).to_be_visible()
    me.page.get_by_role("button", name="Delete former-model…").click()
    assert serious(me, "main") == []


def test_in_lab_a_course_changes_to_another_model_while_search_goes_on(visit: Callable[..., Visit], lab: Lab) -> None:
    """By the command of the palette, over a real hub and its worker."""
    me = visit()
    me.page.goto(lab.url("/lab/workspaces/vectors", reset=""))
    me.page.wait_for_function("() => window.jupyterapp?.restored.then(() => true)")
    command(me, "knowhub:search-vectors")
    dialog = me.page.get_by_role("dialog", name="Search by meaning")
    expect(dialog).to_be_visible()
    row = me.page.locator("kh-embeddings [data-row=fullstack]")
    expect(row).to_contain_text("can be found by meaning")
    assert serious(me, "kh-dialog") == []
    former = lab.get("/embeddings")["courses"][0]["model"]
    me.page.get_by_role("combobox", name="Sentence model").select_option("hashing-256")
    row.get_by_role("button").click()
    found = lab.get("/courses/fullstack/search?q=GIN%20index")["hits"]
    expect(row).to_contain_text("can be found by meaning, with hashing-256", timeout=120_000)
    assert found, "search went on"
    assert lab.get("/courses/fullstack/search?q=GIN%20index")["hits"]
    me.page.get_by_role("button", name=f"Delete {former}…").click()
    me.page.get_by_role("button", name=f"Delete {former}", exact=True).click()
    expect(me.page.locator(f"kh-embeddings [data-row='model {former}']")).to_have_count(0)
    assert [one["model"] for one in lab.get("/embeddings")["models"]] == ["hashing-256"]
    me.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
