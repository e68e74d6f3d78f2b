"""How much memory the children of this process hold at most while something runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil


class Peak:
    """Bytes of resident memory: of the largest child, and how much this process grew."""

    def __init__(self) -> None:
        self.child = 0
        self.own = 0


@contextmanager
def watched() -> Iterator[Peak]:
    peak, over, me = Peak(), threading.Event(), psutil.Process()
    before, mine, words = me.memory_info().rss, me.exe(), me.cmdline()

    def look() -> None:
        while not over.is_set():
            for child in me.children(recursive=True):
                try:
                    if child.exe() != mine or child.cmdline() != words:  # before it runs its program it is a copy of us
                        peak.child = max(peak.child, child.memory_info().rss)
                except psutil.Error:
                    continue
            peak.own = max(peak.own, me.memory_info().rss - before)
            time.sleep(0.005)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        over.set()
        thread.join()
