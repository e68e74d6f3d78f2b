"""A person's own notes and bookmarks: list, take, edit, delete and bring back, and files of them to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jupyter_server.auth.decorator import authorized
from jupyter_server.utils import url_path_join
from tornado.web import authenticated

from knowhub_ext.domain.locators import Locator, TimeSpan, from_json
from knowhub_ext.errors import UserError
from knowhub_ext.server.base import KnowHubHandler

if TYPE_CHECKING:
    from knowhub_ext.domain.annotations import Draft, Look
    from knowhub_ext.hub import Hub


class CourseNotesHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def get(self, course: str) -> None:
        look = _look(self.hub, self.query("listCourseNotes"))
        items, cursor = await self.call(self.hub.annotations.of_course, self.actor, course, look)
        self.reply({"items": items, "next": cursor})


class LessonNotesHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def get(self, lesson: str) -> None:
        look = _look(self.hub, self.query("listNotes"))
        items, cursor = await self.call(self.hub.annotations.of_lesson, self.actor, lesson, look)
        self.reply({"items": items, "next": cursor})

    @authenticated
    @authorized
    async def post(self, lesson: str) -> None:
        draft = _draft(self.hub, self.body("addNote"))
        note, new = await self.call(self.hub.annotations.add, self.actor, lesson, draft)
        self.reply(note, 201 if new else 200)


class NoteHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def get(self, note: str) -> None:
        self.reply(await self.call(self.hub.annotations.get, self.actor, note))

    @authenticated
    @authorized
    async def put(self, note: str) -> None:
        body = self.body("editNote")
        self.reply(await self.call(
            self.hub.annotations.edit, self.actor, note, body["body"], version=body["version"]
        ))

    @authenticated
    @authorized
    async def delete(self, note: str) -> None:
        self.reply(await self.call(self.hub.annotations.delete, self.actor, note))


class RestoreNoteHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def post(self, note: str) -> None:
        self.reply(await self.call(self.hub.annotations.restore, self.actor, note))


class _Files(KnowHubHandler):
    async def send(self, kind: str, **what: str) -> None:
        """Answer with a file that the browser saves and never shows: what is in it is a person's own text."""
        made = await self.call(self.hub.annotations.export, self.actor, kind=kind, href=self._href, **what)
        self.set_header("Content-Type", f"{made.media_type}; charset=utf-8")
        self.set_header("Content-Disposition", f'attachment; filename="{made.name}"')
        self.finish(made.text)

    def _href(self, lesson: str, locator: Locator) -> str | None:
        """Return the address of a lesson's page at this server, at a second where it is one."""
        page = url_path_join(self.base_url, "knowhub/lesson", quote(lesson, safe=""))
        at = f"?t={locator.start_ms // 1000}" if isinstance(locator, TimeSpan) else ""
        return f"{self.request.protocol}://{self.request.host}{page}{at}"


class ExportCourseNotesHandler(_Files):
    @authenticated
    @authorized
    async def get(self, course: str) -> None:
        await self.send(self.query("exportCourseNotes")["format"], course=course)


class ExportLessonNotesHandler(_Files):
    @authenticated
    @authorized
    async def get(self, lesson: str) -> None:
        await self.send(self.query("exportNotes")["format"], lesson=lesson)


def _look(hub: Hub, query: dict[str, Any]) -> Look:
    return hub.annotations.look(
        words=query["q"] or "", deleted=bool(query["deleted"]), after=query["cursor"], limit=query["limit"]
    )


def _draft(hub: Hub, body: dict[str, Any]) -> Draft:
    try:
        locator = from_json(body["locator"])
    except ValueError as error:
        raise UserError(
            f"The note stands nowhere: {error}", cure="Give a time with start and end, a page, a cell, or a stretch "
            "of text.",
        ) from error
    return hub.annotations.draft(
        id=body["id"], locator=locator, asset_id=body.get("asset") or "", quote=body.get("quote") or "",
        body=body.get("body", ""),
    )
