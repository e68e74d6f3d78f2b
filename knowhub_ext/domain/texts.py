"""Text rules: the canonical text that offsets count in, sentences, and the terms word search speaks in.

Terms keep code words apart (`C++`, `B-tree`, `acks_late`, `__init__`): a tokenizer of a database drops their signs, so
such words are indexed a second time in an encoded form that every tokenizer leaves alone.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

#: Raised when `canonical` changes, since stored text offsets count in its output.
TEXT_VERSION = 1

# Zero-width and bidirectional marks, byte-order mark, soft hyphen, variation selectors, tag characters: invisible, so
# they break search for people and can carry text for machines (OWASP LLM01). Controls but tab and newline go too.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]"
)


def canonical(text: str) -> str:
    """Return canonical text: NFC, `\\n` line ends, nothing invisible. Idempotent."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", _INVISIBLE.sub("", text)))


_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|Dr|Mr|Mrs|Ms|Prof|Fig|Eq|No|approx|resp|St)\.|\b[A-Z]\.)$")
_BREAK = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[^\s\da-z])|(?<=[。！？])|\n{2,}")


_END = re.compile(r"[.!?…。！？][\"'”’)\]]*$")


def ends_sentence(word: str) -> bool:
    """Say whether a sentence ends with this word: `dies.` does, `3.5`, `Dr.` and `e.g.` do not."""
    word = word.strip()
    return bool(_END.search(word)) and not _ABBREVIATION.search(word)


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield half-open `(start, end)` code point spans of the sentences of `text`, without the space around them."""
    start = 0
    for found in _BREAK.finditer(text):
        if "\n\n" not in found.group() and _ABBREVIATION.search(text[start : found.start()]):
            continue
        yield from _trimmed(text, start, found.end())
        start = found.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    inner = text[start:end]
    left = start + len(inner) - len(inner.lstrip())
    right = start + len(inner.rstrip())
    if right > left:
        yield left, right


_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_CONTRACTION = re.compile(r"(?<=\w)['’](?:s|t|re|ve|ll|d|m)\b", re.IGNORECASE)
# A run of letters and digits that is held together or ended by signs: C++, C#, B-tree, acks_late, a.b, /etc/hosts, ->.
_CODE = re.compile(r"(?<![\w])[@/.$%_-]*[^\W_]+(?:[-_./:+#@][^\W_]+)*(?:\+\+|#|_+)?|--+|->|=>|[=!<>]=|&&|\|\|")
_SIGNS = {s: f"x{i:x}" for i, s in enumerate("+#-_./:@$%>=<!&|", 1)}


def code_words(text: str) -> Iterator[str]:
    """Yield an encoding of each word that contains signs: letters and digits only, the same for the same word."""
    for _, _, code in code_spans(unicodedata.normalize("NFKC", text).casefold()):
        yield code


def code_spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the half-open code points of each word of `text` that contains signs, and its encoding."""
    for found in _CODE.finditer(text):
        word = found.group().rstrip(".:/-") or found.group()
        if any(sign in _SIGNS for sign in word):
            plain = unicodedata.normalize("NFKC", word).casefold()
            code = "kh" + "".join(c if c not in _SIGNS else f"z{_SIGNS[c]}z" for c in plain)
            yield found.start(), found.start() + len(word), code


# Function words carry no evidence: a question made of them alone has no term, and coverage must not count them.
STOPWORDS = frozenset(
    "a about after all also am an and any are as at be because been before being between both but by can cannot could "
    "did do does doing down during each else ever few for from further get gets got had has have having he her here "
    "hers him his how i if in into is it its itself just let like ll made make makes me more most my no nor not of off "
    "on once one only or other our out over own please re said same say says she should so some such than that the "
    "their them then there these they this those through to too under until up us ve very was we were what when where "
    "which while who whom whose why will with would you your yours tell explain mean means happen happens".split()
)


def words(text: str) -> list[str]:
    """Return the words of `text`, case-folded, without signs; in order, with repetitions."""
    plain = unicodedata.normalize("NFKC", canonical(text)).casefold()
    return _WORD.findall(_CONTRACTION.sub("", plain))


def word_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the half-open code points of the words of canonical `text`; the s of `worker's` is none."""
    cut = {found.start() + 1 for found in _CONTRACTION.finditer(text)}
    for found in _WORD.finditer(text):
        if found.start() not in cut:
            yield found.span()


def query_terms(query: str, *, limit: int = 64) -> list[str]:
    """Return the distinct terms a query searches for: content words, then encoded code words.

    A query of function words alone keeps them (`to be or not to be` is a search too).
    """
    plain = list(dict.fromkeys(words(query)))
    codes = list(code_words(query))
    if codes:  # the letter of `C++` would find all of C# and C; its encoded word finds what was meant
        plain = [w for w in plain if len(w) > 1]
    content = [w for w in plain if w not in STOPWORDS] or plain
    return list(dict.fromkeys([*content, *codes]))[:limit]


def query_phrases(query: str, *, limit: int = 32) -> list[str]:
    """Return the pairs of content words that stand side by side in a query: `adjustment layer` says more than both."""
    plain = words(query)
    pairs = (f"{a} {b}" for a, b in itertools.pairwise(plain) if a not in STOPWORDS and b not in STOPWORDS)
    return list(dict.fromkeys(pairs))[:limit]


def index_text(text: str) -> str:
    """Return what word search indexes for `text`: the text itself and its encoded code words."""
    extra = " ".join(dict.fromkeys(code_words(text)))
    return f"{text}\n{extra}" if extra else text


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return a crude English stem, so that `tasks`/`task` and `dies`/`died` count as one when evidence is weighed.

    Only for weighing sentences against a question; the databases stem by Porter themselves.
    """
    if len(word) > 3 and word.endswith(("ies", "ied")):
        return word[:-3] + ("y" if len(word) > 4 else "ie")
    root = next((word.removesuffix(e) for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= 3), word)
    if word.endswith("ss"):
        root = word
    return root.removesuffix("e") if len(root) > 3 else root


_ENDINGS = ("ations", "ation", "ingly", "edly", "ing", "ed", "es", "ly", "s")


def stems(text: str) -> list[str]:
    """Return the stems of the content words of `text`, in order, with repetitions."""
    return [stem(w) for w in words(text) if w not in STOPWORDS]
