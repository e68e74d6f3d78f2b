"""The inside of a cage: a process of its own that takes one request from its input, shuts itself in, does one task.

Started by `outside` alone. Everything that it says goes through `wire`; what libraries print goes nowhere.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Mapping
from typing import Any, BinaryIO

from knowhub_ext.backends.cage import kernel, seccomp, tasks, wire
from knowhub_ext.backends.cage.limits import FRAME_BYTES, SCRATCH_BYTES
from knowhub_ext.errors import KnowHubError, UnreadableFile, UserError

#: An optional checker of nbformat's validator that takes longer to load than all the rest; it does without.
_SLOW = ("rfc3987_syntax",)


def main() -> None:
    """Answer the request on the standard input; the exit code is 0 whenever there was an answer."""
    request = json.loads(sys.stdin.buffer.read())
    out = _only_way_out()
    try:
        layers = [] if request["bare"] else confine(request)
        _answer(request, layers, out)
        end: dict[str, Any] = {}
    except (KeyboardInterrupt, BrokenPipeError):
        os._exit(1)
    except MemoryError:
        limit = request["limits"]["memory"] >> 20
        end = _refusal(UnreadableFile(f"'{request['name']}' needs more than {limit} MB of memory to be opened."))
    except RecursionError:
        end = _refusal(UnreadableFile(f"'{request['name']}' is nested too deeply to be opened."))
    except UserError as error:
        end = _refusal(error)
    except Exception as error:
        end = {"broke": f"{type(error).__name__}: {error}"[:500]}
    out.write(wire.frame(wire.END, json.dumps(end).encode()))
    out.flush()
    os._exit(0)  # no destructor of a decoder has anything more to say


def confine(request: Mapping[str, Any]) -> list[str]:
    """Give up every right that the task does not need; return the names of the layers that hold.

    Own modules are loaded before: they are trusted, and where they lie may become unreadable.
    """
    walled = request["kind"] == "bubblewrap"
    layers = ["bubblewrap"] if walled else []
    kernel.die_with_parent(0 if walled else request["parent"])
    for name in request["modules"]:
        importlib.import_module(name)
    code = seccomp.program(writing=walled)
    layers += ["rlimits"] if _limit(request["limits"], scratch=walled, processes=code is None) else []
    kernel.forbid_privileges()
    if not walled and kernel.leave_network():
        layers.append("network namespace")
    kernel.drop_capabilities()
    if not walled and kernel.read_only(request["readable"]):
        layers.append("landlock")
    if kernel.filter_calls(code):
        layers.append("seccomp")
    return layers


def _answer(request: Mapping[str, Any], layers: list[str], out: BinaryIO) -> None:
    for name in _SLOW:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
    for kind, payload in tasks.run(request, layers):
        for at in range(0, len(payload), FRAME_BYTES):
            out.write(wire.frame(kind, payload[at : at + FRAME_BYTES]))
            out.flush()


def _refusal(error: KnowHubError) -> dict[str, Any]:
    return {"error": wire.error_form(error)}


def _only_way_out() -> BinaryIO:
    """Keep the pipe to ourselves: what a library prints must not be taken for our answer."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # our errors go nowhere already
    return out


def _limit(limits: Mapping[str, Any], *, scratch: bool, processes: bool) -> bool:
    """Set the limits of this process; a system that lacks one goes on with the others. Returns whether memory has one.

    `processes`: forbid new ones this way. It forbids threads as well, so a filter of calls is preferred.
    """
    try:
        import resource
    except ImportError:  # Windows
        return False
    wanted = {
        "CORE": 0, "FSIZE": SCRATCH_BYTES if scratch else 0, "NOFILE": 128, "MEMLOCK": 0, "CPU": limits["cpu_s"],
        "AS": limits["memory"], **({"NPROC": 0} if processes else {}),
    }
    done = set()
    for name, value in wanted.items():
        try:
            number = getattr(resource, f"RLIMIT_{name}")
            hard = resource.getrlimit(number)[1]
            top = value + 5 if name == "CPU" else value  # the first limit says why it ends, the second only kills
            if hard != resource.RLIM_INFINITY:
                top = min(top, hard)
            resource.setrlimit(number, (min(value, top), top))
            done.add(name)
        except (AttributeError, ValueError, OSError):
            continue
    return "AS" in done
