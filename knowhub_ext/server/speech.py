"""Speech: a course's settings and hot words, and hearing a lecture once more."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from knowhub_ext.domain.locators import milliseconds
from knowhub_ext.server.base import KnowHubHandler


class CourseSpeechHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def get(self, course: str) -> None:
        self.reply(await self.call(self.hub.recognising.settings, self.actor, course))

    @authenticated
    @authorized
    async def put(self, course: str) -> None:
        wanted = self.body("setCourseSpeech")
        self.reply(await self.call(self.hub.recognising.change, self.actor, course, wanted))


class RecogniseHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def post(self, lesson: str) -> None:
        body = self.body("recogniseLesson")
        end = body.get("end")
        wish = self.hub.recognising.wish(
            model=body.get("model"), language=body.get("language"), task=body.get("task"),
            start_ms=milliseconds(body.get("start") or 0), end_ms=None if end is None else milliseconds(end),
            over_captions=bool(body.get("replace_captions")),
        )
        self.reply(await self.call(self.hub.recognising.again, self.actor, lesson, wish), 202)
