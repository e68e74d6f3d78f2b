"""The contract of transcribers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from knowhub_ext.errors import UnreadableFile
from knowhub_ext.ports import SpeechRequest, Transcriber
from knowhub_ext.testing import fixtures


class TranscriberContract:
    """Timed text from a medium or from captions; a transcriber reads at least one of the two."""

    @pytest.fixture
    def readable(self, backend: Transcriber, tmp_path: Path) -> Path:
        """The sample this backend reads: speech, or captions where it takes no media."""
        captions = tmp_path / "lecture.vtt"
        captions.write_text(fixtures.CAPTIONS, encoding="utf-8")
        for path in (fixtures.SPEECH, captions):
            try:
                list(backend.transcribe(path, SpeechRequest(name=path.name)).segments)
                return path
            except UnreadableFile:
                continue
        pytest.fail("it reads neither speech nor captions")

    def test_it_is_a_transcriber(self, backend: Any) -> None:
        assert isinstance(backend, Transcriber)

    def test_speech_becomes_text(self, backend: Transcriber, readable: Path) -> None:
        segments = list(backend.transcribe(readable, SpeechRequest(name=readable.name)).segments)
        text = " ".join(segment.text for segment in segments).casefold()
        assert "worker dies" in text
        assert "task is lost" in text

    def test_times_are_in_order_and_inside(self, backend: Transcriber, readable: Path) -> None:
        segments = list(backend.transcribe(readable, SpeechRequest(name=readable.name)).segments)
        assert [s.start_ms for s in segments] == sorted(s.start_ms for s in segments)
        assert all(0 <= s.start_ms < s.end_ms <= 9_000 for s in segments)
        for word in (word for s in segments for word in s.words):
            assert 0 <= word.start_ms < word.end_ms <= 9_000
            assert 0.0 <= word.probability <= 1.0

    def test_provenance_says_who_it_was(self, backend: Transcriber, readable: Path) -> None:
        provenance = backend.transcribe(readable, SpeechRequest(name=readable.name)).provenance
        assert provenance.engine
        assert provenance.model

    def test_asked_twice_it_says_the_same(self, backend: Transcriber, readable: Path) -> None:
        request = SpeechRequest(name=readable.name)
        first, second = (list(backend.transcribe(readable, request).segments) for _ in range(2))
        assert first == second

    def test_it_goes_on_where_it_stopped(self, backend: Transcriber, readable: Path) -> None:
        request = SpeechRequest(name=readable.name, start_ms=4_600)
        rest = list(backend.transcribe(readable, request).segments)
        assert rest
        assert all(s.start_ms >= 4_600 for s in rest)
        assert "lost" in rest[-1].text

    @pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 900, b"#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n"])
    def test_what_it_cannot_read_is_one_sentence(self, backend: Transcriber, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "blob"
        path.write_bytes(content)
        with pytest.raises(UnreadableFile) as raised:
            list(backend.transcribe(path, SpeechRequest(name="lecture.mp4")).segments)
        assert "lecture.mp4" in raised.value.message
        assert raised.value.cure

    def test_no_speech_is_a_result(self, backend: Transcriber, readable: Path, tmp_path: Path) -> None:
        if readable.suffix == ".vtt":
            empty = tmp_path / "empty.vtt"
            empty.write_text("WEBVTT\n", encoding="utf-8")
        else:
            empty = fixtures.tone(tmp_path / "silence.wav", seconds=3, hertz=0)
        request = SpeechRequest(name=empty.name, hot_words=("Celery", "Redis", "PostgreSQL"))
        assert list(backend.transcribe(empty, request).segments) == []
