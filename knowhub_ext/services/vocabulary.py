"""A course's hot words: gathered from what its educator wrote and its files call things, for one lecture or for all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from knowhub_ext.domain.hotwords import HotWord, Mined, bounded, gathered
from knowhub_ext.domain.media import Asset, AssetKind
from knowhub_ext.errors import KnowHubError
from knowhub_ext.ports import BlobStore, Reader
from knowhub_ext.store.database import Store, Tx

_SLIDES = frozenset({".pptx", ".ppt", ".odp"})


class Vocabulary:
    def __init__(self, store: Store, blobs: BlobStore, readers: Mapping[str, Reader]) -> None:
        self._store = store
        self._blobs = blobs
        self._readers = readers

    def of_lecture(self, asset: Asset) -> tuple[str, ...]:
        """Return the words to give the engine for a medium: the educator's, then mined ones, its own lesson's first."""
        with self._store.read() as tx:
            course = tx.courses.get(asset.course_id)
            files = self._mined(tx, tx.assets.of_course(course.id), asset.lesson_id)
        return tuple(row.word for row in bounded(gathered(course.hot_words, files, hidden=course.speech.hidden)))

    def of_course(self, tx: Tx, course_id: str) -> list[HotWord]:
        """Return all words of a course, hidden ones too, best first."""
        course = tx.courses.get(course_id)
        return gathered(course.hot_words, self._mined(tx, tx.assets.of_course(course_id), ""))

    def _mined(self, tx: Tx, assets: Sequence[Asset], lesson_id: str) -> list[Mined]:
        files = [asset for asset in assets if asset.kind in (AssetKind.NOTEBOOK, AssetKind.DOCUMENT)]
        return [
            Mined(words=words, source=_source(asset), name=asset.name, near=asset.lesson_id == lesson_id)
            for asset in files for words in self._words(tx, asset, near=asset.lesson_id == lesson_id)
        ]

    def _words(self, tx: Tx, asset: Asset, *, near: bool) -> Iterator[Sequence[str]]:
        """Yield what was mined when the file was read; the lesson's own notebook is read now where it was not yet."""
        document = tx.contents.get(asset.id)
        if document is not None:
            yield document.hot_words
        elif near and asset.kind is AssetKind.NOTEBOOK:
            try:
                yield self._readers[".ipynb"].read(self._blobs.path(asset.sha256), name=asset.name).hot_words
            except (KnowHubError, KeyError):
                return  # a damaged notebook has its own job to say so; speech goes on without its words


def _source(asset: Asset) -> str:
    if asset.kind is AssetKind.NOTEBOOK:
        return "notebook"
    return "slides" if PurePath(asset.name).suffix.lower() in _SLIDES else "document"
