"""Readers that try to break out, planted as somebody's plugin. Each says in its document what it got away with.

Not a test: it runs in cages, and without one as the control. `name` carries what to attack, as JSON.
"""

from __future__ import annotations

import json
import mmap
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import time

from knowhub_ext.domain.documents import Document

GOT = "got away with it"


class Attack:
    """Does one thing; an `OSError` or a `MemoryError` is what a wall looks like from the inside."""

    suffixes = frozenset({".attack"})

    def read(self, path, *, name):
        try:
            found = self.act(json.loads(name), path)
        except (OSError, MemoryError, ValueError) as error:
            return Document(text=f"stopped: {type(error).__name__}", blocks=())
        return Document(text=f"{GOT}: {found}", blocks=())


class Connects(Attack):
    def act(self, target, path):
        with socket.create_connection(("127.0.0.1", target["port"]), timeout=5) as wire:
            wire.sendall(b"here I am")


class ReadsAFile(Attack):
    def act(self, target, path):
        with open(target["secret"]) as file:
            return file.read()


class ReadsOurEnvironment(Attack):
    def act(self, target, path):
        with open(f"/proc/{target['pid']}/environ", "rb") as file:
            return "SECRET" in file.read().decode(errors="replace")


class ListsTheFolderOfItsFile(Attack):
    def act(self, target, path):
        return os.listdir(target["folder"])


class WritesAFile(Attack):
    def act(self, target, path):
        with open(target["folder"] + "/planted", "w") as file:
            file.write("x")


class WritesItsInput(Attack):
    def act(self, target, path):
        with open(path, "ab") as file:
            file.write(b"changed")


class Forks(Attack):
    def act(self, target, path):
        for _ in range(5):
            if os.fork() == 0:
                os._exit(0)
        return "five children"


class RunsAProgram(Attack):
    def act(self, target, path):
        return subprocess.run([sys.executable, "-c", "print(1)"], capture_output=True, check=True).stdout


class SignalsUs(Attack):
    def act(self, target, path):
        os.kill(target["pid"], 0)


class TakesEightGigabytes(Attack):
    def act(self, target, path):
        return len(mmap.mmap(-1, 8 << 30))


class RaisesItsLimits(Attack):
    def act(self, target, path):
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
        return len(mmap.mmap(-1, 3 << 30))


class OpensARawSocket(Attack):
    def act(self, target, path):
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).close()


class KeepsOurFiles(Attack):
    """Looks for descriptors that we left open to it: its own are 0, 1, 2 and the pipe that it answers through."""

    def act(self, target, path):
        found = [n for n in range(3, 64) if _is_open(n)]
        if len(found) > 1:
            return found
        raise OSError("nothing but the pipe")


def _is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


class Loops(Attack):
    def act(self, target, path):
        while True:
            pass


class Sleeps(Attack):
    def act(self, target, path):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(600)


class Crashes(Attack):
    def act(self, target, path):
        os.kill(os.getpid(), signal.SIGSEGV) if target.get("kill") else __import__("ctypes").string_at(0)


class FillsMemory(Attack):
    def read(self, path, *, name):
        held = []
        while True:
            held.append(bytearray(64 << 20))


class Exits(Attack):
    def act(self, target, path):
        os._exit(3)


class Prints(Attack):
    def read(self, path, *, name):
        os.write(1, b"J\0\0\0\4null" * 1000)
        print("not an answer")
        return Document(text="well", blocks=())


class Babbles(Attack):
    """Writes what it is told into the pipe that answers go through."""

    def act(self, target, path):
        pipe = next(n for n in range(3, 64) if _is_open(n))
        data = bytes.fromhex(target["say"])
        for _ in range(target.get("times", 1)):
            os.write(pipe, data)
        os._exit(0)


class Floods(Attack):
    def act(self, target, path):
        pipe = next(n for n in range(3, 64) if _is_open(n))
        piece = struct.pack(">cI", b"J", 1 << 16) + b"x" * (1 << 16)
        while True:
            os.write(pipe, piece)


class Stumbles(Attack):
    def read(self, path, *, name):
        raise KeyError("a bug of a parser")
