"""The client against a stand-in whose replies are checked by openapi.yaml."""

from __future__ import annotations

import json
from datetime import date

import httpx
import pytest

from knowhub_ext import errors
from knowhub_ext.client import KnowHub, values
from knowhub_ext.domain.locators import TimeSpan
from knowhub_ext.domain.previews import Preview
from tests.standins.hub import ANSWER, CITATION, HIT, JOB, LESSON, TOKEN, VIDEO, HubStandIn

URL = "http://hub.test/knowhub/api"


@pytest.fixture
def standin() -> HubStandIn:
    return HubStandIn()


@pytest.fixture
def hub(standin: HubStandIn) -> KnowHub:
    return KnowHub(URL, TOKEN, transport=standin.transport)


def test_every_page_of_a_list_is_read(hub: KnowHub) -> None:
    assert [course.course for course in hub.courses()] == ["fullstack", "second"]


def test_a_course_holds_its_lessons(hub: KnowHub) -> None:
    (lesson,) = hub.course("fullstack").lessons
    assert (lesson.lesson, lesson.duration, lesson.status) == (LESSON, 180.0, "ready")


def test_a_course_is_created_and_files_are_queued(hub: KnowHub) -> None:
    assert hub.create_course("new", "A new one").course == "new"
    added = hub.add("fullstack", ["a.mp4", "b"], lesson="First")
    assert ([asset.path for asset in added.lessons[0].assets], added.jobs) == (["a.mp4", "b"], (JOB,))


def test_one_path_may_be_given_as_a_string(hub: KnowHub, standin: HubStandIn) -> None:
    hub.add("fullstack", "a.mp4")
    assert json.loads(standin.seen[-1].content) == {"paths": ["a.mp4"]}


def test_jobs_are_listed_and_moved(hub: KnowHub) -> None:
    assert [(job.job, job.progress) for job in hub.jobs()] == [(JOB, 0.5)]
    assert hub.cancel(JOB).state == "cancelled"
    with pytest.raises(errors.InvalidMove, match="The job is running") as caught:
        hub.retry(JOB)
    assert caught.value.cure == "Look at its state with `knowhub jobs`."


@pytest.mark.parametrize("reference", [LESSON, "fullstack/celery"])
def test_a_lesson_is_found_by_id_and_by_slugs(hub: KnowHub, reference: str) -> None:
    lesson = hub.lesson(reference)
    assert (lesson.lesson, lesson.course, lesson.primary) == (LESSON, "fullstack", VIDEO)
    assert hub.progress(reference).coverage == 0.25


def test_words_come_when_they_are_asked_for(hub: KnowHub) -> None:
    assert hub.transcript("fullstack/celery").segments[0].words == ()
    (segment,) = hub.transcript(LESSON, words=True).segments
    assert (segment.start, segment.words[0].text) == (101.2, "An")


def test_a_query_is_data_whatever_stands_in_it(hub: KnowHub, standin: HubStandIn) -> None:
    query = 'what\'s a B-tree? C++ & "x" #1 %20'
    (hit,) = hub.search("fullstack", query, limit=3)
    assert hit.locator == TimeSpan(start_ms=101200, end_ms=106000)
    assert hit.preview == Preview(text="Goes back.", locator=hit.locator, marks=((0, 4),))
    assert dict(standin.seen[-1].url.params) == {"q": query, "limit": "3"}


def test_a_hub_of_an_older_version_sends_no_preview() -> None:
    older = {name: value for name, value in HIT.items() if name != "preview"}
    assert values.hit(older).preview is None
    assert values.hit(HIT).preview is not None


def test_a_name_with_a_slash_cannot_reach_another_route(hub: KnowHub) -> None:
    with pytest.raises(errors.NotFound):
        hub.course("fullstack/progress")


def test_an_answer_carries_its_citations(hub: KnowHub) -> None:
    answer = hub.ask("fullstack", "Who redelivers?", lesson="fullstack/celery")
    assert (answer.grounded, answer.sentences[0].citations) == (True, (1,))
    assert answer.citations[0].to_json() == CITATION


@pytest.mark.parametrize("kind", [None, "hologram"])
def test_a_source_of_a_kind_that_is_not_known_is_a_source_all_the_same(kind: str | None) -> None:
    answer = values.answer(ANSWER | {"citations": [CITATION | {"kind": kind}]})
    assert answer.citations[0].kind is None
    older = {name: value for name, value in CITATION.items() if name != "kind"}
    assert values.answer(ANSWER | {"citations": [older]}).citations[0].kind is None


def test_what_was_asked_before_goes_along_the_last_eight_at_most(hub: KnowHub, standin: HubStandIn) -> None:
    hub.ask("fullstack", "and why?", previous=[f"What is {n}?" for n in range(10)])
    assert json.loads(standin.seen[-1].content)["previous"] == [f"What is {n}?" for n in range(2, 10)]
    assert values.answer(ANSWER).rewritten_query == "", "a hub of an older version does not say"
    assert values.answer(ANSWER | {"rewritten_query": "why x"}).rewritten_query == "why x"


def test_a_second_goes_along_and_the_minute_comes_back(hub: KnowHub, standin: HubStandIn) -> None:
    hub.ask("fullstack", "and that?", lesson=LESSON, at=101.5)
    assert json.loads(standin.seen[-1].content)["at"] == 101.5
    answer = values.answer(ANSWER | {"moment": {"lesson": LESSON, "start": 41.5, "end": 101.5}})
    assert answer.to_json()["moment"] == {"lesson": LESSON, "start": 41.5, "end": 101.5}


def test_a_refusal_carries_none(hub: KnowHub) -> None:
    answer = hub.ask("fullstack", "How is the weather?")
    assert (answer.grounded, answer.citations, answer.text) == (False, (), "I cannot find this in the course.")


def test_a_stream_ends_with_the_whole_answer(hub: KnowHub) -> None:
    events = list(hub.ask_stream("fullstack", "Who redelivers?"))
    assert [event.kind for event in events] == ["passages", "token", "sentence", "done"]
    assert events[0].answer is None
    assert events[-1].answer is not None
    assert events[-1].answer.citations[0].n == 1


def test_a_stream_that_breaks_off_is_not_taken_for_an_answer(hub: KnowHub, standin: HubStandIn) -> None:
    standin.events.pop()
    with pytest.raises(errors.HubUnreachable, match="in the middle"):
        list(hub.ask_stream("fullstack", "Who redelivers?"))


def test_an_error_in_a_stream_is_raised(hub: KnowHub, standin: HubStandIn) -> None:
    standin.events[2:] = [("error", {"type": "x/chat-model-failed", "detail": "It fell over.", "status": 502})]
    with pytest.raises(errors.ChatModelFailed, match="It fell over"):
        list(hub.ask_stream("fullstack", "Who redelivers?"))


def test_a_stream_refused_at_the_start_raises_the_problem(hub: KnowHub) -> None:
    with pytest.raises(errors.NotFound):
        list(hub.ask_stream("nothing", "Who?"))


def test_watched_events_have_ids_of_their_own(hub: KnowHub, standin: HubStandIn) -> None:
    assert hub.watched(VIDEO, [(0, 5), (5, 9.5)], position=9.5).position_ms == 45000
    body = json.loads(standin.seen[-1].content)
    assert [event["end"] for event in body["events"]] == [5, 9.5]
    assert len({event["id"] for event in body["events"]}) == 2


def test_progress_of_a_course_names_its_lessons(hub: KnowHub) -> None:
    progress = hub.course_progress("fullstack")
    assert (progress.coverage, progress.lessons[0].progress.watched) == (0.25, ((0, 45000),))
    assert (progress.left, progress.days_left, progress.next.position) == (135.0, 6, 45.0)


def test_a_plan_is_days_with_their_parts(hub: KnowHub, standin: HubStandIn) -> None:
    [day] = hub.plan("fullstack", minutes=45, days="mo-fr", start=date(2026, 12, 2))
    assert (day.day, day.duration, day.parts[0].start) == (date(2026, 12, 2), 135.0, 45.0)
    assert dict(standin.seen[-1].url.params) == {"minutes": "45", "days": "mo-fr", "start": "2026-12-02"}


def test_the_token_travels_in_the_header_and_shows_nowhere(hub: KnowHub, standin: HubStandIn) -> None:
    assert standin.seen[0].headers["Authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in str(standin.seen[0].url)
    assert TOKEN not in repr(hub) + repr(hub._wire.address)


def test_a_page_is_named_below_the_servers_base() -> None:
    hub = KnowHub("http://hub.test/user/x/", TOKEN, transport=_anything())
    assert hub.url == "http://hub.test/user/x/knowhub/api"
    assert hub.page("a/b", 101.5) == "/user/x/knowhub/lesson/a%2Fb?t=101.5"
    assert hub.page("a") == "/user/x/knowhub/lesson/a"


def test_a_wrong_token_says_how_to_get_in(standin: HubStandIn) -> None:
    with pytest.raises(errors.Unauthenticated) as caught:
        KnowHub(URL, "wrong", transport=standin.transport)
    assert caught.value.cure == "Give the token."


def test_another_number_of_the_interface_is_refused_with_the_cure(standin: HubStandIn) -> None:
    standin.headers["KnowHub-API"] = "2"
    with pytest.raises(errors.HubUnreachable, match="version 2") as caught:
        KnowHub(URL, TOKEN, transport=standin.transport)
    assert "same version" in caught.value.cure


@pytest.mark.parametrize("response", [httpx.Response(200, text="<html>"), httpx.Response(302), httpx.Response(404)])
def test_something_else_that_answers_is_named_as_such(response: httpx.Response) -> None:
    with pytest.raises(errors.HubUnreachable, match="not a KnowHub server"):
        KnowHub(URL, TOKEN, transport=httpx.MockTransport(lambda request: response))


def test_an_unknown_problem_keeps_its_message_and_request(hub: KnowHub, standin: HubStandIn) -> None:
    standin.replies["jobs"] = standin.refuse(500, "brand-new", "It broke.", "Look at the log.")
    with pytest.raises(errors.KnowHubError, match=r"It broke\. \(request r1\)") as caught:
        hub.jobs()
    assert (type(caught.value), caught.value.cure) == (errors.KnowHubError, "Look at the log.")


def test_a_time_limit_is_told_apart_from_nobody_there(standin: HubStandIn) -> None:
    def slow(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("jobs"):
            raise httpx.ReadTimeout("slow", request=request)
        return standin.handle(request)

    with pytest.raises(errors.HubUnreachable, match="took too long"):
        KnowHub(URL, TOKEN, transport=httpx.MockTransport(slow)).jobs()


def _anything() -> httpx.MockTransport:
    standin = HubStandIn()

    def handle(request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/user/x")
        return standin.handle(httpx.Request(request.method, f"http://hub.test{path}", headers=request.headers))

    return httpx.MockTransport(handle)
