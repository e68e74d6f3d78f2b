"""`knowhub jobs` and `job`: the list, the table on a terminal, clearing, cancelling, retrying."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time

import pytest

from knowhub_ext.cli.output import left, plain
from knowhub_ext.cli.table import table
from knowhub_ext.testing.hubs import PLAIN, VTT, plain_hub, run_jobs


def row(name, state="running", **more):
    return {
        "job": name, "state": state, "stage": "read", "progress": 0.5, "eta_s": None, "attempts": 1, "error": None,
        "title": f"{name}.mp4", "media": "video",
    } | more


ERROR = {"slug": "dead", "message": "Its worker stopped.", "cure": "Try again."}


def test_the_table_shows_what_runs_then_what_waits_then_what_went_wrong():
    rows = [
        row("late", "queued", progress=0, attempts=0, eta_s=900),
        row("soon", "queued", progress=0, attempts=1, eta_s=90),
        row("bad", "dead", error=ERROR), row("now", eta_s=42.0), row("old", "done"),
    ]
    lines = table(rows, width=100, height=40)
    assert lines[0] == "1 running, 2 queued, 1 dead, 1 done"
    assert lines[1].startswith("██████······  50%  recognising speech   42 s left")
    assert "attempt 2" in lines[2]
    assert "2 min left" in lines[2]
    assert lines[2].endswith("soon.mp4")
    assert "waiting" in lines[3]
    assert lines[4].startswith("DEAD")
    assert lines[5].strip() == "Its worker stopped. Try again."
    assert len(lines) == 6, "what is done is counted, not listed"


def test_the_table_fits_the_terminal_and_says_what_it_leaves_out():
    lines = table([row(f"n{n}") for n in range(50)], width=30, height=10)
    assert len(lines) == 10
    assert max(map(len, lines)) <= 30
    assert table([row(f"n{n}") for n in range(50)], width=90, height=10)[-1].startswith("… 42 more lines")


def test_a_name_cannot_command_the_terminal():
    evil = "a\x1b[2J\x07\u202eb.mp4"
    assert not re.search("[\x00-\x1f\u202e]", "".join(table([row("x", title=evil)], width=200, height=9)))
    assert plain("Vorlesung über λ · 3.mp4") == "Vorlesung über λ · 3.mp4"


@pytest.mark.parametrize(("seconds", "said"), [
    (None, ""), (0.0, "1 s left"), (42.4, "42 s left"), (61, "1 min left"), (3600, "60 min left"),
    (3 * 3600 + 300, "3 h 5 min left"),
])
def test_time_left_is_said_as_people_say_it(seconds, said):
    assert left(seconds) == said


@pytest.fixture
def data(tmp_path):
    """A data folder with one job that is done, one that failed and one that waits."""
    with plain_hub(tmp_path / "data") as hub:
        me = hub.people.local()
        hub.courses.create(me, "c")
        for name, text in (("good.vtt", VTT), ("bad.ipynb", "{"), ("next.vtt", VTT)):
            (tmp_path / name).write_text(text)
        hub.ingest.add(me, "c", [tmp_path / "good.vtt", tmp_path / "bad.ipynb"])
        run_jobs(hub)
        hub.ingest.add(me, "c", [tmp_path / "next.vtt"])
    return tmp_path / "data"


def environment(data):
    keys = ("transcriber", "embedder", "index", "chat_model")
    return os.environ | {f"KNOWHUB_{key.upper()}": PLAIN[key] for key in keys} | {"KNOWHUB_DATA": str(data)}


def knowhub(data, *arguments):
    command = [sys.executable, "-m", "knowhub_ext.cli", *arguments]
    return subprocess.run(command, env=environment(data), capture_output=True, text=True, timeout=120)


def states(data, *more):
    return sorted(row["state"] for row in json.loads(knowhub(data, "jobs", "--json", *more).stdout))


def test_clearing_hides_what_is_over_and_keeps_it(data):
    assert states(data) == ["done", "failed", "queued"]
    assert json.loads(knowhub(data, "jobs", "--clear", "--json").stdout) == {"cleared": 1}
    assert states(data) == ["failed", "queued"]
    assert json.loads(knowhub(data, "jobs", "--clear", "--failed", "--json", "--course", "c").stdout) == {"cleared": 1}
    assert states(data) == ["queued"]
    assert states(data, "--all") == ["done", "failed", "queued"]
    assert knowhub(data, "jobs", "--failed").returncode == 2
    assert knowhub(data, "jobs", "--course", "nope").returncode == 2


def test_a_failed_job_is_tried_again_and_one_that_waits_is_not(data):
    job = next(row for row in json.loads(knowhub(data, "jobs", "--json").stdout) if row["state"] == "failed")["job"]
    again = knowhub(data, "job", "retry", job, "--json")
    row = json.loads(again.stdout)
    assert (again.returncode, row["job"], row["state"], row["attempts"]) == (0, job, "queued", 0)
    assert states(data) == ["done", "queued", "queued"]
    refused = knowhub(data, "job", "retry", job)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "The job is queued; only one that failed or was cancelled can be retried." in refused.stderr
    assert knowhub(data, "job", "cancel", job).returncode == 0
    told = knowhub(data, "job", "retry", job)
    assert (told.returncode, told.stdout) == (0, "")
    assert "bad.ipynb: queued." in told.stderr
    assert "No worker is running" in told.stderr
    assert knowhub(data, "job", "retry", "nope").returncode == 2


def test_watch_as_json_prints_one_document_a_line(data):
    job = next(row for row in json.loads(knowhub(data, "jobs", "--json").stdout) if row["state"] == "queued")
    command = [sys.executable, "-m", "knowhub_ext.cli", "jobs", "--watch", "--json"]
    with subprocess.Popen(command, env=environment(data), stdout=subprocess.PIPE, text=True) as watching:
        first = [json.loads(watching.stdout.readline()) for _ in range(3)]
        assert {row["state"] for row in first} == {"done", "failed", "queued"}
        assert knowhub(data, "job", "cancel", job["job"]).returncode == 0
        assert [json.loads(line)["state"] for line in watching.stdout] == ["cancelled"]
        assert watching.wait(timeout=60) == 0


def test_watch_draws_over_itself_on_a_terminal_and_ctrl_c_ends_it_cleanly(data):
    screen, inside = pty.openpty()
    command = [sys.executable, "-m", "knowhub_ext.cli", "jobs", "--watch"]
    watching = subprocess.Popen(
        command, env=environment(data) | {"COLUMNS": "100", "LINES": "20"}, stdout=inside, stderr=inside, stdin=inside,
    )
    os.close(inside)
    seen, end = b"", time.monotonic() + 60
    while seen.count(b"\x1b[J") < 2 and time.monotonic() < end:
        seen += os.read(screen, 4096)
    watching.send_signal(signal.SIGINT)
    assert watching.wait(timeout=60) == 0
    os.close(screen)
    drawn = seen.decode()
    assert "1 queued, 1 failed, 1 done" in drawn
    assert "\x1b[4A" in drawn or "\x1b[3A" in drawn, "the second drawing goes up to the first"
    assert "Traceback" not in drawn


#: Presses Ctrl-C before every line that runs while the watching waits: at each step of the wait itself.
PRESSED_AT_EACH_LINE = """
import signal, sys
from knowhub_ext.cli.following import _until_interrupted

def press(frame, event, argument):
    signal.raise_signal(signal.SIGINT)
    return press

with _until_interrupted() as interrupted:
    print(interrupted.within(0.01), flush=True)
    sys.settrace(press)
    told = interrupted.within(30)
    sys.settrace(None)
    print(told, flush=True)
"""


def test_ctrl_c_may_come_at_any_step_of_the_wait_for_it():
    told = subprocess.run(
        [sys.executable, "-c", PRESSED_AT_EACH_LINE], capture_output=True, text=True, timeout=20, check=True
    )
    assert told.stdout.split() == ["False", "True"]
