"""The vectors that search by meaning rests on: how they stand, making them anew, deleting what is unused."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from knowhub_ext.server.base import KnowHubHandler


class EmbeddingsHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        self.reply(await self.call(self.hub.embeddings.standing, self.actor))


class RebuildHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def post(self) -> None:
        body = self.body("rebuildEmbeddings")
        row = await self.call(
            self.hub.embeddings.rebuild, self.actor, body.get("courses") or (), model=body.get("model"),
            everything=body.get("everything", False),
        )
        self.reply(row, 202)


class CancelRebuildHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def post(self) -> None:
        body = self.body("cancelEmbeddings")
        self.reply(await self.call(self.hub.embeddings.cancel, self.actor, body.get("courses") or ()))


class VectorSetHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def delete(self, model: str) -> None:
        self.reply(await self.call(self.hub.embeddings.delete, self.actor, model))
