"""A person's own history of questions: list, open, rate, delete and bring back."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from knowhub_ext.server.base import KnowHubHandler


class CourseHistoryHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def get(self, course: str) -> None:
        query = self.query("listHistory")
        items, cursor = await self.call(
            self.hub.history.page, self.actor, course, lesson=query["lesson"], after=query["cursor"],
            limit=query["limit"],
        )
        self.reply({"items": items, "next": cursor, "kept": self.hub.history.kept})

    @authenticated
    @authorized
    async def delete(self, course: str) -> None:
        self.reply((await self.call(self.hub.history.clear, self.actor, course)).to_json())


class RestoreHistoryHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def post(self, course: str) -> None:
        body = self.body("restoreHistory")
        count = await self.call(self.hub.history.restore, self.actor, course, body["deletion"])
        self.reply({"restored": count})


class HistoryEntryHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def get(self, entry: str) -> None:
        self.reply(await self.call(self.hub.history.entry, self.actor, entry))

    @authenticated
    @authorized
    async def delete(self, entry: str) -> None:
        self.reply((await self.call(self.hub.history.delete, self.actor, entry)).to_json())


class RatingHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def put(self, entry: str) -> None:
        body = self.body("rateAnswer")
        comment = body.get("comment") or ""
        self.reply(await self.call(self.hub.history.rate, self.actor, entry, body["helpful"], comment))
