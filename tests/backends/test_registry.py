"""Backends by name: found late, refused by name, and a new one needs one file and one entry-point line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from knowhub_ext.backends import registry
from knowhub_ext.backends.embedders.hashing import HashingEmbedder
from knowhub_ext.errors import InvalidSetting, MissingBackend

ROOT = Path(__file__).parents[2]


def test_every_seam_has_a_plain_backend() -> None:
    plain = {
        "blob_stores": "files", "chat_models": "quote", "embedders": "hashing", "indexes": "memory",
        "readers": "text", "rerankers": "coverage", "runners": "inline", "transcribers": "captions",
    }
    assert set(plain) == set(registry.SEAMS)
    assert all(name in registry.names(seam) for seam, name in plain.items())


def test_a_backend_is_made_with_its_options() -> None:
    made = registry.create("embedders", "hashing", dimensions=16)
    assert isinstance(made, HashingEmbedder)
    assert made.dimensions == 16


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(MissingBackend, match=r"No backend 'word2vec' .* hashing, minilm"):
        registry.create("embedders", "word2vec")


def test_a_backend_of_an_extra_is_answered_with_the_command() -> None:
    with pytest.raises(MissingBackend) as raised:
        registry.create("indexes", "milvus")
    assert "pip install 'knowhub-ext[cluster]'" in raised.value.cure


def test_an_unknown_option_is_answered_with_the_right_ones() -> None:
    with pytest.raises(InvalidSetting, match=r"no option 'size'; it takes: dimensions"):
        registry.create("embedders", "hashing", size=16)


def test_a_missing_option_is_named() -> None:
    with pytest.raises(InvalidSetting, match="needs the option 'root'"):
        registry.create("blob_stores", "files")


def test_an_unknown_seam_is_answered_with_the_seams() -> None:
    with pytest.raises(InvalidSetting, match="transcribers"):
        registry.names("translators")


def test_listing_names_imports_no_backend_and_no_vendor() -> None:
    code = (
        "import sys; from knowhub_ext.backends import registry; [registry.names(s) for s in registry.SEAMS]; "
        "print(sorted(m for m in sys.modules if m.startswith(('knowhub_ext.backends.', 'numpy', 'chromadb', 'av', "
        "'faster_whisper', 'langchain', 'ctranslate2')) and m != 'knowhub_ext.backends.registry'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


GOOD = '''
from knowhub_ext.domain.segments import Provenance, Segment
from knowhub_ext.errors import UnreadableFile
from knowhub_ext.ports import Recognition

LINES = ((500, 4400, "What happens when its worker dies?"), (5000, 8500, "The task is lost."))

class Whisperer:
    def transcribe(self, path, request):
        data = path.read_bytes()
        if not data.startswith((b"OggS", b"RIFF")):
            raise UnreadableFile(f"'{request.name}' is no sound.")
        rows = [Segment(start_ms=a, end_ms=b, text=t) for a, b, t in LINES if a >= request.start_ms]
        return Recognition(
            provenance=Provenance(engine="whisperer", model="1"),
            segments=iter(rows if data.startswith(b"OggS") else []),
        )
'''


def run_contract(folder: Path, source: str) -> subprocess.CompletedProcess[str]:
    """Install a package of one module and one entry-point line into a folder, and run the contract tests on it."""
    (folder / "whisperer.py").write_text(source)
    about = folder / "whisperer-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: whisperer\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[knowhub.transcribers]\nwhisperer = whisperer:Whisperer\n")
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "whisperer",
        str(ROOT / "tests/contracts/test_transcribers.py"),
    ]
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTEST_ADDOPTS": ""}
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)


def test_a_new_transcriber_is_found_by_the_contract_tests(tmp_path: Path) -> None:
    done = run_contract(tmp_path, GOOD)
    assert done.returncode == 0, done.stdout
    assert "10 passed" in done.stdout


def test_a_new_transcriber_that_breaks_the_contract_fails(tmp_path: Path) -> None:
    done = run_contract(tmp_path, GOOD.replace("if a >= request.start_ms", ""))
    assert done.returncode == 1
    assert "test_it_goes_on_where_it_stopped[whisperer]" in done.stdout
