"""Search one course."""

from __future__ import annotations

import time
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from knowhub_ext.domain.media import AssetKind
from knowhub_ext.domain.scope import Scope
from knowhub_ext.server.base import KnowHubHandler


class SearchHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def get(self, course: str) -> None:
        query = self.query("search")
        lesson = query["lesson"]
        if lesson is not None:
            lesson = (await self.call(self.hub.lessons.find, self.actor, lesson)).id
        scope = Scope(
            lessons=frozenset([lesson] if lesson else []), watched=bool(query["watched"]),
            kinds=frozenset(AssetKind(kind) for kind in (query["kinds"] or "").split(",") if kind),
        )
        started = time.perf_counter()
        hits = await self.wing.pools.search.run(self._hits, course, query["q"], limit=query["limit"], scope=scope)
        took = round((time.perf_counter() - started) * 1000, 1)
        self.reply({"query": query["q"], "took_ms": took, "hits": hits})

    def _hits(self, course: str, words: str, *, limit: int, scope: Scope) -> list[dict[str, Any]]:
        """Search, and choose what each hit shows: both are work for a thread, not for the loop."""
        found = self.hub.searching.search(self.actor, course, words, limit=limit, scope=scope)
        return [hit.to_json(rank) for rank, hit in enumerate(found, 1)]
