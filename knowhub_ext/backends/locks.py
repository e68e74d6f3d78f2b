"""One process at a time: an advisory lock on a file, let go by the system when its holder dies."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import IO

from knowhub_ext.errors import Busy


class FileLock:
    """Holds `path` exclusively from construction until `close()`.

    Raises:
        Busy: another holder has it, in this process or another; the message names its process where it is known.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: IO[bytes] | None = path.open("a+b")
        try:
            _take(self._file)
        except OSError as error:
            self._file.seek(0)
            number = self._file.read(20).decode("ascii", "replace").strip()
            self.close()
            raise Busy(
                f"{path} is held by {f'process {number}' if number else 'another process'}.",
                cure="Nothing needs doing: the other process goes on with it.",
            ) from error
        self._file.truncate(0)
        self._file.write(str(os.getpid()).encode())
        self._file.flush()

    def close(self) -> None:
        """Let go; harmless to call twice."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> FileLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _take(file: IO[bytes]) -> None:
    if os.name == "nt":
        import msvcrt

        file.seek(1 << 30)  # a byte nobody writes, so that the number before it can be read
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        file.seek(0)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
