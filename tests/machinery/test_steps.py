"""The numbered steps: what a person reads when they go well, and when they do not."""

from __future__ import annotations

import base
import pytest
import steps


def test_steps_are_numbered_and_timed(capsys: pytest.CaptureFixture[str]) -> None:
    done = [steps.Step("One", lambda: None), steps.Step("Two", lambda: "kept")]
    assert steps.perform_all(done, total=7) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("[1/7] One … 0.0 s")
    assert second.startswith("[2/7] Two … 0.0 s")
    assert second.endswith("(kept)")


def test_a_failed_step_says_why_and_stops_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    def fails() -> None:
        raise base.StepFailed("the disk is full; free some space")

    ran: list[str] = []
    assert steps.perform_all([steps.Step("Doomed", fails), steps.Step("Next", lambda: ran.append("next"))]) == 1
    assert "the disk is full; free some space" in capsys.readouterr().err
    assert not ran


def test_a_failing_program_shows_the_end_of_what_it_said() -> None:
    with pytest.raises(base.StepFailed, match=r"status 3(.|\n)*the reason"):
        base.logged("test", ["sh", "-c", "echo the reason; exit 3"])


@pytest.mark.parametrize(("span", "text"), [(0.44, "0.4 s"), (41.2, "41 s"), (125.0, "2 min 05 s")])
def test_spans_read_like_spans(span: float, text: str) -> None:
    assert steps.seconds(span) == text
