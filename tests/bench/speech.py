"""Speech: the hub's reading stage, its transcriber alone, and plain faster-whisper in both its ways, in turns.

The nearest peer is the engine's own pipeline over clips, since the hub cuts clips too. The engine's sequential way
meets doubtful windows with dice, up to five times, so that the very same call takes now 6 s and now 12.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from knowhub_ext.backends.vendors import usable_threads
from knowhub_ext.domain.segments import Transcript
from knowhub_ext.ports import SpeechRequest
from knowhub_ext.testing.hubs import plain_hub
from tests.bench import plain_speech, scoring
from tests.bench.figures import Figure, Peer, Section
from tests.bench.lectures import Lecture, address, joined, model_folder, put_in, reading, sample
from tests.bench.measuring import ROOT, Lane, Options, Spent, alternate, median

STAGE, ENGINE = "the reading stage", "the transcriber alone"
CLIPS, SEQUENTIAL = "faster-whisper, in clips", "faster-whisper, sequential"
_ROUNDS, _MORE = 3, 2
_TARGET = "target ≤ 1.05"


def sections(options: Options) -> list[Section]:
    """Return one section a file.

    Raises:
        Unavailable: there is no packaged speech model.
    """
    folder = str(model_folder())
    # one model a way: what the sequential way leaves in an engine's buffers makes its next run a tenth faster
    models = {way: plain_speech.load(folder, usable_threads()) for way in (CLIPS, SEQUENTIAL)}
    real = None if options.quick else address()
    return [_section(lecture, models, options) for lecture in (sample("celery-worker-dies"), real) if lecture]


def _section(lecture: Lecture, models: dict[str, Any], options: Options) -> Section:
    rounds = 1 if options.quick else _ROUNDS
    with ExitStack() as stack:
        bench = _Bench(lecture, models, options.scratch, stack)
        bench.stage()()  # once unmeasured: it loads everything and tells which hot words fit
        known = bench.transcript()
        plain_speech.in_clips(models[CLIPS], str(lecture.path), joined(known.provenance.hot_words))
        lanes = bench.lanes(known)
        times, results = alternate(lanes, rounds)
        if not options.quick:  # the pair that matters goes on
            more, _ = alternate({name: lanes[name] for name in (CLIPS, STAGE)}, _MORE)
            times |= {name: times[name] + more[name] for name in more}
        results[STAGE] = bench.transcript().segments
    about = (
        f"{lecture.path.name}, {lecture.seconds:.0f} s of sound, {known.provenance.model}, int8, {usable_threads()} "
        f"threads, beam 5, VAD, word times, {len(known.provenance.hot_words)} hot words; {len(times[STAGE])} rounds"
    )
    figures = [*_figures(times, lecture.seconds), *_quality(lecture, results)]
    title = f"Speech: seconds of work per second of sound ({lecture.path.stem})"
    return Section(title=title, about=about, figures=figures)


class _Bench:
    """The ways to read one lecture. Each prepares one run and returns its work."""

    def __init__(self, lecture: Lecture, models: dict[str, Any], scratch: Path, stack: ExitStack) -> None:
        self._lecture, self._models, self._scratch, self._stack = lecture, models, scratch, stack
        self._last: Callable[[], Transcript] | None = None

    def lanes(self, known: Transcript) -> dict[str, Lane]:
        """Return all ways by name; the peers get the hot words that the hub used."""
        path, hot_words = str(self._lecture.path), joined(known.provenance.hot_words)
        return {
            CLIPS: lambda: lambda: plain_speech.in_clips(self._models[CLIPS], path, hot_words),
            STAGE: self.stage,
            SEQUENTIAL: lambda: lambda: plain_speech.sequential(self._models[SEQUENTIAL], path, hot_words),
            ENGINE: lambda: self._engine(known),
        }

    def stage(self) -> Callable[[], Any]:
        hub = self._hub()
        asset = put_in(hub, self._lecture)

        def stored() -> Transcript:
            with hub.store.read() as tx:
                found = tx.transcripts.current(asset.id, words=True)
            assert found is not None
            return found

        self._last = stored
        return reading(hub, asset)

    def transcript(self) -> Transcript:
        """Return what the last reading stage stored."""
        assert self._last is not None
        return self._last()

    def _engine(self, known: Transcript) -> Callable[[], Any]:
        request = SpeechRequest(hot_words=known.provenance.hot_words, name=self._lecture.path.name)
        transcriber = self._hub().chosen.transcriber
        return lambda: list(transcriber.transcribe(self._lecture.path, request).segments)

    def _hub(self) -> Any:
        folder = Path(tempfile.mkdtemp(dir=self._scratch))
        options = {"model": "tiny.en"}  # the peers' model, or the two would not be compared
        return self._stack.enter_context(
            plain_hub(folder, transcriber="faster_whisper", transcriber_options=options)
        )


def _figures(times: dict[str, list[Spent]], seconds: float) -> list[Figure]:
    """Return medians, and of the pair that matters the best round too: other programs can only add to a time."""
    rows: list[Figure] = []
    for name, peer, how in (
        (STAGE, CLIPS, "median"), (STAGE, CLIPS, "best"), (ENGINE, CLIPS, "median"), (STAGE, SEQUENTIAL, "median"),
    ):
        of = median if how == "median" else min
        for kind, label in (("cpu", "processor time"), ("wall", "wall time")):
            ours, plain = ([getattr(t, kind) / seconds for t in times[lane]] for lane in (name, peer))
            rows.append(Figure(
                what=f"{name}, {label}, {how}", value=of(ours), unit="s/s", peer=Peer(name=peer, value=of(plain)),
                note=_by_round(ours, plain) if peer == CLIPS and how == "median" else "", runs=ours,
                headline=name == STAGE and (kind, how) in (("cpu", "median"), ("wall", "best")),
            ))
    return rows


def _by_round(ours: Sequence[float], plain: Sequence[float]) -> str:
    """Return how the ratios of single rounds lie: what disturbs a round disturbs both of its runs."""
    ratios = [a / b for a, b in zip(ours, plain, strict=False)]
    return f"round by round {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}); {_TARGET}"


def _quality(lecture: Lecture, results: dict[str, Any]) -> list[Figure]:
    """Return how many words there are, and for a lecture with a reference how many of them are wrong."""
    said = {name: scoring.words(s.text for s in segments) for name, segments in results.items()}
    truth = json.loads((ROOT / "tests" / "fixtures" / "fullstack_truth.json").read_text("utf-8")).get(lecture.path.stem)
    rows = []
    for peer in (CLIPS, SEQUENTIAL):
        both = Peer(name=peer, value=len(said[peer]))
        rows.append(Figure(what="words recognised", value=len(said[STAGE]), unit="", peer=both))
        if truth:
            wanted = scoring.words(row["text"] for row in truth)
            share = {name: 100 * scoring.distance(wanted, said[name]) / len(wanted) for name in (STAGE, peer)}
            wrong = Peer(name=peer, value=share[peer])
            rows.append(Figure(
                what="words wrong", value=share[STAGE], unit="%", peer=wrong, headline=peer == CLIPS,
            ))
    return rows
