"""A chat model that keeps failing is left alone for a while; the course is quoted at once, and the answer says why."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from knowhub_ext.errors import ChatModelFailed, ChatModelResting
from knowhub_ext.ports import Prompt
from knowhub_ext.services.asking import Asking
from knowhub_ext.services.sparing import Sparing
from knowhub_ext.testing.hubs import plain_hub, sample_course
from knowhub_ext.testing.ollama import OllamaStandIn

ASKED = Prompt(question="?", passages=[])
DIES = "What happens to the task if the worker dies?"


class Moody:
    """Fails while `broken` is set; counts how often it was asked."""

    name = "moody"

    def __init__(self) -> None:
        self.broken: Exception | None = ChatModelFailed()
        self.asked = 0

    def reply(self, prompt: Prompt) -> Iterator[str]:
        self.asked += 1
        yield ""
        if self.broken is not None:
            raise self.broken
        yield from ("If the worker dies then, ", "the task is lost [1].")


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def spent(spared: Sparing, times: int) -> None:
    for _ in range(times):
        with pytest.raises(ChatModelFailed):
            list(spared.reply(ASKED))


def test_after_so_many_failures_in_a_row_it_is_left_alone_and_then_tried_by_one_question() -> None:
    model, clock = Moody(), Clock()
    spared = Sparing(model, failures=3, rest_s=60, clock=clock)
    spent(spared, 3)
    with pytest.raises(ChatModelResting, match=r"failed 3 times in a row .* another 60 seconds"):
        list(spared.reply(ASKED))
    assert model.asked == 3
    clock.now += 61
    trial = spared.reply(ASKED)
    next(trial)
    with pytest.raises(ChatModelResting, match="until one question has tried it"):
        list(spared.reply(ASKED))
    with pytest.raises(ChatModelFailed):
        list(trial)
    with pytest.raises(ChatModelResting):
        list(spared.reply(ASKED))
    assert model.asked == 4
    clock.now += 61
    model.broken = None
    assert "".join(spared.reply(ASKED))
    assert "".join(spared.reply(ASKED)), "one that answers is asked again at once"
    assert model.asked == 6


def test_failures_that_do_not_follow_each_other_do_not_count() -> None:
    model = Moody()
    spared = Sparing(model, failures=2, rest_s=60)
    for _ in range(5):
        model.broken = ChatModelFailed()
        spent(spared, 1)
        model.broken = None
        assert "".join(spared.reply(ASKED))
    assert model.asked == 10


def test_who_leaves_says_nothing_of_the_model_and_ends_a_trial() -> None:
    model, clock = Moody(), Clock()
    spared = Sparing(model, failures=1, rest_s=60, clock=clock)
    for _ in range(3):
        reply = spared.reply(ASKED)
        next(reply)
        reply.close()
    spent(spared, 1)
    clock.now += 61
    trial = spared.reply(ASKED)
    next(trial)
    trial.close()
    model.broken = None
    assert "".join(spared.reply(ASKED))


def test_whatever_a_model_raises_is_a_failure_of_the_model() -> None:
    model = Moody()
    model.broken = ZeroDivisionError("secret")
    spared = Sparing(model, failures=5, rest_s=60)
    with pytest.raises(ChatModelFailed, match="moody broke: ZeroDivisionError") as raised:
        list(spared.reply(ASKED))
    assert "secret" not in raised.value.message


def test_the_answer_says_that_the_course_is_quoted_and_why(hub, me, course) -> None:
    model, clock = Moody(), Clock()
    asking = Asking(hub.searching, Sparing(model, failures=2, rest_s=60, clock=clock), hint="")
    rows = [asking.ask(me, "demo", DIES).to_json() for _ in range(4)]
    assert [row["mode"] for row in rows] == ["quote"] * 4
    assert all(row["grounded"] for row in rows)
    assert rows[0]["notice"] == "The chat model gave no usable reply. The course is quoted instead."
    assert rows[3]["notice"].startswith("The chat model failed several times in a row and is left alone")
    assert model.asked == 2
    with pytest.raises(ChatModelResting):
        asking.ask(me, "demo", DIES, mode="model")
    clock.now, model.broken = clock.now + 61, None
    back = asking.ask(me, "demo", DIES).to_json()
    assert (back["mode"], back["notice"]) == ("model", None)


def test_a_hub_takes_these_from_its_settings(tmp_path) -> None:
    with OllamaStandIn("error") as ollama:
        chat = {"chat_model": "ollama:llama3.2", "ollama_url": ollama.url, "chat_failures": 2}
        with plain_hub(tmp_path / "data", **chat, answer_first_s=7, answer_s=9) as hub:
            me = hub.people.local()
            sample_course(hub, tmp_path / "files")
            rows = [hub.asking.ask(me, "demo", DIES).to_json() for _ in range(4)]
            assert (hub.chosen.chat.first, hub.chosen.chat.timeout) == (7, 9)
    assert len(ollama.asked) == 2
    assert "left alone" in rows[-1]["notice"]
    assert ollama.url not in str(rows), "where the model runs is nobody's business"
