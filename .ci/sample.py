"""Steps 5 and 6 of `make run`: the sample course goes in for real, and a question about it is answered.

Nothing of the course is prepared: its videos are transcribed here and now by the command a person would type.
Adding what is there already is a no-op, so the second run is quick.
"""

from __future__ import annotations

import subprocess

from base import DATA, ROOT, VENV, StepFailed, child_env

COURSE = "fullstack"
FOLDER = f"notebooks/{COURSE}"
LESSON = "celery-worker-dies"
QUESTION = "What happens to a Celery task when its worker dies?"


def ingest() -> str:
    """`knowhub course import`: transcribe, cut, index; progress bars on the terminal."""
    knowhub("course", "import", FOLDER, "--wait")
    return f"in {DATA.relative_to(ROOT) if DATA.is_relative_to(ROOT) else DATA}"


def ask() -> None:
    """Ask the sample question and print the answer with its citations."""
    print(f'      $ knowhub ask {COURSE} "{QUESTION}"', flush=True)
    knowhub("ask", COURSE, QUESTION)


def knowhub(*arguments: str) -> None:
    """Run the command of the installed package on the try-out's data. Raises StepFailed when it does not end well."""
    status = subprocess.run(
        [VENV / "bin" / "knowhub", *arguments], cwd=ROOT, env=child_env(), stdin=subprocess.DEVNULL, check=False
    ).returncode
    if status:
        raise StepFailed(f"knowhub {' '.join(arguments)} ended with status {status}; what it said stands above.")
