"""Bombs are refused with one sentence, in bounded memory; ordinary documents of the same kind pass.

How long each took is printed, and held against the pass figure of B5 under `make chaos`.
"""

from __future__ import annotations

import io
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import pytest

from knowhub_ext.backends import audio, probing
from knowhub_ext.backends.cage import archives, decoding
from knowhub_ext.backends.cage.caged import CagedReader
from knowhub_ext.errors import UnreadableFile
from knowhub_ext.hub.parts import readers_by_suffix
from knowhub_ext.testing import fixtures
from tests.cage import bombs
from tests.cage.watching import watched
from tests.chaos.harness import at_most

MB = 1 << 20
#: Stands for any reader of archives: it does nothing, so that whatever refuses a bomb is the cage.
TRUSTING = '''
from knowhub_ext.domain.documents import Document

class Trusting:
    suffixes = frozenset({".docx"})

    def read(self, path, *, name):
        return Document(text="opened", blocks=())
'''


@pytest.fixture
def trusting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CagedReader:
    (tmp_path / "knowhub_trusting.py").write_text(TRUSTING)
    monkeypatch.syspath_prepend(str(tmp_path))
    return CagedReader("knowhub_trusting:Trusting", frozenset({".docx"}))


@pytest.fixture
def timed(figure: Callable[[str], None]) -> Callable[[str], AbstractContextManager[None]]:
    """Print how long a bomb took; under `make chaos` that is five seconds at most."""

    @contextmanager
    def measuring(case: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        took = time.monotonic() - began
        figure(f"B5 {case}: {took:.2f} s")
        at_most(5, took, case)

    return measuring


@pytest.mark.parametrize("case", [case for case, (_, suffix) in bombs.BOMBS.items() if suffix != ".pdf"])
def test_a_bomb_is_refused_in_little_memory(
    case: str, trusting: CagedReader, tmp_path: Path, timed: Callable[[str], AbstractContextManager[None]]
) -> None:
    make, suffix = bombs.BOMBS[case]
    path = tmp_path / "blob"
    path.write_bytes(make())
    with watched() as peak, timed(case), pytest.raises(UnreadableFile) as raised:
        trusting.read(path, name=f"handout{suffix}")
    assert raised.value.message.startswith("'handout")
    assert raised.value.cure
    assert peak.child < 512 * MB
    assert peak.own < 64 * MB


def test_the_control_reader_opens_what_the_cage_did_not_look_at(tmp_path: Path) -> None:
    path = tmp_path / "blob"
    path.write_bytes(bombs.ratio())
    with zipfile.ZipFile(path) as archive:
        assert archive.infolist()[0].file_size == 200 * MB > 500 * path.stat().st_size


def ordinary() -> dict[str, bytes]:
    """Archives as people make them."""
    sheet = io.BytesIO()
    with zipfile.ZipFile(sheet, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    prose = "".join(f"<w:p><w:r><w:t>Paragraph {n} of a thesis.</w:t></w:r></w:p>" for n in range(20_000))
    return {
        "a long thesis, which packs well": bombs._zip({"word/document.xml": f"<w:body>{prose}</w:body>".encode()}),
        "a spreadsheet in it": bombs._zip({"word/document.xml": b"<a/>", "word/embeddings/a.xlsx": sheet.getvalue()}),
        "five hundred slides": bombs._zip({f"ppt/slides/slide{n}.xml": b"<p:sld/>" * 50 for n in range(500)}),
        "no archive at all": b"Just text.",
        "a web page": b"<!DOCTYPE html><html><body>DOCTYPE and &lt;!ENTITY are words here.</body></html>",
        "nothing": b"",
    }


@pytest.mark.parametrize("case", ordinary())
def test_ordinary_files_pass(case: str, tmp_path: Path) -> None:
    path = tmp_path / "blob"
    path.write_bytes(ordinary()[case])
    archives.refuse_bomb(path, "handout.docx")


def test_an_ordinary_archive_reaches_its_reader(trusting: CagedReader, tmp_path: Path) -> None:
    path = tmp_path / "blob"
    path.write_bytes(ordinary()["a spreadsheet in it"])
    assert trusting.read(path, name="handout.docx").text == "opened"


def test_a_pdf_in_circles_ends(tmp_path: Path, timed: Callable[[str], AbstractContextManager[None]]) -> None:
    """Through whichever reader is installed for PDF; none refuses the file by its suffix."""
    reader = readers_by_suffix().get(".pdf")
    if reader is None:
        assert ".md" in readers_by_suffix(), "readers are found, only none for PDF"
        return
    path = tmp_path / "blob"
    path.write_bytes(bombs.pdf_loop())
    with watched() as peak, timed("a PDF in circles"):
        with suppress(UnreadableFile):
            assert not reader.read(path, name="handout.pdf").text.strip()
    assert peak.child < 512 * MB


@pytest.mark.parametrize("case", ["a PDF of zeros", "a PDF of zeros, packed twice"])
def test_a_pdf_that_unpacks_beyond_all_measure_is_refused_with_a_sentence(
    case: str, tmp_path: Path, timed: Callable[[str], AbstractContextManager[None]]
) -> None:
    """At once, not after three attempts; control: the same page with a megabyte of zeros is read, and empty."""
    reader = readers_by_suffix().get(".pdf")
    if reader is None:
        assert ".md" in readers_by_suffix(), "readers are found, only none for PDF"
        return
    path = tmp_path / "blob"
    path.write_bytes(bombs.pdf_zeros(MB))
    assert reader.read(path, name="handout.pdf").text == ""
    path.write_bytes(bombs.BOMBS[case][0]())
    with watched() as peak, timed(case), pytest.raises(UnreadableFile) as raised:
        reader.read(path, name="handout.pdf")
    assert "'handout.pdf'" in raised.value.message
    assert "MB" in raised.value.message
    assert "SIG" not in raised.value.message
    assert raised.value.cure
    assert peak.child < 512 * MB


def test_a_huge_cover_is_never_decoded(
    tmp_path: Path, timed: Callable[[str], AbstractContextManager[None]]
) -> None:
    import av

    sound = tmp_path / "plain.mp3"
    with av.open(str(sound), "w") as box:
        stream = box.add_stream("mp3", rate=44_100)
        fixtures._add_sound(box, stream, fixtures.tone(tmp_path / "a.wav", rate=44_100))
    song = bombs.song_with_picture(tmp_path, sound.read_bytes())
    assert song.stat().st_size < MB
    with watched() as peak, timed("a song with a huge cover, probed and heard"):
        info = probing.probe(song, name="song.mp3")
        heard = audio.read(song, name="song.mp3")
    assert (info.has_audio, info.has_video) == (True, False)
    assert len(heard) == pytest.approx(2 * audio.RATE, abs=4_000)
    assert peak.child < 160 * MB


def test_the_control_decodes_the_cover_and_pays_for_it(tmp_path: Path) -> None:
    path = tmp_path / "cover.png"
    path.write_bytes(bombs.picture())
    code = "import av, sys; [f for f in av.open(sys.argv[1]).decode(video=0)]"
    with watched() as peak:
        subprocess.run([sys.executable, "-c", code, str(path)], check=True)
    assert peak.child > 300 * MB


def test_a_recording_of_more_than_a_day_is_refused_by_its_header(tmp_path: Path) -> None:
    path = fixtures.tone(tmp_path / "day.wav", seconds=1, rate=8_000)
    head = bytearray(path.read_bytes()[:44])
    size = 25 * 3600 * 16_000
    head[4:8], head[40:44] = (size + 36).to_bytes(4, "little"), size.to_bytes(4, "little")
    with path.open("wb") as file:
        file.write(head)
        file.truncate(size + 44)  # a hole, which takes no room on the disk
    with pytest.raises(UnreadableFile, match="longer than 24 hours"):
        probing.probe(path, name="day.wav")


def test_sound_that_goes_on_whatever_its_header_says_ends_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = fixtures.tone(tmp_path / "a.wav", seconds=3)
    assert sum(len(piece) for piece in decoding.pieces(path, "a.wav")) == 3 * decoding.RATE * decoding.WIDTH
    monkeypatch.setattr(decoding, "LONGEST_S", 2)
    with pytest.raises(UnreadableFile, match=r"'a\.wav' is longer than"):
        list(decoding.pieces(path, "a.wav"))
