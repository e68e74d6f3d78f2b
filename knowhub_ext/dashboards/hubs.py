"""Which hub a served page belongs to: the one at the same address, which alone the browser can log in to."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qs

from knowhub_ext import errors
from knowhub_ext.client import KnowHub


def of_page(environ: Mapping[str, str]) -> KnowHub:
    """Return the hub of the page that is being made.

    In a notebook that is any hub the client finds. Under Voila it is the one of the Jupyter server that Voila runs
    in, since a page of another address cannot reach it.

    Raises:
        HubUnreachable: Voila runs alone, or no hub answers.
    """
    if environ.get("SERVER_SOFTWARE", "").startswith("voila") and not environ.get("KNOWHUB_API_URL"):
        raise nowhere("/voila")
    return KnowHub()


def nowhere(path: str) -> errors.HubUnreachable:
    """Return the error of a page served alone; `path` is where a Jupyter server with a hub has the same page."""
    return errors.HubUnreachable(
        "This page shows a KnowHub hub, and none runs at this address.",
        cure=f"Start JupyterLab where knowhub-ext is installed and open {path} at its address.",
    )


def asked_course(environ: Mapping[str, str], default: str) -> str:
    """Return the course that the page's address asks for (`?course=slug`), as Voila hands it to the kernel."""
    return parse_qs(environ.get("QUERY_STRING", "")).get("course", [default])[0]
