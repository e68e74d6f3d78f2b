"""Lessons: everything a page shows of one, and its transcript in six formats."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from knowhub_ext.server.base import KnowHubHandler


class FindLessonHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        ref = self.query("findLesson")["ref"]
        self.reply(await self.call(self.hub.lessons.detail, self.actor, ref, self.wing.contents.path_of))


class LessonHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def get(self, lesson: str) -> None:
        self.reply(await self.call(self.hub.lessons.detail, self.actor, lesson, self.wing.contents.path_of))


class TranscriptHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def get(self, lesson: str) -> None:
        query = self.query("getTranscript")
        words = bool(query["words"]) and query["format"] == "json"
        found = await self.call(
            self.hub.lessons.transcript, self.actor, lesson, asset_id=query["asset"], words=words
        )
        if query["format"] == "json":
            self.reply(await self.call(found[2].to_json, lesson=found[0].id, words=words))
            return
        kind, text = await self.call(self.hub.lessons.written, found[2], query["format"])
        self.set_header("Content-Type", f"{kind}; charset=utf-8")
        self.finish(text)
