"""`knowhub serve` as a process: what it serves and what not, how it begins and how it ends."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.server.harness import until
from tests.server.serving import Serving, command, environment, serving


@pytest.mark.parametrize("path", [
    "/api/contents", "/api/kernels", "/api/terminals", "/files/x", "/lab", "/tree", "/login", "/api/me", "/metrics",
    "/static/style/style.css", "/nbconvert/html/x", "/api/shutdown",
])  # fmt: skip
def test_nothing_of_jupyter_is_served(served: Serving, path: str) -> None:
    owner = served.client(Authorization=f"Bearer {served.token}")
    for method in ("GET", "POST"):
        assert owner.request(method, served.origin + path).status_code in (403, 404)


def test_the_token_of_the_data_folder_is_the_local_person(served: Serving, known: dict[str, Any]) -> None:
    owner = served.client(Authorization=f"Bearer {served.token}")
    assert owner.get("/session").json()["roles"] == ["owner"]
    assert {course["course"] for course in owner.get("/courses").json()["items"]} >= {"alpha", "beta"}
    adding = owner.post("/courses/alpha/assets", json={"paths": ["x.mp4"]})
    assert adding.status_code == 400
    assert "knowhub add" in adding.json()["cure"]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org"])
def test_no_other_machine_is_served(tmp_path: Path, host: str) -> None:
    done = subprocess.run(
        command(tmp_path / "data", "--host", host), capture_output=True, text=True, timeout=60, env=environment()
    )
    assert done.returncode == 2
    assert "reverse proxy" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_a_port_in_use_and_an_unknown_course_are_one_line(served: Serving, known: dict[str, Any]) -> None:
    port = served.api.split(":")[2].split("/")[0]
    port_taken, not_a_port, no_course = ["--port", port], ["--port", "99999"], ["--course", "nowhere"]
    for more, word in ((port_taken, "--port"), (not_a_port, "--port"), (no_course, "nowhere")):
        done = subprocess.run(
            command(known["data"], *more), capture_output=True, text=True, timeout=60, env=environment()
        )
        assert done.returncode == 2, more
        assert done.stdout == ""
        assert word in done.stderr
        assert done.stderr.count("\n") == 1, done.stderr


def test_an_idle_server_ends_by_itself_and_a_used_one_does_not(known: dict[str, Any]) -> None:
    with serving(known["data"], "--idle", "1.5") as running:
        owner = running.client(Authorization=f"Bearer {running.token}")
        for _ in range(12):
            assert owner.get("/session").status_code == 200
            with pytest.raises(subprocess.TimeoutExpired):
                running.process.wait(0.25)
        assert running.process.wait(20) == 0
        assert not (known["data"] / "run" / f"server-{running.process.pid}.json").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(known: dict[str, Any], number: signal.Signals) -> None:
    with serving(known["data"]) as running:
        running.process.send_signal(number)
        assert running.process.wait(20) == 0
        until(lambda: not (known["data"] / "run" / f"server-{running.process.pid}.json").exists())
        assert running.process.stderr is not None
        assert "Traceback" not in running.process.stderr.read()


def test_no_link_reaches_the_log(known: dict[str, Any]) -> None:
    with serving(known["data"], "--course", "alpha") as running:
        url = running.printed["links"][0]["url"]
        client = running.client()
        client.get(url + "x")
        client.get(url, follow_redirects=True)
        running.process.terminate()
        _, err = running.process.communicate(timeout=30)
    assert "403 GET /knowhub/lesson/" in err
    assert "link=" not in err
