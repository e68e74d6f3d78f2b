"""A transcriber that says what it is told, a word every half second: real in all but its ears."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sqlalchemy import update

from knowhub_ext.domain.segments import Provenance, Segment, Word
from knowhub_ext.errors import MissingWeights
from knowhub_ext.ports import Recognition, SpeechModel, SpeechRequest
from knowhub_ext.store.tables import SEGMENT


class Scripted:
    """Ten sentences of two seconds each; of each model its own. `requests` are those it was asked; `auto` is the model
    for those who name none, models that are `gone` cannot be had, and `at` is done before a sentence, by its number."""

    def __init__(self) -> None:
        self.requests: list[SpeechRequest] = []
        self.breaks_after: int | None = None
        self.quiet = False
        self.at: dict[int, Callable[[], None]] = {}
        self.auto = "small"
        self.gone: set[str] = set()

    def models(self) -> Sequence[SpeechModel]:
        return [
            SpeechModel(name="small", languages="en", why="fast", chosen=True, available=True),
            SpeechModel(name="big", languages="many", why="right", chosen=False, available=True),
            SpeechModel(name="absent", languages="many", why="huge", chosen=False, available=False),
        ]

    def transcribe(self, path: Path, request: SpeechRequest) -> Recognition:
        self.requests.append(request)
        model = self.auto if request.model in ("", "auto") else request.model
        if model in self.gone:
            raise MissingWeights(f"There is no model {model}.")
        provenance = Provenance(
            engine="scripted", model=model, language=request.language or "en", hot_words=request.hot_words,
            options={"task": request.task} if request.task == "translate" else {},
        )
        return Recognition(provenance=provenance, segments=self._segments(model, request))

    def _segments(self, model: str, request: SpeechRequest) -> Iterator[Segment]:
        for number in range(10):
            start = number * 2000
            if start < request.start_ms or (request.end_ms is not None and start >= request.end_ms):
                continue
            self.at.pop(number, lambda: None)()
            if self.breaks_after is not None and number >= self.breaks_after:
                raise RuntimeError("power cut")
            if not self.quiet:
                parts = f"{model} says sentence {number}.".split()
                words = tuple(
                    Word(start_ms=start + n * 500, end_ms=start + n * 500 + 500, text=part)
                    for n, part in enumerate(parts)
                )
                yield Segment(start_ms=start, end_ms=start + 2000, text=" ".join(parts), words=words)
            request.heard(start + 2000)


def texts(hub, me, lesson):
    return [segment.text for segment in hub.lessons.transcript(me, lesson)[2].segments]


def correct(hub, me, lesson, number, text):
    """Do what an editor does to one cue."""
    segment = hub.lessons.transcript(me, lesson)[2].segments[number]
    with hub.store.write() as tx:
        tx.session.run(update(SEGMENT).where(SEGMENT.c.id == segment.id).values(text=text, edited=True))


#: What a lecture of twenty seconds says to each model.
SMALL, BIG = ([f"{model} says sentence {n}." for n in range(10)] for model in ("small", "big"))
