"""Uploads: tus 1.0, and a list of one's own unfinished ones. Bodies are `incoming`'s."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from jupyter_server.utils import url_path_join
from tornado.httputil import format_timestamp
from tornado.web import HTTPError, authenticated

from knowhub_ext.domain.uploads import ALGORITHMS, EXTENSIONS, TUS_VERSION, Upload, parse_length, parse_offer
from knowhub_ext.errors import NotFound, UserError
from knowhub_ext.server.incoming import IncomingHandler


class TusHandler(IncomingHandler):
    """What both addresses of uploads share."""

    @authenticated
    @authorized
    async def options(self, *args: str) -> None:
        """Say what of tus is spoken here."""
        self.set_header("Tus-Version", TUS_VERSION)
        self.set_header("Tus-Extension", ",".join(EXTENSIONS))
        self.set_header("Tus-Checksum-Algorithm", ",".join(ALGORITHMS))
        self.set_header("Tus-Max-Size", str(self.hub.uploads.largest))
        self.answer(204)

    def describe(self, upload: Upload) -> None:
        """Set the headers that tell how far an upload is."""
        self.set_header("Upload-Offset", str(upload.offset))
        self.set_header("Upload-Expires", format_timestamp(upload.expires_ms / 1000))

    def answer(self, status: int) -> None:
        """End a response that has no body."""
        self.set_status(status)
        self.clear_header("Content-Type")
        self.finish()


class UploadsHandler(TusHandler):
    """`/uploads`: begin one, list one's own."""

    _created: Upload | None = None

    async def begin(self, *args: str) -> None:
        if self.request.method != "POST":
            return
        self.demand_tus()
        headers = self.request.headers
        if "Upload-Defer-Length" in headers:
            raise UserError("The length must be told at the beginning.", cure="Send Upload-Length.")
        size = parse_length(headers.get("Upload-Length"), "Upload-Length")
        offer = parse_offer(headers.get("Upload-Metadata", ""), size)
        self._created = await self.wing.pools.uploads.run(self.hub.uploads.create, self.actor, offer)
        if size and (self._body_length() or "Transfer-Encoding" in headers):
            await self.open(self._created.id, 0)

    @authenticated
    @authorized
    async def get(self) -> None:
        query = self.query("listUploads")
        items, cursor = await self.call(
            self.hub.uploads.page, self.actor, course=query["course"], after=query["cursor"], limit=query["limit"]
        )
        self.reply({"items": items, "next": cursor})

    @authenticated
    @authorized
    async def post(self) -> None:
        upload = await self.received() or self._created
        assert upload is not None  # `received` raises where nothing was created
        self.describe(upload)
        self.set_header("Location", url_path_join(self.base_url, "knowhub/api/uploads", upload.id))
        self.answer(201)


class UploadHandler(TusHandler):
    """`/uploads/{upload}`: how far it is, the next piece of it, the end of it."""

    async def begin(self, *args: str) -> None:
        if self.request.method in ("GET", "OPTIONS"):
            return
        self.demand_tus()
        if self._meant() == "PATCH":
            await self.open(args[0], parse_length(self.request.headers.get("Upload-Offset"), "Upload-Offset"))

    @authenticated
    @authorized
    async def get(self, upload: str) -> None:
        self.reply(await self.call(self.hub.uploads.detail, self.actor, upload))

    @authenticated
    @authorized
    async def head(self, upload: str) -> None:
        found = await self.call(self.hub.uploads.find, self.actor, upload)
        if found.error:  # a client that is told so begins again
            raise NotFound(found.error["message"], cure=found.error["cure"])
        self.describe(found)
        self.set_header("Upload-Length", str(found.size))
        if found.metadata:
            self.set_header("Upload-Metadata", found.metadata)
        self.answer(200)

    @authenticated
    @authorized
    async def patch(self, upload: str) -> None:
        await self._patched()

    @authenticated
    @authorized
    async def delete(self, upload: str) -> None:
        await self._deleted(upload)

    @authenticated
    @authorized
    async def post(self, upload: str) -> None:
        if self._meant() == "DELETE":
            await self._deleted(upload)
        else:
            await self._patched()

    def _meant(self) -> str:
        """Return the method that is meant: proxies that know no PATCH are passed by POST and a header."""
        method = self.request.method or ""
        if method != "POST":
            return method
        meant = self.request.headers.get("X-HTTP-Method-Override", "").upper()
        if meant not in ("PATCH", "DELETE"):
            raise HTTPError(405)
        return meant

    async def _patched(self) -> None:
        upload = await self.received()
        assert upload is not None  # `received` raises where nothing was opened
        self.describe(upload)
        self.answer(204)

    async def _deleted(self, upload: str) -> None:
        await self.wing.pools.uploads.run(self.hub.uploads.end, self.actor, upload)
        self.answer(204)
