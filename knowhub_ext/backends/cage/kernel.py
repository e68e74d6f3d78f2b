"""What the Linux kernel is asked for from inside the child: fewer rights, one after the other, none ever given back.

Each function returns whether the kernel granted it; elsewhere than on Linux none does. Raises nothing.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import struct
import sys
from collections.abc import Sequence

_PDEATHSIG, _DUMPABLE, _SECCOMP, _NO_NEW_PRIVS = 1, 4, 22, 38
_FILTER = 2
_NEWUSER, _NEWNET, _NEWIPC = 0x10000000, 0x40000000, 0x08000000
_CAPSET = {"x86_64": 126, "aarch64": 91}
_RULESET, _RULE, _RESTRICT = 444, 445, 446
_READ_FILE, _READ_DIR = 4, 8
#: What each version of Landlock can forbid: bits of access to files; later ones add TCP, and then signals and sockets.
_BITS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}


def die_with_parent(parent: int) -> bool:
    """Ask to be killed when the parent is, and end at once where it has gone already (`parent`: its id, or 0)."""
    granted = _prctl(_PDEATHSIG, getattr(signal, "SIGKILL", 9))
    if granted and parent and os.getppid() != parent:
        os._exit(1)
    return granted


def forbid_privileges() -> bool:
    """No set-user-id program gives rights back, nobody may look into this process, no core is written."""
    _prctl(_DUMPABLE, 0)
    return _prctl(_NO_NEW_PRIVS, 1)


def leave_network() -> bool:
    """Move to a network without interfaces. Needs user namespaces, which some systems forbid."""
    libc = _libc()
    if libc is None or not hasattr(libc, "unshare"):
        return False
    return any(libc.unshare(flags) == 0 for flags in (_NEWUSER | _NEWNET | _NEWIPC, _NEWNET | _NEWIPC))


def drop_capabilities() -> bool:
    """Give up root's powers, those of a namespace too; without any this changes nothing."""
    libc, number = _libc(), _CAPSET.get(platform.machine())
    if libc is None or number is None:
        return False
    head = ctypes.create_string_buffer(struct.pack("Ii", 0x20080522, 0))
    return bool(libc.syscall(number, head, ctypes.create_string_buffer(24)) == 0)


def filter_calls(program: bytes | None) -> bool:
    """Install a seccomp filter, an array of `sock_filter`."""
    if program is None or _libc() is None:
        return False
    code = ctypes.create_string_buffer(program, len(program))
    pointer = struct.pack("HP", len(program) // 8, ctypes.addressof(code))
    held = ctypes.create_string_buffer(pointer, len(pointer))  # both stay alive until the kernel has copied them
    return _prctl(_SECCOMP, _FILTER, ctypes.addressof(held))


def read_only(paths: Sequence[str]) -> bool:
    """Keep this process from all files but those at or below `paths`, which it may read; no TCP either (Landlock)."""
    libc = _libc()
    version = libc.syscall(_RULESET, None, 0, 1) if libc is not None else -1
    if libc is None or version < 1:
        return False
    everything = (1 << _BITS.get(version, 16)) - 1
    attributes = struct.pack("QQQ", everything, 3, 3)[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = libc.syscall(_RULESET, ctypes.create_string_buffer(attributes, len(attributes)), len(attributes), 0)
    if rules < 0:
        return False
    for path in paths:
        _allow(libc, rules, path)
    done = libc.syscall(_RESTRICT, rules, 0) == 0
    os.close(rules)
    return bool(done)


def _allow(libc: ctypes.CDLL, rules: int, path: str) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not there: nothing to allow
    access = _READ_FILE | (_READ_DIR if os.path.isdir(path) else 0)
    rule = struct.pack("=Qi", access, place)
    libc.syscall(_RULE, rules, 1, ctypes.create_string_buffer(rule, len(rule)), 0)
    os.close(place)


def _prctl(option: int, *arguments: int) -> bool:
    libc = _libc()
    if libc is None:
        return False
    padded = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]]
    return bool(libc.prctl(option, *padded) == 0)


def _libc() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        return ctypes.CDLL(None, use_errno=True)
    except OSError:
        return None
