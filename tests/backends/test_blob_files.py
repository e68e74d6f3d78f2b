"""Content on disk: atomic, durable, never linked to its source."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from knowhub_ext.backends.blob_stores import files
from knowhub_ext.backends.blob_stores.files import FileBlobStore
from knowhub_ext.errors import DiskFull


def stored(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_content_lies_under_its_hash_and_nothing_else_does(tmp_path: Path) -> None:
    source = tmp_path / "a.mp4"
    source.write_bytes(b"abc")
    blob = FileBlobStore(root=tmp_path / "blobs").put(source)
    assert stored(tmp_path / "blobs") == [blob.sha256]
    assert (tmp_path / "blobs" / blob.sha256).stat().st_nlink == 1
    assert source.stat().st_nlink == 1


def test_a_disk_that_is_full_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "a.mp4"
    source.write_bytes(b"abc")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(DiskFull, match=r"a\.mp4"):
        FileBlobStore(root=tmp_path / "blobs").put(source)
    assert stored(tmp_path / "blobs") == []


def test_a_half_written_file_of_that_name_is_replaced(tmp_path: Path) -> None:
    source = tmp_path / "a.mp4"
    source.write_bytes(b"abcdef")
    store = FileBlobStore(root=tmp_path / "blobs")
    blob = store.put(source)
    store.path(blob.sha256).chmod(0o600)
    store.path(blob.sha256).write_bytes(b"abc")
    assert store.put(source) == blob
    assert store.path(blob.sha256).read_bytes() == b"abcdef"


def test_the_name_appears_only_after_the_content_is_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "a.mp4"
    source.write_bytes(b"abc")
    seen: list[list[str]] = []
    flush = os.fsync
    monkeypatch.setattr(files.os, "fsync", lambda fd: (seen.append(stored(tmp_path / "blobs")), flush(fd)))
    blob = FileBlobStore(root=tmp_path / "blobs").put(source)
    assert len(seen) == 2, "the file, then the folder"
    assert [name.endswith(".part") for name in seen[0]] == [True]
    assert seen[1] == [blob.sha256]


def test_a_file_system_that_cannot_share_bytes_copies_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "a.mp4"
    source.write_bytes(b"abc" * 1_000_000)
    monkeypatch.setattr(files, "_reflinked", lambda source, target: False)
    store = FileBlobStore(root=tmp_path / "blobs")
    assert store.path(store.put(source).sha256).read_bytes() == source.read_bytes()
