"""The contract of blob stores."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from knowhub_ext.errors import NotFound, UnreadableFile
from knowhub_ext.ports import BlobStore


class BlobStoreContract:
    """Content by its SHA-256. The fixture gives an empty store."""

    @pytest.fixture
    def source(self, tmp_path: Path) -> Path:
        path = tmp_path / "lecture.mp4"
        path.write_bytes(b"moving pictures" * 70_000)
        return path

    def test_it_is_a_blob_store(self, backend: Any) -> None:
        assert isinstance(backend, BlobStore)

    def test_content_comes_back_under_its_hash(self, backend: BlobStore, source: Path) -> None:
        blob = backend.put(source)
        assert blob.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
        assert blob.size == source.stat().st_size
        assert backend.path(blob.sha256).read_bytes() == source.read_bytes()

    def test_the_original_may_change_or_vanish(self, backend: BlobStore, source: Path) -> None:
        content = source.read_bytes()
        blob = backend.put(source)
        with source.open("r+b") as file:
            file.write(b"OTHER")
        assert backend.path(blob.sha256).read_bytes() == content
        source.unlink()
        assert backend.path(blob.sha256).read_bytes() == content

    def test_the_same_content_twice_is_one(self, backend: BlobStore, source: Path, tmp_path: Path) -> None:
        twin = tmp_path / "twin.mp4"
        twin.write_bytes(source.read_bytes())
        first, second = backend.put(source), backend.put(twin)
        assert first == second
        assert backend.path(first.sha256) == backend.path(second.sha256)

    def test_an_empty_file_is_content_too(self, backend: BlobStore, tmp_path: Path) -> None:
        (tmp_path / "empty").write_bytes(b"")
        assert backend.path(backend.put(tmp_path / "empty").sha256).read_bytes() == b""

    def test_removed_content_is_not_found(self, backend: BlobStore, source: Path) -> None:
        blob = backend.put(source)
        backend.remove(blob.sha256)
        backend.remove(blob.sha256)
        with pytest.raises(NotFound):
            backend.path(blob.sha256)

    def test_an_adopted_file_is_content_and_gone_from_where_it_was(self, backend: BlobStore, source: Path) -> None:
        content = source.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        blob = backend.adopt(source, sha256=sha256)
        assert (blob.sha256, blob.size) == (sha256, len(content))
        assert backend.path(sha256).read_bytes() == content
        assert not source.exists()

    def test_adopting_what_is_stored_already_leaves_one(self, backend: BlobStore, source: Path, tmp_path: Path) -> None:
        twin = tmp_path / "twin.mp4"
        twin.write_bytes(source.read_bytes())
        blob = backend.put(twin)
        assert backend.adopt(source, sha256=blob.sha256) == blob
        assert backend.path(blob.sha256).read_bytes() == twin.read_bytes()
        assert not source.exists()

    def test_what_is_not_there_cannot_be_adopted(self, backend: BlobStore, tmp_path: Path) -> None:
        with pytest.raises(UnreadableFile, match=r"nowhere\.part"):
            backend.adopt(tmp_path / "nowhere.part", sha256="0" * 64)

    @pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "0" * 63, "G" * 64, "a" * 64 + "/x"])
    def test_a_name_that_is_no_hash_is_not_found(self, backend: BlobStore, name: str) -> None:
        with pytest.raises(NotFound):
            backend.path(name)

    def test_what_cannot_be_read_is_one_sentence(self, backend: BlobStore, tmp_path: Path) -> None:
        with pytest.raises(UnreadableFile, match=r"nowhere\.mp4"):
            backend.put(tmp_path / "nowhere.mp4")
