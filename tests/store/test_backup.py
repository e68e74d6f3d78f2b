"""Backup and restore: private, of the database in use, checked before anything is replaced."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import stat
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from knowhub_ext.domain.courses import Course
from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.media import Blob
from knowhub_ext.errors import DataTooNew, DiskFull, UnreadableFile, UserError
from knowhub_ext.store import backup, schema
from knowhub_ext.store.backup import back_up, restore
from knowhub_ext.store.database import Store, sqlite_url
from knowhub_ext.store.folder import DataFolder

DATABASE = "knowhub.sqlite3"


@pytest.fixture
def folder(tmp_path, migrated):
    made = DataFolder(tmp_path / "data")
    shutil.copy(migrated, made.path)
    return made


@pytest.fixture
def own(folder):
    """The store of the folder's own database, with one course and one content."""
    store = Store.open(sqlite_url(folder.path))
    fill(store, folder, "kept", b"lecture")
    yield store
    store.close()


@pytest.fixture
def archive(own, folder, tmp_path):
    back_up(own, folder, tmp_path / "all.tar")
    own.close()
    return tmp_path / "all.tar"


def fill(store: Store, folder: DataFolder, slug: str, content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    folder.blobs.mkdir(exist_ok=True)
    (folder.blobs / sha256).write_bytes(content)
    with store.write() as tx:
        tx.courses.add(Course(id=new_id(), slug=slug, title=slug))
        tx.blobs.put(Blob(sha256=sha256, size=len(content)))
    return sha256


def slugs(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT slug FROM course")]


def identity(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT value FROM meta WHERE name = 'identity'").fetchone()[0])


def state(folder: DataFolder) -> dict[str, bytes]:
    """Every file of the folder but those that come and go while it is open."""
    files = (path for path in folder.path.rglob("*") if path.is_file())
    return {str(path.relative_to(folder.path)): path.read_bytes() for path in files}


def repacked(archive: Path, change, *, name: str = "changed.tar") -> Path:
    """Unpack an archive, let `change` have its way with the folder, and pack it again."""
    fresh = archive.parent / "fresh"
    with tarfile.open(archive) as file:
        file.extractall(fresh, filter="data")
    change(fresh)
    with tarfile.open(archive.parent / name, "w") as file:
        for path in sorted(fresh.rglob("*")):
            if path.is_file():
                file.add(path, str(path.relative_to(fresh)))
    return archive.parent / name


def run_sql(statement: str):
    def change(fresh: Path) -> None:
        with closing(sqlite3.connect(fresh / DATABASE)) as connection, connection:
            connection.execute(statement)

    return change


def test_the_archive_brings_database_media_and_secret_back(own, folder, archive):
    secret, before = folder.secret(), state(folder)
    (folder.path / "secret").unlink()
    shutil.rmtree(folder.blobs)
    (folder.path / DATABASE).write_bytes(b"gone")
    row = restore(archive, folder)
    assert (row["blobs"], row["missing"]) == (1, 0)
    assert folder.secret() == secret
    assert slugs(folder.path / DATABASE) == ["kept"]
    assert {name for name in before if name.startswith("blobs/")} <= set(state(folder))
    assert (Path(row["previous"]) / DATABASE).read_bytes() == b"gone"


def test_a_database_that_lies_elsewhere_is_the_one_that_is_archived(own, folder, tmp_path):
    elsewhere = Store.open(sqlite_url(tmp_path / "elsewhere"))
    schema.migrate(elsewhere, backup_dir=None)
    fill(elsewhere, folder, "in-use", b"other")
    row = back_up(elsewhere, folder, tmp_path / "all.tar")
    elsewhere.close()
    with tarfile.open(tmp_path / "all.tar") as file:
        file.extract(DATABASE, tmp_path, filter="data")
    assert slugs(tmp_path / DATABASE) == ["in-use"]
    assert (row["blobs"], row["missing"]) == (1, 0)


def test_only_the_owner_can_read_the_archive_while_and_after_it_is_written(own, folder, tmp_path, monkeypatch):
    modes = []
    whole = backup._copied

    def watched(*paths):
        modes.append(stat.S_IMODE((tmp_path / "all.tar.part").stat().st_mode))
        return whole(*paths)

    monkeypatch.setattr(backup, "_copied", watched)
    before = os.umask(0)
    try:
        back_up(own, folder, tmp_path / "all.tar")
    finally:
        os.umask(before)
    assert [*modes, stat.S_IMODE((tmp_path / "all.tar").stat().st_mode)] == [0o600, 0o600]


def test_what_is_restored_can_be_read_by_the_owner_alone(folder, archive):
    def open_up(fresh: Path) -> None:
        for path in fresh.rglob("*"):
            path.chmod(0o755)

    restore(repacked(archive, open_up), folder)
    files = [folder.path / DATABASE, folder.path / "secret", *folder.blobs.iterdir()]
    assert [stat.S_IMODE(path.stat().st_mode) for path in files] == [0o600] * 3


def test_contents_the_folder_lacks_are_counted_in_the_backup_and_again_when_it_is_restored(own, folder, tmp_path):
    lost = fill(own, folder, "lost", b"lost")
    (folder.blobs / lost).unlink()
    row = back_up(own, folder, tmp_path / "all.tar")
    assert (row["blobs"], row["missing"]) == (1, 1)
    own.close()
    row = restore(tmp_path / "all.tar", folder)
    assert (row["blobs"], row["missing"]) == (1, 1)


def test_a_missing_target_folder_is_a_users_mistake(own, folder, tmp_path):
    with pytest.raises(UserError, match="no folder") as refused:
        back_up(own, folder, tmp_path / "nowhere" / "all.tar")
    assert refused.value.cure
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(("raised", "told"), [
    (OSError(28, "No space left on device"), DiskFull), (OSError(5, "Input/output error"), UserError),
    (RuntimeError("stopped"), RuntimeError),
])
def test_a_backup_that_fails_leaves_nothing_behind(own, folder, tmp_path, monkeypatch, raised, told):
    def fails(*_: object) -> None:
        raise raised

    (tmp_path / "out").mkdir()
    monkeypatch.setattr(backup, "_add", fails)
    with pytest.raises(told):
        back_up(own, folder, tmp_path / "out" / "all.tar")
    assert list((tmp_path / "out").iterdir()) == []


def test_what_a_killed_backup_left_is_no_obstacle(own, folder, tmp_path):
    (tmp_path / "all.tar.part").write_bytes(b"half")
    back_up(own, folder, tmp_path / "all.tar")
    assert not (tmp_path / "all.tar.part").exists()


def scribble(fresh: Path) -> None:
    """Damage pages in the middle of the database; its header stays whole."""
    path = fresh / DATABASE
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 3)
        file.write(b"\xff" * (size // 3))


def differ(fresh: Path) -> None:
    """Change one of the places where a row's value stands, so that table and index differ; all can still be read."""
    path = fresh / DATABASE
    path.write_bytes(path.read_bytes().replace(b"kept", b"kepx", 1))


@pytest.mark.parametrize(("change", "told"), [
    (scribble, UnreadableFile), (differ, UnreadableFile),
    (lambda fresh: (fresh / DATABASE).write_bytes(b"not a database" * 999), UnreadableFile),
    (lambda fresh: (fresh / DATABASE).write_bytes(b""), UnreadableFile),
    (lambda fresh: (fresh / DATABASE).unlink(), UnreadableFile),
    (run_sql("DELETE FROM alembic_version"), UnreadableFile),
    (run_sql("UPDATE alembic_version SET version_num = '9999'"), DataTooNew),
    (lambda fresh: next((fresh / "blobs").iterdir()).write_bytes(b"other"), UnreadableFile),
])
def test_an_archive_that_cannot_be_used_leaves_the_folder_untouched(folder, archive, change, told):
    damaged, before = repacked(archive, change), state(folder)
    with pytest.raises(told) as refused:
        restore(damaged, folder)
    assert refused.value.cure
    assert state(folder) == before
    assert not folder.backups.exists()


def test_control_an_archive_that_was_packed_again_unchanged_is_restored(folder, archive):
    restore(repacked(archive, lambda fresh: None), folder)
    assert slugs(folder.path / DATABASE) == ["kept"]


def test_a_restored_database_is_another_one_for_caches(folder, archive):
    before = identity(folder.path / DATABASE)
    restore(archive, folder)
    assert identity(folder.path / DATABASE) not in ("", before)


def test_a_backup_of_the_version_before_is_restored_and_migrated(folder, archive):
    def older(fresh: Path) -> None:
        with closing(Store.open(sqlite_url(fresh))) as store, store.engine.begin() as connection:
            config = Config()
            config.set_main_option("script_location", str(schema._MIGRATIONS))
            config.attributes["connection"] = connection
            command.downgrade(config, "0002")

    restore(repacked(archive, older), folder)
    store = Store.open(sqlite_url(folder.path))
    assert schema.migrate(store, backup_dir=None)
    with store.read() as tx:
        assert [course.slug for course in tx.courses.all()] == ["kept"]
        assert len(tx.meta.identity()) == 32
    store.close()


@pytest.mark.parametrize("url", ["postgresql+psycopg://ada:hush@db/knowhub", "sqlite:////somewhere/else.sqlite3"])
def test_restoring_beside_the_database_in_use_is_refused_with_the_cure(folder, archive, url):
    before = state(folder)
    with pytest.raises(UserError) as refused:
        restore(archive, folder, database_url=url)
    assert "KNOWHUB_DATABASE_URL" in refused.value.cure
    assert "hush" not in refused.value.message
    assert state(folder) == before


def test_the_folders_own_database_may_be_named(folder, archive):
    restore(archive, folder, database_url=sqlite_url(folder.path))
    assert slugs(folder.path / DATABASE) == ["kept"]
