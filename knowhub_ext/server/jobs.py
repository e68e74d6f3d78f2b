"""Jobs: list, cancel one, retry one, clear what is over."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from knowhub_ext.server.base import KnowHubHandler


class JobsHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        query = self.query("listJobs")
        items, cursor = await self.call(
            self.hub.jobs.page, self.actor, course=query["course"], after=query["cursor"], limit=query["limit"],
            cleared=bool(query["all"]),
        )
        self.reply({"items": items, "next": cursor})


class ClearJobsHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def post(self) -> None:
        body = self.body("clearJobs")
        count = await self.call(
            self.hub.jobs.clear, self.actor, course=body.get("course"), failed=body.get("failed", False)
        )
        self.reply({"cleared": count})


class CancelJobHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def post(self, job: str) -> None:
        self.reply(await self.call(self.hub.jobs.cancel, self.actor, job))


class RetryJobHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def post(self, job: str) -> None:
        self.reply(await self.call(self.hub.jobs.retry, self.actor, job))
