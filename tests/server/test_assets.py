"""Adding files by their path in the Jupyter server, and showing where they came from."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import httpx
import pytest

from knowhub_ext.errors import UserError
from knowhub_ext.server.contents import Contents
from knowhub_ext.server.pools import Pool
from knowhub_ext.testing.hubs import plain_hub, run_jobs
from tests.server.harness import Jupyter
from tests.server.test_contract import check


@pytest.fixture
def course(api: httpx.Client, request: pytest.FixtureRequest) -> str:
    slug = request.node.name.replace("_", "-").replace("[", "-").replace("]", "")[:60].strip("-").lower()
    api.post("/courses", json={"slug": slug}).raise_for_status()
    return slug


def add(api: httpx.Client, course: str, *paths: str, **more: object) -> httpx.Response:
    return api.post(f"/courses/{course}/assets", json={"paths": list(paths), **more})


def test_a_folder_is_added_with_paths_as_the_file_browser_shows_them(
    server: Jupyter, api: httpx.Client, course: str, data: Path
) -> None:
    folder = server.root / "week 1"
    folder.mkdir()
    (folder / "notes.md").write_text("# One\n\nFirst week.\n", encoding="utf-8")
    (folder / "more.txt").write_text("Second text.\n", encoding="utf-8")
    response = add(api, course, "week 1")
    assert response.status_code == 202
    added = response.json()
    rows = [row for lesson in added["lessons"] for row in lesson["assets"]]
    assert sorted(row["path"] for row in rows) == ["week 1/more.txt", "week 1/notes.md"]
    assert {row["status"] for row in rows} == {"queued"}
    assert len(added["jobs"]) == 2
    with plain_hub(data) as hub:
        run_jobs(hub)
    asset = api.get(f"/assets/{rows[0]['asset']}").json()
    assert asset["status"] == "ready"
    assert asset["contents_path"] == rows[0]["path"]
    (folder / "notes.md").unlink()
    (folder / "more.txt").unlink()
    assert api.get(f"/assets/{rows[0]['asset']}").json()["contents_path"] is None, "the original has vanished"
    assert api.get(f"/assets/{rows[0]['asset']}/content").status_code == 200, "ours has not"


def test_a_file_that_cannot_be_added_says_why_and_the_others_go_on(
    server: Jupyter, api: httpx.Client, course: str
) -> None:
    (server.root / "tool.exe").write_bytes(b"MZ")
    (server.root / "fine.md").write_text("# Fine\n", encoding="utf-8")
    added = add(api, course, "tool.exe", "/fine.md", lesson="Both").json()
    rows = {row["path"]: row for lesson in added["lessons"] for row in lesson["assets"]}
    assert rows["tool.exe"]["status"] == "failed"
    assert rows["tool.exe"]["error"]["cure"]
    assert rows["fine.md"]["status"] == "queued"


@pytest.mark.parametrize("path", [
    "nothing.mp4", "../outside.md", "..%2foutside.md", "a/../../outside.md", "/etc/passwd", ".hidden.md",
    "folder/../.hidden.md", "C:\\x.mp4", "x" * 300, "é\u202e.md",
])  # fmt: skip
def test_what_is_not_below_the_root_is_not_found(server: Jupyter, api: httpx.Client, path: str) -> None:
    (server.root.parent / "outside.md").write_text("# Outside\n", encoding="utf-8")
    (server.root / ".hidden.md").write_text("# Hidden\n", encoding="utf-8")
    response = add(api, "alpha", path)
    assert response.status_code == 404, response.text
    assert response.json()["cure"]


def test_a_link_that_leads_out_is_refused_and_one_that_stays_inside_is_not(
    server: Jupyter, api: httpx.Client, course: str
) -> None:
    secret = server.root.parent / "secret.md"
    secret.write_text("# Secret\n", encoding="utf-8")
    folder = server.root / "linked"
    folder.mkdir()
    (folder / "own.md").write_text("# Own\n", encoding="utf-8")
    os.symlink(folder / "own.md", folder / "inside.md")
    assert add(api, course, "linked").status_code == 202
    os.symlink(secret, folder / "out.md")
    os.symlink(server.root.parent, server.root / "up")
    for path in ("linked/out.md", "linked", "up", "up/secret.md"):
        response = add(api, course, path)
        assert response.status_code == 400, path
        assert "leads out" in response.json()["detail"]
        assert "knowhub add" in response.json()["cure"]


def test_a_course_that_is_not_there_is_said_before_any_file_is_looked_at(api: httpx.Client) -> None:
    assert add(api, "nowhere", "fine.md").json()["detail"].startswith("There is no course")


def test_a_sibling_of_the_root_is_not_below_it(tmp_path: Path) -> None:
    class Manager:
        root_dir = str(tmp_path / "root")

        def _get_os_path(self, path: str) -> str:
            return path

    for name in ("root", "root-evil"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.md").touch()
    contents = Contents(Manager())
    assert contents.path_of(tmp_path / "root" / "a.md") == "a.md"
    assert contents.path_of(tmp_path / "root-evil" / "a.md") is None


def test_files_that_lie_nowhere_on_this_machine_are_refused_with_the_cure() -> None:
    class Remote:
        async def get(self, path: str, content: bool = True) -> dict[str, str]:
            return {}

    async def scene() -> None:
        for manager in (None, Remote()):
            with pytest.raises(UserError) as caught:
                await Contents(manager).resolve("a.mp4", Pool("test", workers=1, waiting=1))
            assert "knowhub add" in caught.value.cure

    asyncio.run(scene())


def test_a_file_is_taken_out_of_its_lesson_and_is_not_found_any_more(
    server: Jupyter, api: httpx.Client, course: str, data: Path
) -> None:
    (server.root / "zebra.md").write_text("# Animals\n\nA zebra has stripes.\n", encoding="utf-8")
    asset = add(api, course, "zebra.md").json()["lessons"][0]["assets"][0]["asset"]
    with plain_hub(data) as hub:
        run_jobs(hub)
    search = {"q": "zebra stripes"}
    assert api.get(f"/courses/{course}/search", params=search).json()["hits"], "the control"
    assert api.delete(f"/assets/{asset}").status_code == 204
    assert api.get(f"/courses/{course}/search", params=search).json()["hits"] == []
    assert api.get(f"/assets/{asset}").status_code == 404
    assert api.delete(f"/assets/{asset}").status_code == 404
    [row] = [one for one in api.get(f"/courses/{course}/removed").json()["items"] if one["asset"] == asset]
    assert (row["name"], row["kind"]) == ("zebra.md", "document")
    back = api.post(f"/assets/{asset}/restore")
    check("restoreAsset", back)
    assert back.json()["status"] == "ready"
    assert api.get(f"/courses/{course}/search", params=search).json()["hits"], "it is found again"
    assert api.post(f"/assets/{asset}/restore").status_code == 404
    assert api.get(f"/courses/{course}/removed").json()["items"] == []
