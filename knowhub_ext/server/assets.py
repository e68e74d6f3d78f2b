"""Assets: show one, sign the address of its medium, its text, and add files of the server to a course."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from jupyter_server.auth.decorator import authorized
from jupyter_server.utils import url_path_join
from tornado.web import authenticated

from knowhub_ext.domain.events import instant
from knowhub_ext.server.base import KnowHubHandler
from knowhub_ext.server.mediatypes import etag_of

if TYPE_CHECKING:
    from knowhub_ext.domain.documents import Document
    from knowhub_ext.domain.media import Asset


class AssetHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def get(self, asset: str) -> None:
        self.reply(await self.call(self.hub.lessons.asset_detail, self.actor, asset, self.wing.contents.path_of))

    @authenticated
    @authorized
    async def delete(self, asset: str) -> None:
        await self.call(self.hub.removing.remove, self.actor, asset)
        self.set_status(204)
        self.finish()


class RestoreAssetHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def post(self, asset: str) -> None:
        await self.call(self.hub.removing.put_back, self.actor, asset)
        self.reply(await self.call(self.hub.lessons.asset_detail, self.actor, asset, self.wing.contents.path_of))


class RemovedFilesHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def get(self, course: str) -> None:
        self.reply({"items": await self.call(self.hub.removing.removed, self.actor, course)})


class MediaUrlHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def get(self, asset: str) -> None:
        found, ticket = await self.call(self.hub.media.ticket, self.actor, asset)
        query = urlencode({
            "r": ticket.revision, "p": ticket.person_id, "e": ticket.expires, "s": ticket.signature,
        })
        path = url_path_join(self.base_url, "knowhub/api/media", quote(found.id, safe=""))
        self.reply({"url": f"{path}?{query}", "expires_at": instant(ticket.expires * 1000), "etag": etag_of(found)})


class ContentHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def get(self, asset: str) -> None:
        self.reply(await self.call(lambda: _content(*self.hub.lessons.content(self.actor, asset))))


class AddAssetsHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def post(self, course: str) -> None:
        body = self.body("addAssets")
        await self.call(self.hub.courses.get, self.actor, course)  # whose course it is, before what files there are
        media = self.wing.pools.media
        paths = [await self.wing.contents.resolve(path, media) for path in body["paths"]]
        how = {"lesson": body.get("lesson") or None, "replaces": body.get("replace", False)}
        self.reply(await media.run(self._add, course, paths, how), 202)

    def _add(self, course: str, paths: list[Path], how: dict[str, Any]) -> dict[str, Any]:
        """Add files and return schema `Added`, with contents paths where there are any; they are looked for here."""
        added = self.hub.ingest.add(self.actor, course, paths, **how).to_json()
        for entry in added["lessons"]:
            for row in entry["assets"]:
                row["path"] = self.wing.contents.path_of_source(row["path"]) or row["path"]
        return added


def _content(asset: Asset, document: Document) -> dict[str, Any]:
    """Return schema `Content`."""
    return {
        "asset": asset.id, "kind": asset.kind.value, "name": asset.name, "text": document.text,
        "blocks": [{"text": b.text, "locator": b.locator.to_json(), "kind": b.kind} for b in document.blocks],
    }
