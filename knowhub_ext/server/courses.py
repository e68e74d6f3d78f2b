"""Courses: list, create, show."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from knowhub_ext.server.base import KnowHubHandler


class CoursesHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        query = self.query("listCourses")
        items, cursor = await self.call(
            self.hub.courses.page, self.actor, after=query["cursor"], limit=query["limit"]
        )
        self.reply({"items": items, "next": cursor})

    @authenticated
    @authorized
    async def post(self) -> None:
        body = self.body("createCourse")
        course = await self.call(self.hub.courses.create, self.actor, body["slug"], body.get("title", ""))
        self.reply(await self.call(self.hub.courses.detail, self.actor, course.id), 201)


class CourseHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def get(self, course: str) -> None:
        self.reply(await self.call(self.hub.courses.detail, self.actor, course))
