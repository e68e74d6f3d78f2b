"""Broken and odd media of others: each ends as a result or as one sentence, never as a crash."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

EVAL = Path(os.environ.get("KNOWHUB_EVAL_DATA") or Path(__file__).parents[3] / "shared" / "eval")
FILES = sorted((EVAL / "hostile_media").glob("*"))

#: Runs in a child, since a crash of the decoder would take the test run with it.
CHILD = """
import json, resource, sys
from pathlib import Path
from knowhub_ext.backends import audio, probing
from knowhub_ext.errors import UnreadableFile
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
for name in sys.argv[1:]:
    path = Path(name)
    for step in (probing.probe, lambda p, name: len(audio.read(p, name=name))):
        try:
            told = str(step(path, name=path.name))
        except UnreadableFile as error:
            told = error.message
        print(json.dumps([path.name, told]), flush=True)
"""


@pytest.mark.skipif(not FILES, reason="the hostile media of KNOWHUB_EVAL_DATA are not here")
def test_each_ends_as_a_result_or_as_one_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *map(str, FILES)], capture_output=True, text=True, check=False, timeout=300
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, (told[-1:], done.stderr[-2000:])
    assert len(told) == 2 * len(FILES)
    refused = [text for _, text in told if text.startswith("'")]
    assert refused
    assert all(name in text for name, text in told if text.startswith("'"))
    assert len(refused) < len(told)
