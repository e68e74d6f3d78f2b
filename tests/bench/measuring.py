"""How things are measured: wall and processor time in alternating rounds, memory of other processes, the machine.

Processor time is printed beside wall time because it moves less when other programs run. A child's peak is read from
its own `VmHWM`: what `wait4` reports starts, on Linux, at the size of the process that started the child.
"""

from __future__ import annotations

import math
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
EVAL = Path(os.environ.get("KNOWHUB_EVAL_DATA", ROOT.parent / "shared" / "eval"))
SAMPLE = ROOT / "notebooks" / "fullstack"
MB = 1e6

#: Makes what is needed and returns the work to be timed.
Lane = Callable[[], Callable[[], Any]]


class Unavailable(Exception):
    """This cannot be measured here; the message says what is missing."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """`quick`: fewer rounds, smaller inputs. `scratch`: a folder that goes afterwards."""

    quick: bool
    scratch: Path


@dataclass(frozen=True, kw_only=True)
class Spent:
    """Seconds: on the wall, and of all processors together."""

    wall: float
    cpu: float


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A child process that has ended: seconds, its largest resident size in bytes, what it printed."""

    wall: float
    cpu: float
    peak: int
    output: str


def spent(work: Callable[[], Any]) -> tuple[Spent, Any]:
    """Run `work` in this process; return what it took and what it returned."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return Spent(wall=time.perf_counter() - wall, cpu=time.process_time() - cpu), result


def alternate(lanes: Mapping[str, Lane], rounds: int) -> tuple[dict[str, list[Spent]], dict[str, Any]]:
    """Run all lanes once a round, each round beginning with another one; return their times and last results."""
    names = list(lanes)
    times: dict[str, list[Spent]] = {name: [] for name in names}
    results: dict[str, Any] = {}
    for turn in range(rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            work = lanes[name]()
            took, results[name] = spent(work)
            times[name].append(took)
    return times, results


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest of the values that `share` (above 0, up to 1) of them do not exceed: the nearest rank."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


def run_child(module: str, *arguments: str, env: Mapping[str, str] | None = None) -> Ran:
    """Run a module of this environment to its end and measure it from outside.

    Raises:
        RuntimeError: it failed; the message holds the end of what it said.
    """
    began = time.perf_counter()
    with child(module, *arguments, env=env) as process:
        peak = 0
        while True:
            peak = max(peak, peak_resident(process.pid))
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            time.sleep(0.02)
        process.returncode = os.waitstatus_to_exitcode(status)
        output, errors = process.stdout.read(), process.stderr.read()
    if process.returncode:
        raise RuntimeError(f"{module} ended with {process.returncode}: {errors[-2000:]}")
    took = time.perf_counter() - began
    return Ran(wall=took, cpu=usage.ru_utime + usage.ru_stime, peak=peak, output=output)


@contextmanager
def child(module: str, *arguments: str, env: Mapping[str, str] | None = None) -> Any:
    """Run a module of this environment as a child process that is gone when the block is left."""
    command = [sys.executable, "-m", module, *arguments]
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | dict(env or {}), stdin=subprocess.DEVNULL, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None and process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        process.stdout.close()
        process.stderr.close()


def peak_resident(pid: int) -> int:
    """Return the largest resident size a process had so far, in bytes; its present one where that is not told."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return resident(pid)


def resident(pid: int | None = None) -> int:
    """Return the resident size of a process in bytes, of this one where none is named; 0 where it is gone."""
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def machine() -> dict[str, Any]:
    """Return what this run is measured on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    load = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else 0.0
    return {
        "cores": cores, "processor": _processor(), "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "system": f"{platform.system()} {platform.machine()}", "python": platform.python_version(), "load": load,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
