"""The target of the caption fuzzer: `python -m tests.chaos.captions_fuzz CORPUS -seed=1 -max_total_time=10`.

Arguments are libFuzzer's (https://llvm.org/docs/LibFuzzer.html). With `KNOWHUB_PLANTED_BUG` set the readers have a
bug, which a fuzzer worth its time finds.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["knowhub_ext.backends", "knowhub_ext.domain", "webvtt", "srt", "pysubs2"]):
    from knowhub_ext.backends.transcribers.captions import CaptionsTranscriber
    from knowhub_ext.errors import UnreadableFile
    from knowhub_ext.ports import SpeechRequest

NAMES = ("a.vtt", "a.srt", "a.ass", "a.sbv", "a.ttml", "a.txt")
PLANTED = bool(os.environ.get("KNOWHUB_PLANTED_BUG"))
_file = Path(os.environ["KNOWHUB_FUZZ_FILE"])
_reader = CaptionsTranscriber()


def one(data: bytes) -> None:
    """Read one made-up file: it is refused with a sentence, or its cues are in order and each is one line of text."""
    name = NAMES[data[0] % len(NAMES)] if data else NAMES[0]
    _file.write_bytes(data[1:])
    try:
        found = _reader.transcribe(_file, SpeechRequest(name=name))
        cues = list(found.segments)
    except UnreadableFile as error:
        check(bool(error.message) and "\n" not in error.message, "a refusal is one sentence")
        return
    before = 0
    for cue in cues:
        check(before <= cue.start_ms <= cue.end_ms, "cues are in order and none runs backwards")
        check(bool(cue.text.strip()) and "\n" not in cue.text, "a cue is one line of text")
        before = cue.start_ms
        check(not (PLANTED and cue.end_ms > 3_600_000), "the planted bug")
    for problem in found.provenance.options.get("problems", []):
        check(bool(problem["message"]) and problem["line"] >= 0, "every problem is said and has its line")


def check(holds: bool, what: str) -> None:
    if not holds:
        raise AssertionError(what)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
