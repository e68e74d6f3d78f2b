"""Answers and their citations. A model proposes text; only `cite` decides which citations it carries, by `proving`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from knowhub_ext.domain.locators import Locator
from knowhub_ext.domain.media import AssetKind
from knowhub_ext.domain.passages import Passage, Sentence
from knowhub_ext.domain.proving import Meanings, prove
from knowhub_ext.domain.scope import Moment
from knowhub_ext.domain.texts import canonical, sentence_spans

REFUSAL = "I cannot find this in the course."


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """A verbatim `quote` and where it stands; `n` numbers it within its answer, from 1. `kind`: what the asset is."""

    n: int
    lesson_id: str
    asset_id: str
    title: str
    locator: Locator
    quote: str
    kind: AssetKind | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "n": self.n, "lesson": self.lesson_id, "asset": self.asset_id, "title": self.title,
            "kind": self.kind.value if self.kind else None,
            "locator": self.locator.to_json(), "quote": self.quote,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerSentence:
    """One sentence of an answer with the numbers of its citations. Without any it is not proven by the course."""

    index: int
    text: str
    citations: tuple[int, ...] = ()

    @property
    def supported(self) -> bool:
        return bool(self.citations)

    def to_json(self) -> dict[str, Any]:
        return {
            "index": self.index, "text": self.text, "citations": list(self.citations), "supported": self.supported,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """An answer. `grounded` is false for a refusal, which never carries citations. `mode`: `quote` or `model`.

    `question` is as it was typed; `rewritten_query` what was searched for instead, where it leaned on earlier ones.
    `notice` is a sentence on how it came about, where that is worth knowing: the chat model rests, for instance.
    """

    question: str
    mode: str
    sentences: tuple[AnswerSentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    took_ms: float = 0.0
    notice: str = ""
    #: Lessons, as (id, title), that come nearest to a question which is refused.
    nearest: tuple[tuple[str, str], ...] = ()
    rewritten_query: str = ""
    #: Its place in the history of whoever asked; '' where it is not kept.
    entry: str = ""
    #: What was said just then, where it was asked about that.
    moment: Moment | None = None

    @property
    def grounded(self) -> bool:
        return bool(self.citations)

    @property
    def text(self) -> str:
        """Return what is proven, as one text; what is not stands in `sentences` alone."""
        return " ".join(s.text for s in self.sentences if s.supported) if self.grounded else REFUSAL

    def to_json(self) -> dict[str, Any]:
        return {
            "question": self.question, "rewritten_query": self.rewritten_query or None, "answer": self.text,
            "grounded": self.grounded, "mode": self.mode,
            "sentences": [s.to_json() for s in self.sentences] if self.grounded else [],
            "citations": [c.to_json() for c in self.citations] if self.grounded else [],
            "took_ms": round(self.took_ms, 1), "entry": self.entry or None,
            "moment": self.moment.to_json() if self.moment else None, "notice": self.notice or None,
            "nearest": [] if self.grounded else [{"lesson": id_, "title": title} for id_, title in self.nearest],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """A sentence chosen as evidence, with the passage it stands in and its score 0..1."""

    sentence: Sentence
    passage: Passage
    score: float


_NUMBERS = r"(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)"
# `[2]`, `【1, 3】`, `(source 2)`. What touches a word is part of it (`items[0]`), unless a sentence ends there.
_MARK = re.compile(
    rf"(?:(?:\s+|(?<![\w)]))[\[【]\s*(?:(?:sources?|passages?)\s*)?{_NUMBERS}\s*[\]】]"
    rf"|(?<=\w)[\[【]\s*{_NUMBERS}\s*[\]】](?=\s*(?:[.!?…。！？]|$|[\[【]))"
    rf"|\s*\(\s*(?:sources?|passages?)\s*{_NUMBERS}\s*\))",
    re.IGNORECASE,
)


def cite(
    text: str, passages: Sequence[Passage], meanings: Meanings | None = None
) -> list[tuple[str, list[tuple[int, Sentence]]]]:
    """Bind the marks `[n]` of a model's reply to the numbered passages; drop every mark that cannot be proven.

    Args:
        text: the reply; `[2]` after a sentence means `passages[1]`.
        passages: what the model was shown, in that order.
        meanings: compares texts by their vectors; None where those do not speak of meaning.

    Returns:
        Per sentence its text without marks, and the `(passage index, what proves it)` pairs that hold. A mark holds if
        its passage exists and `proving.prove` finds a proof there; the model never supplies a time, a page or an id.
    """
    bound: list[tuple[str, list[tuple[int, Sentence]]]] = []
    for plain, numbers in marked(text):
        pairs = [(n - 1, prove(plain, passages[n - 1], meanings)) for n in numbers if 1 <= n <= len(passages)]
        bound.append((plain, [(index, sentence) for index, sentence in pairs if sentence is not None]))
    return bound


def marked(text: str) -> list[tuple[str, tuple[int, ...]]]:
    """Return the sentences of a model's reply without their marks, and the numbers in these, each once."""
    found = []
    for raw in _marked_sentences(canonical(text)):
        numbers = [int(n) for mark in _MARK.finditer(raw) for n in re.findall(r"\d+", mark.group())]
        plain = re.sub(r"\s+", " ", _MARK.sub("", raw)).strip()
        if plain:
            found.append((plain, tuple(dict.fromkeys(numbers))))
    return found


def _marked_sentences(text: str) -> list[str]:
    """Split into sentences, with marks that stand after a full stop moved before it, where the split leaves them."""
    moved = re.sub(r"([.!?…。！？])((?:" + _MARK.pattern + r")+)", lambda m: f"{m.group(2)}{m.group(1)}", text)
    return [moved[start:end] for start, end in sentence_spans(moved)]


class Citations:
    """Numbers citations within one answer: the same place cited twice keeps its number."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], Citation] = {}

    def number(self, passage: Passage, sentence: Sentence) -> int:
        """Return the number of this place, giving it the next one when it is new."""
        key = (passage.asset_id, str(sentence.locator) + sentence.text)
        if key not in self._numbers:
            self._numbers[key] = Citation(
                n=len(self._numbers) + 1, lesson_id=passage.lesson_id, asset_id=passage.asset_id, title=passage.title,
                locator=sentence.locator, quote=sentence.text, kind=passage.kind,
            )
        return self._numbers[key].n

    def all(self) -> tuple[Citation, ...]:
        return tuple(self._numbers.values())
