"""Caption files that nobody wrote: bytes changed at random never break the parsers, times stay in order, memory small.

`KNOWHUB_CHAOS=20` multiplies the cases. A failing case prints its seed; `KNOWHUB_SEED=n` runs that one alone.
"""

from __future__ import annotations

import os
import random
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from knowhub_ext.backends.transcribers.captions import CaptionsTranscriber
from knowhub_ext.domain.captions import FORMATS
from knowhub_ext.domain.notes import MAX_NOTES
from knowhub_ext.domain.segments import Segment, monotone
from knowhub_ext.errors import UnreadableFile
from knowhub_ext.ports import Recognition, SpeechRequest

CASES = 5_000 * max(1, int(os.environ.get("KNOWHUB_CHAOS") or 1))
SEED = os.environ.get("KNOWHUB_SEED")
KINDS = ("vtt", "srt", "ttml", "ass", "sbv")
MIB = 1 << 20
TOKENS = [
    b"-->", b"\n", b"\n\n", b"<v ", b"<i>", b"</", b"&#x", b"&lt;", b"{\\p1}", b"\\N", b"00:00:01.000", b"99:99:99,999",
    b"WEBVTT", b"[Events]", b"Dialogue: ", b"Format: Text", b"<tt ", b"<p begin=\"", b"dur=\"9e9s\"", b"<!DOCTYPE a [",
    b"\xff\xfe", b"\xef\xbb\xbf", b"\x00", b"\xc3\x28", b"9" * 5_000, "\u202e\u2028".encode(), b"\r",
]


def sample(kind: str, cues: int = 12) -> bytes:
    rows = [
        Segment(start_ms=n * 2_000, end_ms=n * 2_000 + 1_900, text=f"Sentence {n} of <Celery> & GIN, naïve 漢.",
                speaker=("", "Ada", "Bob Smith")[n % 3])
        for n in range(cues)
    ]
    if kind == "sbv":
        stamps = [f"0:{s.start_ms // 60_000:02}:{s.start_ms // 1000 % 60:02}.000" for s in rows]
        return "".join(f"{at},{at}\n{s.text}\n\n" for at, s in zip(stamps, rows, strict=True)).encode()
    return FORMATS[kind][1](rows).encode()


def mutated(data: bytes, dice: random.Random) -> bytes:
    rows = bytearray(data)
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(rows) + 1)
        match dice.randrange(5):
            case 0:
                rows[at:at] = dice.choice(TOKENS)
            case 1:
                del rows[at : at + dice.randint(1, 40)]
            case 2:
                rows[at : at + 1] = bytes([dice.randrange(256)])
            case 3:
                rows[at:at] = rows[dice.randrange(len(rows) + 1) :][: dice.randint(1, 200)]
            case 4:
                rows[at : at + 2] = rows[at : at + 2][::-1]
    return bytes(rows)


def recognised(path: Path, data: bytes, name: str) -> tuple[list[Segment], Recognition] | None:
    """Return what is read, or None where one sentence refuses the file; anything else that is raised is the failure."""
    path.write_bytes(data)
    with suppress(UnreadableFile):
        found = CaptionsTranscriber().transcribe(path, SpeechRequest(name=name))
        return list(found.segments), found
    return None


def check(segments: Sequence[Segment], found: Recognition) -> None:
    starts = [s.start_ms for s in segments]
    assert starts == sorted(starts)
    assert all(0 <= s.start_ms < s.end_ms and s.text.strip() and "\n" not in s.text for s in segments)
    problems = found.provenance.options.get("problems", [])
    assert len(problems) <= MAX_NOTES
    assert all(row["line"] >= 0 and row["message"] for row in problems)
    within = list(monotone(segments, duration_ms=9_000))
    assert all(s.start_ms < s.end_ms <= 9_000 for s in within)


@pytest.mark.parametrize("kind", KINDS)
def test_changed_bytes_never_break_a_parser(tmp_path: Path, kind: str) -> None:
    seeds = [int(SEED)] if SEED else range(CASES // len(KINDS))
    path, whole, read = tmp_path / "blob", sample(kind), 0
    for seed in seeds:
        data = mutated(whole, random.Random(f"{kind}{seed}"))
        try:
            got = recognised(path, data, f"a.{kind}")
            if got is not None:
                read += 1
                check(*got)
        except BaseException:
            print(f"KNOWHUB_SEED={seed} ({kind}): {data[:2000]!r}")
            raise
    assert SEED or read > CASES // len(KINDS) // 3, "most of the cases should still hold cues"


def large(kind: str) -> Iterator[tuple[str, bytes]]:
    """Yield files of a MiB that are as bad as they can be."""
    usual = sample(kind, 40)
    yield "many cues", sample(kind, MIB // (len(usual) // 40))
    for name, unit in (
        ("tags", b"<a"), ("voices", b"<v.a"), ("spaces", b"<v  "), ("arrows", b"-->\n"), ("blank", b"a\n\n"),
        ("overrides", b"{\\"), ("entities", b"&#1"), ("digits", b"1"), ("nesting", b"<span>a"),
        ("lines", b"Dialogue:\n"), ("stamps", b"00:00:01.000 --> 00:00:02.000\n"), ("one line", b"x"),
    ):
        yield name, usual + unit * (MIB // len(unit))
        cut = usual[: len(usual) // 2]
        yield f"{name} inside", cut + unit * (MIB // len(unit)) + usual[len(cut) :]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_a_megabyte_takes_little_memory(tmp_path: Path, kind: str) -> None:
    for name, data in large(kind):
        tracemalloc.start()
        try:
            got = recognised(tmp_path / "blob", data, f"a.{kind}")
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        print(f"{kind}, {name}: {len(data) / MIB:.1f} MiB, peak {peak / MIB:.1f} MiB, {len(got[0]) if got else 0} cues")
        assert peak <= 64 * MIB * max(1.0, len(data) / MIB), f"{name} took {peak / MIB:.0f} MiB"
        if got is not None:
            check(*got)


def test_control_a_parser_that_breaks_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(text: str) -> None:
        raise KeyError("a bug")

    monkeypatch.setitem(CaptionsTranscriber.transcribe.__globals__["_LINES"], "vtt", breaks)
    with pytest.raises(KeyError):
        recognised(tmp_path / "blob", sample("vtt"), "a.vtt")
