"""Files that lead elsewhere lead nowhere: nobody hears of them and nothing of another file comes out."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowhub_ext.backends import audio, probing
from knowhub_ext.backends.cage import walls
from knowhub_ext.errors import UnreadableFile
from knowhub_ext.testing import fixtures
from tests.cage.listening import Listener
from tests.cage.playlists import corpus

#: How media are opened by whoever wants everything to play, each list that stands in the way lifted.
NAIVE = """
import json, sys
import av
heard = {}
for path in sys.argv[1:]:
    samples = 0
    for options in (
        {"protocol_whitelist": "file,http,tcp,crypto,data,cache,async,subfile,concat", "safe": "0",
         "allowed_extensions": "ALL", "extension_picky": "0"},
        {"protocol_whitelist": "file,http,tcp,crypto,data,cache,async,subfile,concat", "safe": "0"},
    ):
        try:
            with av.open(path, options=options, timeout=5) as box:
                for frame in box.decode(audio=0):
                    samples += frame.samples
        except Exception:
            continue
    heard[path] = samples
print(json.dumps(heard))
"""


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


@pytest.fixture
def files(tmp_path: Path, listener: Listener) -> list[Path]:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "added").mkdir()
    canary = fixtures.tone(tmp_path / "elsewhere" / "canary.wav", seconds=3)
    return corpus(tmp_path / "added", port=listener.port, canary=canary)


def test_the_control_that_opens_them_trustingly_is_led_away(files: list[Path], listener: Listener) -> None:
    done = subprocess.run(
        [sys.executable, "-c", NAIVE, *map(str, files)], capture_output=True, text=True, check=True, timeout=500
    )
    stolen = [Path(path).name for path, samples in json.loads(done.stdout).items() if samples]
    assert len(listener.heard) >= 5, "the listener is reached"
    assert len(stolen) >= 3, "the other file comes out"


def test_in_the_cage_nobody_hears_of_them_and_nothing_comes_out(
    caged: walls.Wall, files: list[Path], listener: Listener
) -> None:
    assert len(files) >= 40
    for path in files:
        with pytest.raises(UnreadableFile) as raised:
            probing.probe(path, name=path.name)
        assert raised.value.message.startswith(f"'{path.name}' ")
        assert "canary.wav" not in raised.value.message
        assert not _sound(path)
    assert listener.heard == []
    assert len(audio.read(fixtures.SPEECH)) > 8 * audio.RATE, "the decoder itself is well"


def _sound(path: Path) -> int:
    """How many samples come out of it."""
    try:
        return len(audio.read(path, name=path.name))
    except UnreadableFile:
        return 0
