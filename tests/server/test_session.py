"""Who is asking: the first call, with a Jupyter cookie, with the API token, with nothing."""

from __future__ import annotations

import re

import httpx

from tests.server.harness import JUPYTER_TOKEN, Jupyter


def test_a_person_signed_in_to_jupyter_is_the_local_person_and_gets_an_xsrf_token(
    person: httpx.Client, api: httpx.Client
) -> None:
    session = person.get("/session").json()
    assert session["roles"] == ["owner"]
    assert session["course"] is None
    assert session["xsrf"]
    assert person.cookies["_xsrf"]
    assert session["person"] == api.get("/session").json()["person"], "whatever Jupyter calls its anonymous user today"


def test_the_holder_of_the_token_needs_no_xsrf(api: httpx.Client, server: Jupyter) -> None:
    response = api.get("/session")
    assert response.json()["xsrf"] == ""
    assert "set-cookie" not in response.headers


def test_every_response_names_the_interface_and_the_request(server: Jupyter, api: httpx.Client) -> None:
    for response in (api.get("/session"), api.get("/nothing"), server.client().get("/session"), api.put("/session")):
        assert response.headers["KnowHub-API"] == "1"
        assert re.fullmatch(r"[0-9a-f]{16}", response.headers["X-Request-ID"])
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_plain_request_id_of_the_client_is_kept_and_any_other_replaced(api: httpx.Client) -> None:
    assert api.get("/session", headers={"X-Request-ID": "abc-1.2"}).headers["X-Request-ID"] == "abc-1.2"
    for odd in ("a b", "x" * 65, "<script>"):
        assert api.get("/session", headers={"X-Request-ID": odd}).headers["X-Request-ID"] != odd


def test_a_wrong_token_is_nobody(server: Jupyter) -> None:
    token = server.extension.wing.token
    for given in (f"Bearer {token}x", f"Bearer {token[:-1]}", f"Basic {token}", "Bearer", "Bearer é", token):
        response = server.client().get("/session", headers={"Authorization": given.encode()})
        assert response.status_code == 401, given


def test_the_api_token_opens_nothing_but_the_api(server: Jupyter) -> None:
    client = server.holder()
    assert client.get("/session").status_code == 200
    assert client.get(f"{server.base}/api/contents").status_code == 403
    assert client.get(f"{server.base}/knowhub/").status_code == 302, "a page asks for Jupyter's own sign-in"


def test_the_jupyter_token_in_a_header_is_taken_too(server: Jupyter) -> None:
    client = server.client(Authorization=f"token {JUPYTER_TOKEN}")
    assert client.get("/session").json()["roles"] == ["owner"]
