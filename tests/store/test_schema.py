from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from knowhub_ext.errors import DataTooNew
from knowhub_ext.store import schema
from knowhub_ext.store.database import Store, sqlite_url
from knowhub_ext.store.tables import METADATA
from tests.store.versions import at, kept


def test_an_empty_database_gets_all_tables_once(empty, tmp_path):
    assert schema.needs_migration(empty)
    assert schema.migrate(empty, backup_dir=tmp_path / "backups")
    assert not schema.needs_migration(empty)
    assert not schema.migrate(empty, backup_dir=tmp_path / "backups")
    assert not (tmp_path / "backups").exists(), "there was nothing to back up"
    with empty.engine.connect() as connection:
        assert set(METADATA.tables) | {"passage_fts", "alembic_version"} <= set(inspect(connection).get_table_names())


def test_the_migrations_make_exactly_the_tables_of_the_models(empty):
    schema.migrate(empty, backup_dir=None)
    with empty.engine.connect() as connection:
        options = schema.configuration()
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, options["target_metadata"]) == []


def test_control_a_missing_column_or_index_is_drift(empty):
    schema.migrate(empty, backup_dir=None)
    with empty.engine.connect() as connection:
        connection.execute(text("ALTER TABLE worker DROP COLUMN host"))
        connection.execute(text("DROP INDEX ix_job_asset_id"))
        options = schema.configuration()
        context = MigrationContext.configure(connection, opts=options)
        found = {change[0] for change in compare_metadata(context, options["target_metadata"])}
    assert found == {"add_column", "add_index"}


def test_every_constraint_has_a_name():
    unnamed = [
        f"{table.name}.{constraint}" for table in METADATA.tables.values() for constraint in table.constraints
        if not constraint.name
    ]
    assert unnamed == []


def test_the_list_of_revisions_is_that_of_the_files():
    config = Config()
    config.set_main_option("script_location", str(schema._MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert tuple(script.revision for script in reversed(list(scripts.walk_revisions()))) == schema.REVISIONS


def test_a_migration_can_be_taken_back(empty):
    schema.migrate(empty, backup_dir=None)
    with empty.engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(schema._MIGRATIONS))
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}
    assert schema.migrate(empty, backup_dir=None)


def test_data_of_a_newer_version_is_refused_and_left_alone(store, tmp_path):
    with store.write() as tx:
        tx.session.run(text("UPDATE alembic_version SET version_num = '9999'"))
    for refuse in (lambda: schema.needs_migration(store), lambda: schema.migrate(store, backup_dir=tmp_path / "b")):
        with pytest.raises(DataTooNew, match="9999"):
            refuse()
    with store.read() as tx:
        assert tx.session.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    assert not (tmp_path / "b").exists()


def test_a_due_migration_keeps_the_data_and_copies_it_first(empty, tmp_path):
    at(empty, "0001")
    course = kept(empty)
    assert schema.needs_migration(empty)
    assert schema.migrate(empty, backup_dir=tmp_path / "backups")
    with empty.read() as tx:
        assert tx.courses.get("kept") == course
        assert tx.jobs.page(None, None, 5) == []
    copies = sorted((tmp_path / "backups").glob("*")) if (tmp_path / "backups").exists() else []
    if empty.dialect != "sqlite":
        assert copies == []
        return
    assert [path.name.rpartition("-")[0] for path in copies] == ["knowhub-0001"]
    assert copies[0].stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(copies[0])) as copy:
        assert copy.execute("SELECT slug FROM course").fetchall() == [("kept",)]
        assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_each_database_has_an_identity_of_its_own(tmp_path):
    found = []
    for name in ("one", "two"):
        store = Store.open(sqlite_url(tmp_path / name))
        schema.migrate(store, backup_dir=None)
        with store.read() as tx:
            found.append(tx.meta.identity())
        store.close()
    assert len(set(found)) == 2


def test_a_migration_that_breaks_leaves_everything_as_it_was(empty, tmp_path, monkeypatch):
    at(empty, "0001")
    whole = schema._upgrade

    def breaks(connection, target):
        whole(connection, target)
        raise RuntimeError("power cut")

    monkeypatch.setattr(schema, "_upgrade", breaks)
    with pytest.raises(RuntimeError):
        schema.migrate(empty, backup_dir=None)
    monkeypatch.undo()
    with empty.engine.connect() as connection:
        assert "job" not in inspect(connection).get_table_names()
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "0001"
    assert schema.migrate(empty, backup_dir=None)


def test_two_that_migrate_at_once_both_end_well(empty_url):
    done, gate = [], threading.Barrier(2)

    def work() -> None:
        store = Store.open(empty_url)
        gate.wait()
        done.append(schema.migrate(store, backup_dir=None))
        store.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, True]


def test_many_that_open_a_new_database_at_once_all_get_in(tmp_path):
    """SQLite answers "locked" at once, without its timeout, where two switch a file to its write-ahead log."""
    failed: list[Exception] = []

    def work(url: str, gate: threading.Barrier) -> None:
        store = Store.open(url)
        gate.wait()
        try:
            schema.needs_migration(store)
        except Exception as error:
            failed.append(error)
        store.close()

    for number in range(30):
        gate = threading.Barrier(6)
        arguments = (sqlite_url(tmp_path / str(number)), gate)
        threads = [threading.Thread(target=work, args=arguments) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failed == []


def test_foreign_keys_are_enforced_again_after_a_migration(tmp_path):
    store = Store.open(sqlite_url(tmp_path))
    schema.migrate(store, backup_dir=None)
    for _ in range(3):
        with store.write() as tx:
            assert tx.session.scalar(text("PRAGMA foreign_keys")) == 1
    store.close()


def test_the_migrations_lie_inside_the_package():
    """A wheel holds what lies in the package; the path is taken from there and not from a working folder."""
    assert schema._MIGRATIONS == Path(schema.__file__).parent / "migrations"
    assert {path.stem[:4] for path in (schema._MIGRATIONS / "versions").glob("0*.py")} == set(schema.REVISIONS)


def test_opening_a_current_database_does_not_import_alembic(tmp_path):
    code = (
        "import sys; from pathlib import Path\n"
        "from knowhub_ext.store.database import Store, sqlite_url\n"
        "from knowhub_ext.store import schema\n"
        f"store = Store.open(sqlite_url(Path({str(tmp_path)!r})))\n"
        "assert not schema.needs_migration(store)\n"
        "assert 'alembic' not in sys.modules and 'numpy' not in sys.modules\n"
    )
    store = Store.open(sqlite_url(tmp_path))
    schema.migrate(store, backup_dir=None)
    store.close()
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(schema.__file__).parents[2])


def test_the_word_index_forgets_passages_that_are_removed_by_cascade(store, make):
    asset = make.asset()
    make.passages(asset, ["a GIN index", "a B-tree"])
    with store.write() as tx:
        count = text("SELECT count(*) FROM passage_fts")
        assert tx.session.scalar(count) == 2
        tx.session.run(text("DELETE FROM course WHERE id = :id"), {"id": asset.course_id})
        assert tx.session.scalar(count) == 0
