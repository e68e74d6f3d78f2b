"""`make run`: from a bare checkout to a lecture playing in JupyterLab, in seven steps.

`make run LAB=0` stops after the answer; `make lab` (`--lab-only`) leaves the sample course alone.
"""

from __future__ import annotations

import os
import sys

from open_lab import open_lab
from prepare import SETUP
from sample import ask, ingest
from steps import Step, alone, perform_all

SAMPLE = [
    Step("Sample course: transcribing three lectures", ingest, talks=True),
    Step("A question", ask, talks=True),
]
LAB = Step("JupyterLab on the lesson", open_lab, talks=True)


def main() -> int:
    """The exit status of the first step that fails, else 0."""
    prepare = SETUP if "--lab-only" in sys.argv else SETUP + SAMPLE
    total = len(prepare) + 1
    with alone():
        status = perform_all(prepare, total)
    if status or os.environ.get("LAB") == "0":
        return status
    return perform_all([LAB], total, first=total)


if __name__ == "__main__":
    sys.exit(main())
