"""A slow or dead chat model hurts nobody but who asked it: places come back, one person does not take them all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from knowhub_ext.backends.chat_models.langchain import LangChainModel
from knowhub_ext.services.asking import Asking
from knowhub_ext.testing.ollama import OllamaStandIn
from tests.server.harness import Jupyter, until
from tests.server.test_ask import QUESTION, events


@contextmanager
def answering(server: Jupyter, behaviour: str, **options: float) -> Iterator[OllamaStandIn]:
    """Let a stand-in of Ollama write the server's answers."""
    hub, original = server.on_loop(server.extension.wing.hub), Asking.steps
    with OllamaStandIn(behaviour) as ollama, pytest.MonkeyPatch.context() as patch:
        other = Asking(hub.searching, LangChainModel(model="ollama:x", base_url=ollama.url, **options), hint="")
        patch.setattr(Asking, "steps", lambda _, *args, **more: original(other, *args, **more))
        yield ollama
        ollama.released.set()
        until(lambda: server.extension.wing.pools.streams._taken == 0)


@pytest.mark.parametrize("behaviour", ["dribble", "hang"])
def test_who_leaves_frees_the_place_whatever_the_model_does(
    server: Jupyter, api: httpx.Client, figure: Callable[[str], None], behaviour: str
) -> None:
    streams = server.extension.wing.pools.streams
    with answering(server, behaviour) as ollama:
        with api.stream("POST", "/courses/alpha/ask", json=QUESTION) as response:
            lines = response.iter_lines()
            assert next(lines) == "event: passages"
            until(lambda: ollama.asked)
            if behaviour == "dribble":
                while next(lines) != "event: token":
                    pass
            assert streams._taken == 1
            left = time.monotonic()
        until(lambda: streams._taken == 0)
        figure(f"place free after a reader left, model that does {behaviour}: {time.monotonic() - left:.2f} s")
        assert streams._owned == {}
        if behaviour == "dribble":
            assert ollama.left.wait(20), "the model's own stream is closed"


def test_one_person_is_told_to_wait_for_their_own_questions(server: Jupyter, api: httpx.Client) -> None:
    with answering(server, "hang"), ExitStack() as open_now:
        for _ in range(2):
            response = open_now.enter_context(api.stream("POST", "/courses/alpha/ask", json=QUESTION))
            assert response.status_code == 200
        refused = api.post("/courses/alpha/ask", json=QUESTION)
        assert refused.status_code == 503
        assert refused.headers["Retry-After"]
        assert refused.json()["detail"] == "2 of your questions are being answered already."
        assert api.get("/courses/alpha/search", params={"q": "GIN"}).json()["hits"], "search goes on"
        open_now.close()
        until(lambda: not server.extension.wing.pools.streams._owned)
    assert api.post("/courses/alpha/ask", json=QUESTION).status_code == 200


def test_a_model_that_says_nothing_ends_in_quotes_and_the_answer_says_so(server: Jupyter, api: httpx.Client) -> None:
    with answering(server, "hang", first=0.5):
        seen = events(api.post("/courses/alpha/ask", json=QUESTION).text)
        assert {kind for kind, _ in seen} == {"passages", "sentence", "done"}, "waiting is no event"
        done = seen[-1][1]
        assert (done["mode"], done["grounded"]) == ("quote", True)
        assert done["notice"] == "The chat model gave no usable reply. The course is quoted instead."
        body, plain = QUESTION | {"mode": "model"}, {"Accept": "application/json"}
        named = api.post("/courses/alpha/ask", json=body, headers=plain)
        assert named.status_code == 502
