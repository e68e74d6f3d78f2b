"""Opening a data folder's database: under a shared hold, after a migration where one is due."""

from __future__ import annotations

import random
import time
from contextlib import ExitStack, closing

from knowhub_ext.config import KnowHub
from knowhub_ext.errors import Busy, DataLocked
from knowhub_ext.store.database import Store, sqlite_url
from knowhub_ext.store.folder import DataFolder
from knowhub_ext.store.schema import migrate, needs_migration

#: How long opening waits for others that open, migrate or restore the same folder at this moment, seconds.
PATIENCE_S = 10.0


def open_store(settings: KnowHub, folder: DataFolder, opened: ExitStack) -> Store:
    """Open the database under a shared hold of the folder; where a migration is due, migrate first.

    Several processes may do so at once, as on a first start: one of them migrates, the others wait for it.
    """
    url = settings.database_url or sqlite_url(folder.path)
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            store = _opened(url, folder, opened)
            if store is not None:
                return store
            _migrated(url, folder)
        except (DataLocked, Busy):
            if time.monotonic() > deadline:
                raise
            time.sleep(random.uniform(0.02, 0.2))  # apart from each other, or they keep meeting


def _opened(url: str, folder: DataFolder, opened: ExitStack) -> Store | None:
    """Return the open store, or None where a migration is due; then nothing is held or open any more."""
    with ExitStack() as attempt:
        attempt.enter_context(folder.hold())  # before the first look: a restore would change the file under it
        store = Store.open(url)
        attempt.callback(store.close)
        if needs_migration(store):
            return None
        opened.push(attempt.pop_all())
        return store


def _migrated(url: str, folder: DataFolder) -> None:
    """Migrate under an exclusive hold, after a backup. Locks cannot be traded up in one step, so it looks again."""
    with folder.hold(exclusive=True), closing(Store.open(url)) as store:
        migrate(store, backup_dir=folder.backups)
