"""A person's own progress: what they watched, lesson by lesson, and reports of watching."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from knowhub_ext.domain.locators import milliseconds
from knowhub_ext.server.base import KnowHubHandler


class CourseProgressHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def get(self, course: str) -> None:
        self.reply(await self.call(self.hub.progress.course, self.actor, course))


class LessonProgressHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def get(self, lesson: str) -> None:
        self.reply((await self.call(self.hub.progress.lesson, self.actor, lesson)).to_json())


class WatchedHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def post(self, asset: str) -> None:
        body = self.body("postWatched")
        reports = [(row["id"], milliseconds(row["start"]), milliseconds(row["end"])) for row in body["events"]]
        position = None if body["position"] is None else milliseconds(body["position"])
        progress = await self.call(self.hub.progress.record, self.actor, asset, reports, position)
        self.reply(progress.to_json())
