"""The LangChain retriever over a stand-in of the hub."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from knowhub_ext.client import KnowHub
from knowhub_ext.retriever import KnowHubRetriever
from tests.standins.hub import HIT, TOKEN, VIDEO, HubStandIn


def retriever(standin: HubStandIn, **options: object) -> KnowHubRetriever:
    hub = KnowHub("http://hub.test", TOKEN, transport=standin.transport)
    return KnowHubRetriever(course="fullstack", hub=hub, **options)  # type: ignore[arg-type]


def test_a_document_says_where_it_stands() -> None:
    (document,) = retriever(HubStandIn()).invoke("who redelivers?")
    assert document.page_content == HIT["text"]
    assert document.metadata == {key: HIT[key] for key in ("lesson", "asset", "title", "locator")}
    assert document.id == f"{VIDEO}#time,101.2,106.0"


def test_k_and_lesson_reach_the_hub() -> None:
    standin = HubStandIn()
    retriever(standin, k=3, lesson="l1").invoke("who?")
    assert dict(standin.seen[-1].url.params) == {"q": "who?", "limit": "3", "lesson": "l1"}


def test_a_k_that_the_hub_refuses_is_refused_here() -> None:
    with pytest.raises(ValidationError):
        retriever(HubStandIn(), k=0)


def test_the_token_is_in_no_repr_and_no_dump() -> None:
    made = retriever(HubStandIn())
    assert TOKEN not in repr(made) + str(made.model_dump())


def test_it_stands_in_a_chain() -> None:
    chain = retriever(HubStandIn()) | (lambda found: [document.metadata["title"] for document in found])
    assert chain.invoke("who?") == [HIT["title"]]
