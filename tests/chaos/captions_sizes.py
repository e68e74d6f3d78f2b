"""What a caption file costs its reader: `python -m tests.chaos.captions_sizes NAME FILE...`.

Prints a line of JSON for each file, read under the name NAME: `seconds` of processor time, the best of three, and
`grown`, by how many bytes of resident memory the process grew while it read. Each is read in a process of its own, or
one would grow into what another left. With `KNOWHUB_PLANTED_BUG` set the reader takes its time by the cube of the
size, and 96 MiB.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

import psutil

from knowhub_ext.backends.transcribers.captions import CaptionsTranscriber
from knowhub_ext.errors import UnreadableFile
from knowhub_ext.ports import SpeechRequest

PLANTED = bool(os.environ.get("KNOWHUB_PLANTED_BUG"))


def seconds(name: str, path: Path) -> float:
    """Read a file and return the processor's seconds for it; a refusal is an answer too."""
    began = time.process_time()
    try:
        for _ in CaptionsTranscriber().transcribe(path, SpeechRequest(name=name)).segments:
            pass
    except UnreadableFile:
        pass
    if PLANTED:
        held = bytearray(b"x") * (96 << 20)
        sum(1 for _ in range(len(held) and (path.stat().st_size >> 10) ** 3 // 30))
    return time.process_time() - began


def measure(name: str, path: Path) -> dict[str, float]:
    before = psutil.Process().memory_info().rss
    took = [seconds(name, path)]
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before
    while len(took) < 3:
        took.append(seconds(name, path))
    return {"seconds": min(took), "grown": grown}


def main(name: str, paths: list[Path]) -> None:
    for path in paths:
        child = os.fork()
        if child == 0:
            print(json.dumps(measure(name, path)), flush=True)
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    warm = Path(sys.argv[2]).with_suffix(".warm")
    warm.write_bytes(Path(sys.argv[2]).read_bytes()[:1000])
    seconds(sys.argv[1], warm)  # what is imported on first use is no file's
    main(sys.argv[1], [Path(path) for path in sys.argv[2:]])
