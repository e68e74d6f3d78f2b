"""Who is asking, and what answers here: every element's first call. It sets the XSRF cookie."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from knowhub_ext import __version__
from knowhub_ext.server.base import API_VERSION, KnowHubHandler


class SessionHandler(KnowHubHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        explicit = self.token_authenticated or bool(self.settings.get("disable_check_xsrf"))
        xsrf = "" if explicit else self.xsrf_token.decode()
        self.reply(await self.call(self._describe) | {"xsrf": xsrf})

    def _describe(self) -> dict[str, Any]:
        actor, hub = self.actor, self.hub
        return {
            "person": {"id": actor.person_id, "name": hub.people.name(actor)},
            "roles": sorted(role.value for role in actor.roles),
            "api": int(API_VERSION), "version": __version__, "answers": hub.asking.describe(),
            "course": hub.courses.get(actor, actor.course).slug if actor.course else None,
        }
