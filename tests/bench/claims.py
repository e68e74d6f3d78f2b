"""Claims about real passages, true and false, made by rule: what `proving` is measured on.

True are a passage's own sentences, as they are and lightly reworded. False are the same with a number, a name or a word
swapped, a negation put in or taken out, or with two names in each other's place, and true ones of another passage.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowhub_ext.backends.readers.text import TextReader
from knowhub_ext.backends.transcribers.captions import CaptionsTranscriber
from knowhub_ext.domain.passages import Passage, Window, of_blocks, of_segments
from knowhub_ext.domain.texts import STOPWORDS, stems, words
from knowhub_ext.ports import SpeechRequest

#: Passages that do not overlap, of the size the hub makes.
APART = Window(step=8)
#: Sentences with fewer words of content are not made into claims.
LEAST = 6
TRUE = ("verbatim", "shortened", "reworded", "framed")
FALSE = ("number", "name", "word", "negation", "roles", "elsewhere")

_SYNONYMS = {
    "large": "big", "begin": "start", "began": "started", "use": "employ", "used": "employed", "using": "with",
    "show": "display", "shows": "displays", "make": "create", "made": "created", "many": "numerous", "several": "some",
    "important": "key", "often": "frequently", "called": "named", "known": "called", "near": "close to", "built":
    "constructed", "area": "region", "include": "contain", "includes": "contains", "including": "such as", "need":
    "require", "needs": "requires", "choose": "select", "click": "press", "now": "then", "picture": "image", "image":
    "picture", "also": "additionally", "however": "but", "because": "since", "get": "obtain", "children": "kids",
    "people": "persons", "usually": "normally", "main": "principal", "helped": "assisted", "help": "assist", "buy":
    "purchase", "small": "little", "whole": "entire", "quickly": "fast", "about": "roughly", "wanted": "wished",
}  # fmt: skip
_FRAMES = ("According to the course, {}", "It is said here that {}", "In short, {}")
_VERB = r"\b(is|are|was|were|can|could|will|would|has|have|had|should|may|must|does|did)"
_AUXILIARY, _NEGATED = re.compile(rf"{_VERB}\b(?! not)", re.I), re.compile(rf"{_VERB} not\b|n't\b", re.I)
_NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w])")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}(?: [A-Z][a-z]{2,})*")


@dataclass(frozen=True, slots=True)
class Case:
    """A claim about a passage; `half` 0 or 1 is its document's."""

    claim: str
    passage: Passage
    kind: str
    half: int

    @property
    def true(self) -> bool:
        return self.kind in TRUE


def cases(folder: Path, *, each: int, seed: int = 7) -> Iterator[Case]:
    """Yield claims about the articles and lectures in `folder`, `each` sentences a document."""
    articles = [(p, _article(p)) for p in sorted((folder / "passage_qa").glob("*.md"))]
    lectures = [(p, _lecture(p)) for p in sorted((folder / "lecture_qa").glob("*.vtt"))]
    for documents in (articles, lectures):
        for number, (path, passages) in enumerate(documents):
            chance = random.Random(f"{seed}{path.name}")
            other = documents[(number + 2) % len(documents)][1]
            yield from _of_document(passages, other, number % 2, chance, each)


def _article(path: Path) -> list[Passage]:
    return of_blocks(TextReader().read(path, name=path.name).blocks, APART)


def _lecture(path: Path) -> list[Passage]:
    return of_segments(list(CaptionsTranscriber().transcribe(path, SpeechRequest(name=path.name)).segments), APART)


def _of_document(
    passages: Sequence[Passage], other: Sequence[Passage], half: int, chance: random.Random, each: int
) -> Iterator[Case]:
    rows = [(p, s.text) for p in passages for s in p.sentences if _usable(s.text)]
    names = [n for p in (*passages, *other) for n in _NAME.findall(p.text)]
    terms = [w for p in passages for w in words(p.text) if w not in STOPWORDS and len(w) > 4]
    for passage, text in chance.sample(rows, min(each, len(rows))):
        reworded = _reworded(text, chance)
        yield Case(text, passage, "verbatim", half)
        for kind, claim in (("shortened", _shortened(text)), ("reworded", reworded), ("framed", _framed(text, chance))):
            if claim:
                yield Case(claim, passage, kind, half)
        base = chance.choice([text, reworded or text])
        for kind, make in _MAKERS.items():
            claim = make(base, chance, names if kind == "name" else terms)
            if claim and claim != base:
                yield Case(claim, passage, kind, half)
        far = [p for p in passages if p is not passage and text not in p.text]
        if far:  # the passage of the same document that shares most words with it
            yield Case(base, max(far, key=lambda p: len(set(stems(base)) & set(stems(p.text)))), "elsewhere", half)


def _usable(text: str) -> bool:
    return len(set(stems(text))) >= LEAST and len(text) < 300 and "\n" not in text and not text.endswith("?")


def _shortened(text: str) -> str | None:
    """Leave out what stands between or behind commas, where enough stays."""
    parts = text.rstrip(".!").split(", ")
    kept = [", ".join(parts[:1] + parts[2:]), ", ".join(parts[:-1])] if len(parts) > 1 else []
    return next((f"{k}." for k in kept if len(set(stems(k))) >= LEAST - 1), None)


def _reworded(text: str, chance: random.Random) -> str | None:
    """Put others for up to two words."""
    found = [w for w in re.findall(r"[A-Za-z]+", text) if w in _SYNONYMS]
    for word in chance.sample(found, min(2, len(found))):
        text = re.sub(rf"\b{word}\b", _SYNONYMS[word], text, count=1)
    return text if found else None


def _framed(text: str, chance: random.Random) -> str:
    head = text if re.match(r"(?:[A-Z][a-z]* )?[A-Z]", text[1:2]) else text[0].lower() + text[1:]
    return chance.choice(_FRAMES).format(head)


Maker = Callable[[str, random.Random, Sequence[str]], str | None]


def _number(text: str, chance: random.Random, _: Sequence[str]) -> str | None:
    found = list(_NUMBER.finditer(text))
    if not found:
        return None
    hit = chance.choice(found)
    digits = hit.group().replace(",", "")
    value = float(digits)
    new = chance.choice([value + chance.randint(1, 9), value * 10, value // 2 + 3])
    return text[: hit.start()] + f"{new:.0f}" + text[hit.end() :]


def _name(text: str, chance: random.Random, names: Sequence[str]) -> str | None:
    found, others = _NAME.findall(text), [n for n in names if n not in text]
    return text.replace(chance.choice(found), chance.choice(others), 1) if found and others else None


def _word(text: str, chance: random.Random, terms: Sequence[str]) -> str | None:
    """Put another word of the document for one."""
    found = [w for w in re.findall(r"\b[a-z]{5,}\b", text) if w not in STOPWORDS]
    others = [t for t in terms if t not in text.casefold()]
    if not found or not others:
        return None
    return re.sub(rf"\b{chance.choice(found)}\b", chance.choice(others), text, count=1)


def _negation(text: str, chance: random.Random, _: Sequence[str]) -> str | None:
    if _NEGATED.search(text):
        return _NEGATED.sub(lambda m: m.group(1) or "", text, count=1)
    return _AUXILIARY.sub(lambda m: f"{m.group()} not", text, count=1)


def _roles(text: str, chance: random.Random, _: Sequence[str]) -> str | None:
    """Let two names change places."""
    found = list(dict.fromkeys(_NAME.findall(text)))
    if len(found) < 2:
        return None
    one, two = chance.sample(found, 2)
    between = text[min(text.find(one), text.find(two)) :][: abs(text.find(one) - text.find(two))].removeprefix(one)
    listed = re.fullmatch(r"[\w ,]*?(?:, | and | or |, and )", between.removeprefix(two))
    if one in two or two in one or listed:  # in a list they may stand in any order
        return None
    return text.replace(one, "\0").replace(two, one).replace("\0", two)


_MAKERS: Mapping[str, Maker] = {
    "number": _number, "name": _name, "word": _word, "negation": _negation, "roles": _roles,
}
