"""A filter of system calls for the child itself: no network, no new process, no program, no other process, no writing.

Linux alone, x86-64 and 64-bit ARM; needs no privilege, so it also holds in containers that allow no namespaces. What
is forbidden answers EPERM; everything else is left alone, since libraries differ in what they ask for.
"""

from __future__ import annotations

import errno
import os
import platform
import struct
from collections.abc import Mapping, Sequence

_LD, _JEQ, _JGE, _JSET, _RET = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16
_CLONE_THREAD = 0x10000
_X32 = 0x40000000
#: O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND: the same numbers on both machines.
_WRITING = 0o1 | 0o2 | 0o100 | 0o1000 | 0o2000

#: Calls of both machines alike: io_uring (which goes around filters), pidfds, mounts.
_ALIKE = (424, 425, 426, 427, 428, 429, 430, 431, 432, 433, 434, 438, 440, 442)

_X86 = {
    "arch": 0xC000003E,
    # sockets; execve(at), fork, vfork; kill, tkill and queued signals; ptrace and other processes' memory; mounts,
    # roots, modules, keys, namespaces, bpf, perf, userfaultfd, memfd, handles; identity; shared memory and queues
    "denied": (
        41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 53, 288, 299, 307, 57, 58, 59, 322, 62, 200, 129, 297, 101, 310,
        311, 312, 165, 166, 155, 161, 163, 164, 167, 168, 169, 170, 171, 175, 176, 313, 246, 320, 248, 249, 250,
        272, 308, 321, 298, 323, 319, 303, 304, 135, 105, 106, 113, 114, 116, 117, 119, 64, 65, 66, 29, 30, 31, 68,
        69, 240,
    ),
    "clone": 56, "clone3": 435, "tgkill": 234, "openat2": 437,
    # creat, mkdir, rmdir, unlink, rename, link, symlink, chmod, chown, truncate, mknod, their -at forms, xattrs
    "writing": (
        76, 82, 83, 84, 85, 86, 87, 88, 90, 91, 92, 93, 94, 133, 258, 259, 260, 263, 264, 265, 266, 268, 316, 452,
        188, 189, 190, 132, 235, 261, 280,
    ),
    "open": {2: 1, 257: 2},
}
_ARM = {
    "arch": 0xC00000B7,
    "denied": (
        198, 199, 200, 201, 202, 203, 206, 207, 210, 211, 212, 242, 243, 269, 221, 281, 129, 130, 138, 240, 117,
        270, 271, 272, 40, 39, 41, 51, 89, 170, 224, 225, 142, 161, 162, 105, 106, 273, 104, 294, 217, 218, 219, 97,
        268, 280, 241, 282, 279, 264, 265, 92, 143, 144, 145, 146, 147, 149, 159, 190, 191, 192, 193, 186, 187, 188,
        189, 194, 195, 196, 180,
    ),
    "clone": 220, "clone3": 435, "tgkill": 131, "openat2": 437,
    "writing": (
        33, 34, 35, 36, 37, 38, 45, 52, 53, 54, 55, 88, 276, 452, 5, 6, 7,
    ),
    "open": {56: 2},
}  # fmt: skip
_MACHINES: Mapping[str, Mapping[str, object]] = {"x86_64": _X86, "AMD64": _X86, "aarch64": _ARM, "arm64": _ARM}


def program(*, writing: bool) -> bytes | None:
    """Return the filter for this machine as an array of `sock_filter`, or None where it is not known.

    Args:
        writing: files may be written, since the child sees none but its own.
    """
    machine = _MACHINES.get(platform.machine())
    if machine is None or struct.calcsize("P") != 8:
        return None
    steps = _entrance(int(machine["arch"]))  # type: ignore[call-overload]
    for number in (*machine["denied"], *_ALIKE, *(() if writing else machine["writing"])):  # type: ignore[misc]
        steps += _on(number, [_return(_ERRNO | errno.EPERM)])
    for key in ("clone3", "openat2"):  # their flags lie in memory where no filter sees them; libraries fall back
        steps += _on(machine[key], [_return(_ERRNO | errno.ENOSYS)])
    steps += _on(machine["clone"], _unless(0, _JSET, _CLONE_THREAD))
    steps += _on(machine["tgkill"], _unless(0, _JEQ, os.getpid()))
    if not writing:
        for number, argument in machine["open"].items():  # type: ignore[attr-defined]
            steps += _on(number, [_load(argument), _jump(_JSET, _WRITING, 0, 1), _return(_ERRNO | errno.EPERM),
                                  _return(_ALLOW)])
    return b"".join([*steps, _return(_ALLOW)])


def _entrance(arch: int) -> list[bytes]:
    """Kill on calls of another architecture; refuse x32 calls, whose numbers mean something else."""
    return [
        _step(_LD, _ARCH), _jump(_JEQ, arch, 1, 0), _return(_KILL), _step(_LD, _NUMBER),
        _jump(_JGE, _X32, 0, 1), _return(_ERRNO | errno.ENOSYS),
    ]


def _on(number: object, then: Sequence[bytes]) -> list[bytes]:
    """Take the steps `then`, which end in a return, for one call."""
    return [_jump(_JEQ, int(number), 0, len(then)), *then]  # type: ignore[call-overload]


def _unless(argument: int, test: int, value: int) -> list[bytes]:
    """Refuse unless an argument passes the test."""
    return [_load(argument), _jump(test, value, 0, 1), _return(_ALLOW), _return(_ERRNO | errno.EPERM)]


def _load(argument: int) -> bytes:
    return _step(_LD, _ARGUMENTS + 8 * argument)  # the low half: both machines are little-endian


def _return(value: int) -> bytes:
    return _step(_RET, value)


def _step(code: int, value: int) -> bytes:
    return struct.pack("HBBI", code, 0, 0, value)


def _jump(code: int, value: int, yes: int, no: int) -> bytes:
    return struct.pack("HBBI", code, yes, no, value)
