"""The Jupyter server extension. JupyterLab's start waits for it, so it loads no vendor, no database and no hub."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_server.extension.application import ExtensionApp
from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join

from knowhub_ext.config import KnowHub, load
from knowhub_ext.errors import KnowHubError
from knowhub_ext.server.base import WING
from knowhub_ext.server.contents import Contents
from knowhub_ext.server.pools import Pools
from knowhub_ext.server.routes import rules
from knowhub_ext.server.wing import Wing

if TYPE_CHECKING:
    from knowhub_ext.hub import Hub

#: Query parameters that are credentials, kept out of Jupyter's log.
_SECRET_PARAMETERS = ["link", "s"]


class KnowHubApp(ExtensionApp):
    """KnowHub in a Jupyter server. Settings: class KnowHub, in `jupyter_knowhub_config.py`."""

    name = "knowhub"
    description = "KnowHub: a private learning hub inside Jupyter."
    extension_url = "/knowhub/"
    load_other_extensions = True
    classes = [ServerApp, KnowHub]  # noqa: RUF012 - the framework's own form

    wing: Wing

    def initialize_settings(self) -> None:
        """Make this server's wing; the hub is built later."""
        app = self._server()
        settings = KnowHub(config=self.config)
        pools = Pools(media_readers=settings.media_readers, questions_each=settings.questions_each)
        self.wing = Wing(self._build, contents=Contents(app.contents_manager), pools=pools)
        extra = list(app.web_app.settings.get("extra_log_scrub_param_keys") or [])
        self.settings[WING] = self.wing
        self.settings["extra_log_scrub_param_keys"] = [*extra, *_SECRET_PARAMETERS]

    def initialize_handlers(self) -> None:
        """Add the routes."""
        self.handlers.extend(rules())

    async def _start_jupyter_server_extension(self, serverapp: ServerApp) -> None:
        """Begin building the hub, now that the server listens."""
        self.wing.start(_api_url(serverapp), data=self._data())

    async def stop_extension(self) -> None:
        """Close the hub."""
        await self.wing.close()

    def current_activity(self) -> dict[str, Any] | None:
        """Return what must not be culled for idleness."""
        return self.wing.activity()

    def _build(self) -> Hub:
        from knowhub_ext.hub import build  # here alone: it brings SQLAlchemy and more

        return build(load(config=self.config), door="server")

    def _data(self) -> str:
        """Return the data folder as kernels must be told it; empty where a setting is wrong, which the hub reports."""
        try:
            return str(load(config=self.config).folder().absolute())
        except KnowHubError:
            return ""

    def _server(self) -> ServerApp:
        if self.serverapp is None:
            raise RuntimeError("The extension is not linked to a server.")
        return self.serverapp


def _api_url(serverapp: ServerApp) -> str:
    """Return the API's address for processes of this machine; empty where the server listens on no port of it."""
    if serverapp.sock:
        return ""
    everywhere = serverapp.ip in ("", "*", "0.0.0.0", "::", "localhost")
    host = "127.0.0.1" if everywhere else f"[{serverapp.ip}]" if ":" in serverapp.ip else serverapp.ip
    scheme = "https" if serverapp.certfile else "http"
    return f"{scheme}://{host}:{serverapp.port}" + url_path_join(serverapp.base_url, "knowhub/api")
