"""Code that runs inside the cage, as after a flaw in a decoder, gets nowhere; without the cage it does."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from knowhub_ext.backends.cage import outside, walls
from knowhub_ext.backends.cage.limits import MB, Limits
from knowhub_ext.domain.documents import Document
from knowhub_ext.errors import CageBroke, UnreadableFile
from tests.cage.breakouts import GOT
from tests.cage.listening import Listener

SMALL = Limits(memory=1024 * MB, cpu_s=20, wall_s=120, output=4 * MB)
QUICK = Limits(memory=1024 * MB, cpu_s=1, wall_s=60, output=4 * MB)
HASTY = Limits(memory=1024 * MB, cpu_s=20, wall_s=4, output=4 * MB)
STOPPED = (
    "Connects", "ReadsAFile", "ReadsOurEnvironment", "ListsTheFolderOfItsFile", "WritesAFile", "WritesItsInput",
    "Forks", "RunsAProgram", "SignalsUs", "TakesEightGigabytes", "RaisesItsLimits", "OpensARawSocket",
)  # fmt: skip


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


@pytest.fixture
def target(tmp_path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("KNOWHUB_TEST_SECRET", "SECRET")
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "secret").write_text("the canary sings")
    (folder / "blob").write_bytes(b"content")
    return {"port": listener.port, "secret": str(folder / "secret"), "folder": str(folder), "pid": os.getpid()}


def attack(module: str, case: str, target: dict[str, Any], limits: Limits = SMALL) -> str:
    """What the attack says it got; it is given a file beside the secret."""
    blob = Path(target["folder"]) / "blob"
    task = outside.Task(
        task="read", path=blob, name=json.dumps(target), options={"backend": f"{module}:{case}"}, modules=(module,),
        limits=limits,
    )
    return outside.ask(task, Document).text


@pytest.mark.parametrize("case", STOPPED)
def test_an_attack_is_stopped(
    case: str, caged: walls.Wall, breakouts: str, target: dict[str, Any], listener: Listener
) -> None:
    said = attack(breakouts, case, target)
    assert said.startswith("stopped: "), said
    assert listener.heard == []
    assert sorted(os.listdir(target["folder"])) == ["blob", "secret"]
    assert (Path(target["folder"]) / "blob").read_bytes() == b"content"


@pytest.mark.parametrize("case", STOPPED)
def test_the_control_without_a_cage_is_not_stopped(
    case: str, breakouts: str, target: dict[str, Any], listener: Listener
) -> None:
    with walls.using(walls.BARE):
        said = attack(breakouts, case, target)
    assert said.startswith(GOT), said
    if case == "Connects":
        listener.wait()
    if case == "ReadsAFile":
        assert "the canary sings" in said
    if case == "WritesAFile":
        assert (Path(target["folder"]) / "planted").exists()


def test_no_open_file_of_ours_is_handed_down(caged: walls.Wall, breakouts: str, target: dict[str, Any]) -> None:
    with open(target["secret"]) as held:
        os.set_inheritable(held.fileno(), True)
        assert attack(breakouts, "KeepsOurFiles", target) == "stopped: OSError"


def test_an_endless_loop_is_stopped_and_is_the_file_s_fault(
    caged: walls.Wall, breakouts: str, target: dict[str, Any]
) -> None:
    with pytest.raises(UnreadableFile, match="takes too long"):
        attack(breakouts, "Loops", target, QUICK)


def test_the_control_loops_until_we_lose_patience(breakouts: str, target: dict[str, Any]) -> None:
    patient = Limits(memory=1024 * MB, cpu_s=1, wall_s=5, output=MB)
    with walls.using(walls.BARE), pytest.raises(CageBroke, match="not answered after 5 seconds"):
        attack(breakouts, "Loops", target, patient)


def test_one_that_sleeps_is_ended_by_us(caged: walls.Wall, breakouts: str, target: dict[str, Any]) -> None:
    with pytest.raises(CageBroke, match="not answered after 4 seconds"):
        attack(breakouts, "Sleeps", target, HASTY)


@pytest.mark.parametrize(("case", "why"), [("Crashes", "ended by SIGSEGV"), ("Exits", "status 3")])
def test_a_death_is_told_with_its_cause(
    case: str, why: str, caged: walls.Wall, breakouts: str, target: dict[str, Any]
) -> None:
    with pytest.raises(CageBroke, match=why):
        attack(breakouts, case, target)


def test_too_much_memory_is_the_file_s_fault(caged: walls.Wall, breakouts: str, target: dict[str, Any]) -> None:
    with pytest.raises(UnreadableFile, match="needs more than 1024 MB of memory"):
        attack(breakouts, "FillsMemory", target)


def test_a_bug_of_a_reader_is_told_as_one(caged: walls.Wall, breakouts: str, target: dict[str, Any]) -> None:
    with pytest.raises(CageBroke, match="broke: KeyError: 'a bug of a parser'"):
        attack(breakouts, "Stumbles", target)


def test_what_a_library_prints_is_no_answer(caged: walls.Wall, breakouts: str, target: dict[str, Any]) -> None:
    assert attack(breakouts, "Prints", target) == "well"


def frame(kind: bytes, payload: bytes) -> bytes:
    return kind + len(payload).to_bytes(4, "big") + payload


END = frame(b"E", b"{}")
FORGED = {
    "an unknown frame": frame(b"Q", b"{}"),
    "a frame of sound": frame(b"S", b"\0\0") + END,
    "a length beyond all frames": b"J\xff\xff\xff\xff",
    "half a frame": b"J\0\0\0\x10abc",
    "no JSON": frame(b"J", b"{{{") + END,
    "nesting without end": frame(b"J", b"[" * 100_000) + END,
    "another value": frame(b"J", b'{"=": "MediaInfo", "container": "x"}') + END,
    "a field too many": frame(b"J", b'{"=": "Document", "text": "", "blocks": [], "evil": 1}') + END,
    "a wrong type": frame(b"J", b'{"=": "Document", "text": 5, "blocks": []}') + END,
    "a number that is none": frame(b"J", b'{"=": "Document", "text": NaN, "blocks": []}') + END,
    "half a letter": frame(b"J", b'{"=": "Document", "text": "\\ud800", "blocks": []}') + END,
    "an end that is none": frame(b"E", b"[1]"),
    "an error of no form": frame(b"E", b'{"error": {"slug": 5}}'),
    "an error without words": frame(b"E", b'{"error": {"slug": "forbidden"}}'),
    "nothing": b"",
}


@pytest.mark.parametrize("case", FORGED)
def test_a_forged_answer_is_nonsense_not_a_crash(case: str, breakouts: str, target: dict[str, Any]) -> None:
    with pytest.raises(CageBroke):
        attack(breakouts, "Babbles", target | {"say": FORGED[case].hex()})


def test_a_true_answer_by_the_same_way_is_taken(breakouts: str, target: dict[str, Any]) -> None:
    good = frame(b"J", b'{"=": "Document", "text": "true", ') + frame(b"J", b'"blocks": []}') + END
    assert attack(breakouts, "Babbles", target | {"say": good.hex()}) == "true"


def test_a_forged_error_says_nothing_but_one_short_line(breakouts: str, target: dict[str, Any]) -> None:
    form = {"slug": "no-such", "message": "a\nb\x1b[2J" + "x" * 9000, "cure": "c\0d"}
    said = frame(b"E", json.dumps({"error": form}).encode())
    with pytest.raises(UnreadableFile) as raised:
        attack(breakouts, "Babbles", target | {"say": said.hex()})
    assert raised.value.message.startswith("a b [2Jx")
    assert len(raised.value.message) <= 600
    assert raised.value.cure == "c d"


def test_a_flood_is_cut_off(breakouts: str, target: dict[str, Any]) -> None:
    with pytest.raises(UnreadableFile, match="far more than can be taken in"):
        attack(breakouts, "Floods", target)
