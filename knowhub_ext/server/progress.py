"""A person's own progress: what they watched, lesson by lesson, and reports of watching."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from jupyter_server.utils import url_path_join
from tornado.web import authenticated

from knowhub_ext.domain.locators import milliseconds
from knowhub_ext.server.base import KnowHubHandler


class CourseProgressHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def get(self, course: str) -> None:
        self.reply(await self.call(self.hub.progress.course, self.actor, course))


class PlanHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def get(self, course: str) -> None:
        query = self.query("getPlan")
        wishes = self.hub.progress.wishes(minutes=query["minutes"], days=query["days"], start=query["start"])
        if query["format"] == "json":
            self.reply(await self.call(self.hub.progress.plan, self.actor, course, wishes))
            return
        here = f"{self.request.protocol}://{self.request.host}"

        def link(lesson: str, second: float) -> str:
            return here + url_path_join(self.base_url, "knowhub/lesson", lesson) + f"?t={second:g}"

        file = await self.call(self.hub.progress.calendar, self.actor, course, wishes, link)
        self.set_header("Content-Type", "text/calendar; charset=utf-8")
        self.set_header("Content-Disposition", 'attachment; filename="plan.ics"')
        self.finish(file)


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
