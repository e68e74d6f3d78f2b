"""A growing reply of a chat model becomes sentences that are proven, or apart, or gone. Asks no model itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from knowhub_ext.domain.answers import Answer, AnswerSentence, Citations, marked
from knowhub_ext.domain.languages import language_of
from knowhub_ext.domain.passages import Passage, Sentence
from knowhub_ext.domain.proving import prove, stands
from knowhub_ext.services.searching import Searching

#: After fewer new characters nobody looks for whole sentences again: a flood of full stops would be read over and over.
LEAST = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One server-sent event on the way to an answer: `passages`, `token`, `sentence`, `done`.

    `waiting` is none: it only lets whoever reads find out that nobody listens any more.
    """

    kind: str
    data: dict[str, Any] = field(default_factory=dict)
    answer: Answer | None = None


class Binding:
    """Proves a reply sentence by sentence. The last two stay draft: their marks may still be on the way.

    Args:
        passages: what the model was shown, in that order.
        searching: reads them again, and compares by meaning.
        apart: keep what is not proven as such; otherwise it is dropped.
    """

    def __init__(self, passages: Sequence[Passage], searching: Searching, *, apart: bool) -> None:
        self.numbers = Citations()
        self.sentences: list[AnswerSentence] = []
        self._passages = passages
        self._searching = searching
        self._apart = apart
        self._text = ""
        self._done = self._new = 0
        self._held: list[AnswerSentence] = []

    def add(self, piece: str) -> Iterator[Step]:
        """Take a piece of the reply; yield the sentences that are whole now."""
        self._text += piece
        self._new += len(piece)
        if self._new >= LEAST and any(mark in piece for mark in ".!?。！？\n"):  # only then can another one be whole
            self._new = 0
            yield from self._emit(keep=2)

    def rest(self) -> Iterator[Step]:
        """Yield the sentences that were still draft."""
        yield from self._emit(keep=0)

    @property
    def proven(self) -> bool:
        return any(sentence.supported for sentence in self.sentences)

    @property
    def foreign(self) -> bool:
        """Whether the reply is in another language than all it was to rest on: its words can prove nothing there."""
        ours = language_of(self._text)
        theirs = {language_of(passage.text) for passage in self._passages}
        return not self.proven and ours is not None and None not in theirs and ours not in theirs

    def quote(self, pairs: Sequence[tuple[Passage, Sentence]]) -> Iterator[Step]:
        """Add sentences of the course itself behind the reply's own."""
        for passage, sentence in pairs:
            yield from self._place(sentence.text, (self.numbers.number(passage, sentence),))

    def _emit(self, *, keep: int) -> Iterator[Step]:
        found = marked(self._text)
        for plain, numbers in found[self._done : len(found) - keep]:
            self._done += 1
            yield from self._place(plain, self._proofs(plain, numbers))

    def _place(self, text: str, citations: tuple[int, ...]) -> Iterator[Step]:
        if not citations and not self._apart:
            return
        sentence = AnswerSentence(index=len(self.sentences), text=text, citations=citations)
        self.sentences.append(sentence)
        self._held.append(sentence)
        if self.proven:  # before that it may all end in a refusal, which shows nothing of it
            held, self._held = self._held, []
            yield from sentence_steps(held, self.numbers)

    def _proofs(self, claim: str, numbers: Sequence[int]) -> tuple[int, ...]:
        """Return the numbers of the citations that hold: of passages that were shown, as they are stored now."""
        shown = [self._passages[n - 1] for n in numbers if 1 <= n <= len(self._passages)]
        stored = {passage.id: passage for passage in self._searching.stored([p.id for p in shown])}
        found = []
        for passage in shown:
            now = stored.get(passage.id)
            proof = prove(claim, now, self._searching.meanings) if now is not None else None
            if now is not None and proof is not None and stands(proof, now):
                found.append(self.numbers.number(now, proof))
        return tuple(dict.fromkeys(found))


def sentence_steps(sentences: Sequence[AnswerSentence], numbers: Citations) -> Iterator[Step]:
    """Yield a step a sentence, with the citations its numbers mean."""
    by_number = {c.n: c.to_json() for c in numbers.all()}
    for sentence in sentences:
        data = sentence.to_json() | {"sources": [by_number[n] for n in sentence.citations]}
        yield Step(kind="sentence", data=data)
