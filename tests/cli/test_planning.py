"""`knowhub plan`: what is left, on a terminal and as a file."""

from __future__ import annotations

import json

import icalendar

from knowhub_ext.testing.fixtures import tone
from knowhub_ext.testing.hubs import VTT


def test_what_is_left_is_spread_over_days(run, course, tmp_path):
    row = json.loads(run("plan", "demo", "--start", "2026-12-01", "--json")[1])
    assert (row["course"], row["days"], row["ends"]) == ("demo", [], None), "captions alone are nothing to watch"
    code, _, err = run("plan", "demo", "--ics", str(tmp_path / "plan.ics"))
    assert code == 0
    assert "Nothing is left to watch." in err
    assert not icalendar.Calendar.from_ical((tmp_path / "plan.ics").read_bytes()).walk("VEVENT")


def test_a_lecture_is_planned_and_written(run, course, tmp_path):
    sound = tone(tmp_path / "lecture.wav", seconds=10.0)
    (tmp_path / "lecture.vtt").write_text(VTT)
    assert run("add", "demo", str(sound), str(tmp_path / "lecture.vtt"))[0] == 0
    code, out, err = run("plan", "demo", "--start", "2026-12-01", "--days", "we", "--minutes", "5")
    assert code == 0
    assert out.startswith("2026-12-02  ")
    assert "to 2026-12-02." in err
    file = tmp_path / "plan.ics"
    assert run("plan", "demo", "--ics", str(file), "--address", "http://localhost:8888/")[0] == 0
    [event] = icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert str(event["URL"]).startswith("http://localhost:8888/knowhub/lesson/")


def test_mistakes_are_told_with_their_cure(run, course, tmp_path):
    code, _, err = run("plan", "demo", "--days", "someday")
    assert code == 2
    assert "mo,we,fr" in err
    assert run("plan", "demo", "--start", "31.12.")[0] == 2
    assert run("plan", "nope")[0] == 2
    code, _, err = run("plan", "demo", "--ics", str(tmp_path / "no" / "plan.ics"))
    assert code == 2
    assert "Choose another place." in err
