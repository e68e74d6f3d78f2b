"""The Jupyter server's files as files of this machine: only those that really lie below its root."""

from __future__ import annotations

import os
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

from tornado.web import HTTPError

from knowhub_ext.errors import NotFound, UserError
from knowhub_ext.server.pools import Pool


class Contents:
    """Maps contents paths to paths and back. `manager` is a ContentsManager, or None where no Jupyter runs."""

    def __init__(self, manager: Any = None) -> None:
        self._manager = manager
        root = getattr(manager, "root_dir", "")
        self._root = Path(root).resolve() if root and hasattr(manager, "_get_os_path") else None

    def path_of(self, path: Path) -> str | None:
        """Return the contents path of a file below the root, or None where it is elsewhere or gone."""
        if self._root is None or not path.is_relative_to(self._root) or not path.exists():
            return None
        return path.relative_to(self._root).as_posix()

    def path_of_source(self, source: str) -> str | None:
        """Return the contents path of where an asset was copied from; None where nothing is known of it."""
        return self.path_of(Path(source)) if source else None

    async def resolve(self, path: str, pool: Pool) -> Path:
        """Return where the file or folder at a contents path lies.

        Raises:
            NotFound: there is none, or it is hidden.
            UserError: it is no file of this machine below the server's root.
        """
        if self._root is None:
            raise UserError(
                "Files cannot be added here: this server has no folder of files on this machine.",
                cure="Add them where they lie, with `knowhub add COURSE PATH`.",
            )
        clean = path.strip("/")
        try:
            await self._look(clean, pool)
            found = Path(self._manager._get_os_path(clean))
        except (HTTPError, ValueError, OSError) as error:
            raise NotFound(f"There is no file or folder '{path[:200]}'.", cure="Check the path in the file browser.") \
                from error
        await pool.run(self._check_inside, found, path)
        return found

    async def _look(self, path: str, pool: Pool) -> None:
        """Ask the manager, which knows what is hidden and what is allowed."""
        if iscoroutinefunction(self._manager.get):
            await self._manager.get(path, content=False)
        else:
            await pool.run(self._manager.get, path, content=False)

    def _check_inside(self, found: Path, path: str) -> None:
        """Refuse links that lead out of the root, in the path itself and in all of a folder."""
        inside = [found]
        if found.is_dir():
            inside += [Path(folder, name) for folder, _, names in os.walk(found) for name in names]
        for file in inside:
            if not file.resolve().is_relative_to(self._root or file):
                raise UserError(
                    f"'{path[:200]}' leads out of the folder that this Jupyter server shows ({file.name}).",
                    cure="Copy the file into it, or add it with `knowhub add COURSE PATH`.",
                )
