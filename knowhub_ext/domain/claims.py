"""What a sentence claims, as far as signs tell: words, names, numbers, code, and of which words it says that not.

Compared by `proving`. Nothing is understood here: what these signs do not tell apart, they do not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowhub_ext.domain.languages import DEGREES, FILLERS, FUNCTIONAL, HEDGES, NEGATIONS, ORDERS, TURNING
from knowhub_ext.domain.texts import STOPWORDS, canonical, code_words, stem

_TOKEN = re.compile(
    r"(?P<number>[-−+]?\d+(?:[.,:]\d+)*)|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)"
    r"|(?P<cut>[,;:.!?…—–()\"“”]\s)"
)
_SIGNED = re.compile(r"[\w)][-−+]$")
_COUNTED = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen " \
    "seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
#: Numbers written out, as digits.
NUMBER_WORDS = (
    {word: str(n) for n, word in enumerate(_COUNTED)} | {word: str(10 * n) for n, word in enumerate(_TENS, 2)}
    | {"half": "0.5", "twice": "2", "hundred": "100", "thousand": "1000", "million": "1e6", "billion": "1e9"}
)  # fmt: skip
_FRAME = re.compile(
    r"^(?:(?:according to|as (?:stated|explained|described|mentioned|said|shown) in|in|based on) (?:the|this|these) "
    r"(?:course|lecture|lesson|passages?|texts?|sources?|video|material|speaker|lecturer)s?(?: \d+)?, "
    r"|(?:the|this) (?:course|lecture|lesson|passage|text|source|video|speaker|lecturer) (?:\d+ )?"
    r"(?:says|states|explains|notes|mentions|describes|tells us) that |it is (?:said|stated|explained)(?: here)? that "
    r"|(?:in (?:short|summary|other words|brief)|to sum up|so|therefore|thus|hence|yes|no), )", re.IGNORECASE,
)
#: Where one clause ends and another begins, as far as signs tell.
_JOINT = re.compile(
    r"[,;:]\s+(?:and |but |so |or |while |whereas )?"
    r"|\s+(?:and|but|while|whereas|und|aber|et|mais|y|pero)\s+"
)
#: A sentence of fewer words of content claims too little to be proven by their being there.
FEWEST = 2
_CLOSING = {"«": "»", "„": "“", "“": "”", "「": "」", "『": "』", "‹": "›"}
_MARKS = re.compile("[«»„“”「」『』‹›]")
_STRAIGHT = re.compile(r'"[^"]{1,600}"')
_QUOTED = re.compile(r'"[^"]{1,600}"|[«„“「『‹][^»”」』›]{1,600}[»”“」』›]')
#: So many words in quotation marks are somebody's sentence.
_REPORTED = 4
_NO_NAME = STOPWORDS | FUNCTIONAL | NEGATIONS | FILLERS
_EMPTY = _NO_NAME | HEDGES
_PRONOUNS = frozenset(("one", "i"))


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text claims. Words are stems, folded."""

    #: Content words without names, numbers and words that turn, each once.
    plain: frozenset[str]
    #: Every word there is, function words too.
    words: frozenset[str]
    #: Names and numbers as they follow each other.
    hard: tuple[str, ...]
    #: All words and numbers as they follow each other.
    order: tuple[str, ...]
    codes: frozenset[str]
    turning: frozenset[str]
    #: Of which words it says that they are not so, as often as it does, and that they only may be so.
    denied: tuple[str, ...]
    hedged: frozenset[str]
    #: Pairs of words of content that stand side by side, or with one other between them.
    pairs: frozenset[frozenset[str]]
    #: Each word of content with those beside it.
    beside: tuple[tuple[str, frozenset[str]], ...]
    asks: bool
    #: Whether it speaks to whoever answers instead of about its matter.
    orders: bool

    @property
    def weight(self) -> int:
        """How many different words of content, names and numbers there are."""
        return len(self.plain) + len(set(self.hard))


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    kind: str
    key: str
    name: bool

    @property
    def content(self) -> bool:
        return self.kind == "word" and self.text not in _EMPTY


@lru_cache(maxsize=4096)
def facts(text: str) -> Facts:
    """Return what `text` claims; it may be some sentences."""
    text = unicodedata.normalize("NFKC", canonical(text))
    tokens = list(_tokens(text))
    said = [token for token in tokens if token.kind in ("word", "number")]
    turning = frozenset(t.key for t in said if t.text in TURNING)
    hard = [t.key for t in said if t.kind == "number" or t.name]
    weighty = [t.key for t in said if t.content or t.kind == "number"]
    plain = frozenset(t.key for t in said if t.content and not t.name and t.text not in TURNING)
    return Facts(
        plain=plain, words=frozenset(t.key for t in said), hard=tuple(hard), order=tuple(t.key for t in said),
        codes=frozenset(code_words(text)), turning=turning, denied=tuple(_spoken_of(tokens, NEGATIONS)),
        hedged=frozenset(_spoken_of(tokens, HEDGES)), pairs=frozenset(_pairs(weighty)), beside=tuple(_beside(weighty)),
        asks=text.rstrip(" \"'”’)").endswith(("?", "？")),
        orders=bool(ORDERS.search(text)),
    )


def own_words(texts: Sequence[str]) -> list[str]:
    """Return neighbouring sentences without what stands in quotation marks in them, but for titles and names: who
    reports what was said does not say it. A quotation may begin in one sentence and end in another."""
    found, closing = [], ""
    for text in texts:
        kept, at = "", 0
        for mark in _MARKS.finditer(text):
            here = mark.start()
            if not closing and mark.group() in _CLOSING:
                kept, at, closing = kept + text[at:here], here, _CLOSING[mark.group()]
            elif mark.group() in (closing, "”"):  # one that nobody opened here closes what was opened before
                short = bool(closing) and text[at] in _CLOSING and len(text[at:here].split()) < _REPORTED
                kept = kept + text[at : here + 1] if short else kept + " … " if closing else " … "
                at, closing = here + 1, ""
        found.append(_STRAIGHT.sub(_title, kept + ("" if closing else text[at:])))
    return found


def _title(found: re.Match[str]) -> str:
    return found.group() if len(found.group().split()) < _REPORTED else " … "


def apart(claim: str) -> tuple[str, list[str]]:
    """Return a claim without what it has in quotation marks as somebody's sentence, and those sentences.

    Only what is closed again is taken out: the claim would get rid of its own words otherwise.
    """
    quotes = [part for part in _QUOTED.findall(claim) if len(part.split()) >= _REPORTED]
    for quote in quotes:
        claim = claim.replace(quote, " … ", 1)
    return claim, quotes


def unframed(text: str) -> str:
    """Return a sentence without words that only say that the course says it."""
    return _FRAME.sub("", text, count=1)


def clauses(text: str) -> list[str]:
    """Return the parts of a sentence that may each be proven by a sentence of its own; those of few words in one."""
    parts: list[str] = []
    for part in _JOINT.split(text):
        if parts and min(facts(part).weight, facts(parts[-1]).weight) < FEWEST:
            parts[-1] += f", {part}"
        else:
            parts.append(part)
    return parts


def _tokens(text: str) -> Iterator[_Token]:
    opens = True  # the first word of a sentence has a capital whatever it is
    for found in _TOKEN.finditer(text + " "):
        kind, word = found.lastgroup or "", found.group()
        if kind == "cut":
            opens = word[0] in ".!?…"
            yield _Token(word.strip(), "cut", "", False)
            continue
        if kind == "number":
            yield _Token(word, "number", _number(word, text[max(0, found.start() - 1) : found.start() + 1]), False)
        else:
            yield from _words(word, opens)
        opens = False


def _words(word: str, opens: bool) -> Iterator[_Token]:
    head, _, tail = word.replace("’", "'").casefold().partition("'")
    if head.endswith("n") and tail == "t":
        yield _Token("not", "word", "not", False)
        return
    if head in NUMBER_WORDS:
        yield _Token(head, "number", NUMBER_WORDS[head], False)
        return
    if head == "cannot":
        head = "not"
    capital = word[0].isupper() and head not in _NO_NAME and (len(head) > 1 or not opens)
    yield _Token(head, "word", stem(head), capital and head not in _PRONOUNS)


def _number(word: str, before: str) -> str:
    """Return a number without marks between thousands; what stands between two words is a hyphen, not a sign."""
    if _SIGNED.search(before):
        word = word.lstrip("-−+")
    word = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", word).replace("−", "-").removeprefix("+")
    return re.sub(r"\.0+$", "", word)


def _pairs(keys: Sequence[str]) -> Iterator[frozenset[str]]:
    for apart in (1, 2):
        yield from (frozenset(pair) for pair in zip(keys, keys[apart:], strict=False))


def _beside(keys: Sequence[str]) -> Iterator[tuple[str, frozenset[str]]]:
    for at, key in enumerate(keys):
        yield key, frozenset((*keys[max(0, at - 1) : at], *keys[at + 1 : at + 2]))


def _spoken_of(tokens: list[_Token], signs: frozenset[str]) -> list[str]:
    """Return the words that `signs` speak of: what follows one, and after `that` all that follows."""
    found: list[str] = []
    for at, token in enumerate(tokens):
        if token.text not in signs or (tokens[at + 1 : at + 2] and tokens[at + 1].text == "only"):
            continue
        clause = _until_cut(tokens[at + 1 :])
        weighty = [t for t in clause if t.content or t.kind == "number"]
        meant = next((n for n, t in enumerate(weighty) if t.text not in DEGREES), None)
        if meant is None:
            found += [t.key for t in tokens[:at] if t.content][-1:]
        else:
            found += [t.key for t in weighty[: meant + 1]]
        after = next((n for n, t in enumerate(clause) if t.text == "that"), None)
        if after is not None:
            found += [t.key for t in clause[after:] if t.content]
    return sorted(found)


def _until_cut(tokens: list[_Token]) -> list[_Token]:
    end = next((n for n, token in enumerate(tokens) if token.kind == "cut"), len(tokens))
    return tokens[:end]
