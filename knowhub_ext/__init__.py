"""KnowHub: a private learning hub inside Jupyter. Import the module you mean; nothing is re-exported here."""

from __future__ import annotations

try:
    from knowhub_ext._version import __version__
except ImportError:  # a source tree that has not been built
    __version__ = "0.0.0.dev0"

__all__ = ["__version__"]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "@knowhub/jupyterlab"}]


def _jupyter_server_extension_points() -> list[dict[str, object]]:
    from knowhub_ext.server.app import KnowHubApp  # the hook alone may look upwards

    return [{"module": "knowhub_ext.server.app", "app": KnowHubApp}]
