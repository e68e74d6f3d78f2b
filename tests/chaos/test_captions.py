"""B8: whatever a caption file holds, it is read or refused in a sentence; a fuzzer that sees branches looks on."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from tests.chaos.conftest import must_have
from tests.chaos.harness import ROOT, TIMES

SAMPLES = (
    "\0WEBVTT\n\nNOTE a\n\n1\n00:00:01.000 --> 00:00:02.500 align:start\n<v Ada>Hello <b>you</b></v>\n\n"
    "00:03.000 --> x\n",
    "\x011\n00:00:01,000 --> 00:00:02,500\nHello {\\an8}you\n\n2\n00:00:03,000 --> 00:00:01,000\nBackwards\n",
    "\x02[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Layer, Start, End, Style, Name, Text\n"
    "Dialogue: 0,0:00:01.00,0:00:02.50,Default,Ada,Hello\\Nyou\n",
    "\x030:00:01.000,0:00:02.500\nHello you\n\n0:00:03.000,0:00:04.000\nAgain\n",
    '\x04<?xml version="1.0"?><tt xmlns="http://www.w3.org/ns/ttml" xml:lang="en"><body><div>'
    '<p begin="1s" end="2.5s">Hello <span>you</span></p></div></body></tt>',
)
#: The fast run makes up the same files each time, so that a change is judged by what it changed; `make chaos` looks
#: elsewhere each time, for 10 minutes. The planted bug is found in a moment or not at all.
FAST_RUNS, FAST_SEED, FUZZ_S, PLANTED_S = 50_000, 20260101, 600, 120


def fuzz(folder: Path, limit: str, seed: int, **more: str) -> subprocess.CompletedProcess[str]:
    """Fuzz with a second and 64 MiB above what Python and the readers need for each input."""
    corpus = folder / "corpus"
    corpus.mkdir(parents=True)
    for number, text in enumerate(SAMPLES):
        (corpus / str(number)).write_text(text, encoding="utf-8")
    return subprocess.run(
        [
            sys.executable, "-m", "tests.chaos.captions_fuzz", str(corpus), f"-seed={seed}",
            limit, "-max_len=20000", "-timeout=5", "-rss_limit_mb=512",
            f"-artifact_prefix={folder}/found-", "-print_final_stats=1",
        ],
        env={**os.environ, "KNOWHUB_FUZZ_FILE": str(folder / "captions"), **more}, cwd=ROOT, text=True,
        capture_output=True, timeout=FUZZ_S + 300, check=False,
    )


def test_no_caption_file_crashes_its_reader(
    tmp_path: Path, chance: random.Random, figure: Callable[[str], None]
) -> None:
    must_have(find_spec("atheris") is not None, "atheris has no wheel for this system or Python")
    limit, seed = f"-runs={FAST_RUNS}", FAST_SEED
    if TIMES > 1:
        limit, seed = f"-max_total_time={FUZZ_S}", chance.randrange(1, 1 << 31)
    done = fuzz(tmp_path, limit, seed)
    runs = [line.split()[-1] for line in done.stderr.splitlines() if "number_of_executed_units" in line]
    found = [path.read_bytes()[:2000] for path in tmp_path.glob("found-*")]
    assert done.returncode == 0, f"{found}\n{done.stderr[-3000:]}"
    assert int(runs[0]) > 100, "the control: it did try"
    figure(f"B8: {runs[0]} made-up caption files, none crashed its reader")


def test_the_fuzzer_finds_a_planted_bug(tmp_path: Path, chance: random.Random) -> None:
    must_have(find_spec("atheris") is not None, "atheris has no wheel for this system or Python")
    done = fuzz(tmp_path, f"-max_total_time={PLANTED_S}", chance.randrange(1, 1 << 31), KNOWHUB_PLANTED_BUG="1")
    assert done.returncode != 0
    assert "the planted bug" in done.stderr + done.stdout
