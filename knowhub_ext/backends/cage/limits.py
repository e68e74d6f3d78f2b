"""How much of the machine one child may take, by its task and the size of its file.

Beyond these a file is refused: what a lecture or a handout needs lies far below them.
"""

from __future__ import annotations

from dataclasses import dataclass

MB = 1 << 20
#: A recording longer than this is refused: no lecture is, and 16 kHz samples of it would fill 2.8 GB.
LONGEST_S = 24 * 3600
#: One piece of a child's answer; a sound's pieces are far smaller.
FRAME_BYTES = 1 * MB
#: A child that may write at all (into its own small file system) may write this much.
SCRATCH_BYTES = 64 * MB


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """`memory` of address space and `output` in bytes; `cpu_s` of computing; `wall_s` that we wait for it, together.

    Time in which the child waits for us, because we take its answer slowly, is not counted.
    """

    memory: int
    cpu_s: int
    wall_s: float
    output: int


def limits_of(task: str, size: int, name: str = "") -> Limits:
    """Return the limits of `task` on a file of `size` bytes; a PDF is known by its `name`.

    Processor time grows with the file: the slowest codecs decode ten times faster than 10 s a megabyte, and a small
    file without end is stopped after half a minute. Address space is not memory used; FFmpeg's libraries alone map
    300 MB of it.
    """
    megabytes = size / MB
    if task == "sound":
        cpu = min(30 + 10 * megabytes, 4 * 3600)
        return Limits(memory=2048 * MB, cpu_s=round(cpu), wall_s=60 + 4 * cpu, output=(LONGEST_S + 60) * 16_000 * 2)
    if task == "probe":
        return Limits(memory=2048 * MB, cpu_s=20, wall_s=120, output=64 * 1024)
    cpu = min(20 + 5 * megabytes, 600)
    # PDFium holds no markup as a tree, and takes whatever a stream of zeros unfolds to
    base = 480 if name.lower().endswith(".pdf") else 1024
    memory = min(base * MB + 8 * size, 2048 * MB)
    return Limits(memory=memory, cpu_s=round(cpu), wall_s=60 + 4 * cpu, output=192 * MB)
