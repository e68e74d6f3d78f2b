"""Follow-up questions: whether a question leans on what was said before it, and how it reads where it stands alone.

A rule of words, for English. It must leave alone what stands by itself: a question changed wrongly is answered wrongly,
one that is not recognised is only answered as it was before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from knowhub_ext.domain.texts import STOPWORDS, canonical, code_words, stem, stems, words

#: So many earlier questions are looked at, and so many of their terms are carried over.
EARLIER, CARRIED = 8, 8
#: What a chat model makes of a question is at most so long.
MOST = 300
#: A question of more words says enough by itself.
LONGEST = 16
#: A question of no more terms says hardly anything by itself.
FEW = 2
#: `it` and the like mean something in the question itself where so many of its terms stand before them.
INSIDE = 2

_THINGS = frozenset("it that this these those they them".split())
_OWNERS = frozenset("its their".split())
#: `it` stands for nothing where one of these comes behind: `is it possible to`, `what does it mean when`.
_HOLLOW = frozenset("to if when that".split())
#: `this lecture` is the one that is watched, not one that was spoken of.
_SHOWN = frozenset("video lecture course lesson notebook slide page chapter picture image photo pic figure".split())
_POSITIONS = frozenset("first second third last other former latter next same previous".split())
#: They ask for a form of answer, or say nothing: neither searched for nor carried over.
_EMPTY = frozenset(
    "example examples elaborate clarify detail details summarize summarise summary simple simpler simply again words "
    "give show know ok okay yes really exactly right sure thanks thank another steps way thing things call called work "
    "works use used uses using need needs want lets let get one ones understand sense possible true wrong instead else "
    "someone something anything everything much many long often difference happened happening others other".split()
)
#: How two things stand to each other: where nothing else is said, one of them was named before.
_RELATIONS = frozenset(
    "advantage advantages disadvantage disadvantages drawback drawbacks benefit benefits downside downsides reason "
    "reasons alternative alternatives purpose cost costs risk risks catch better worse faster slower best worst bigger "
    "smaller safer cheaper important necessary useful bad default defaults".split()
)
_ASKING = frozenset(
    "what which who whom whose why when where how is are was were do does did can could should would will has have had "
    "may might must am if".split()
)
_PREPOSITIONS = frozenset("on in with for without at from to under over after before during between like as by".split())
#: `that` points at something where it ends the question or one of these stands before it.
_BEFORE = _ASKING | _PREPOSITIONS | frozenset("of about into and".split())
_LEAD = re.compile(r"^(?:(?:and|but|so|or|then|also|ok|okay|well)\b[\s,]*)+", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:what|how) about\b", re.IGNORECASE)
_EDGES = "?!.,;:\"'“”‘’()[]{}…"


def terms(text: str) -> list[str]:
    """Return the words of a text that say what it is about, as they are written, each once."""
    found: dict[str, str] = {}
    for token in canonical(text).split():
        word = token.strip(_EDGES)
        says = [part for part in words(word) if _says(part)]
        if says or any(code_words(word)) or (word.isupper() and len(word) > 1):  # `WHERE` is no function word
            found.setdefault(" ".join(map(stem, says)) or word, word)
    return list(found.values())


def follows(question: str) -> bool:
    """Say whether a question leans on what was said before it."""
    whole = canonical(question).strip()
    plain = _LEAD.sub("", whole)
    said, own = words(plain), terms(plain)
    if not own or not said:
        return bool(words(whole))
    few = len(own) <= FEW
    return len(said) <= LONGEST and (
        _leans(said, few=few)
        or (few and bool(_ABOUT.match(plain)))
        or (few and said[0] in _PREPOSITIONS and not _ASKING & set(said[2:]))
        or (few and said[0] == "which" and said[1:2] in (["is"], ["are"], ["was"], ["one"]))
        or (set(words(" ".join(own))) <= _RELATIONS and not {"a", "an"} & set(said))
        or (few and plain != whole and said[0] not in _ASKING)
    )


def context(earlier: Sequence[str]) -> tuple[str, ...]:
    """Return the terms that a conversation has come to: those of its last question, and what that one leans on."""
    known: tuple[str, ...] = ()
    for question in earlier[-EARLIER:]:
        known = _distinct([*(known if follows(question) else ()), *terms(question)])[-CARRIED:] or known
    return known


def spoken_of(text: str, rarity: Callable[[str], float]) -> tuple[str, ...]:
    """Return what a piece of a lecture speaks of: the terms that are said most for how rare they are, in their order.

    Args:
        text: what was said.
        rarity: how rare a word is where it was said.
    """
    counts = Counter(words(text))
    found = [term for term in terms(text) if len(words(term)) == 1 and not term.isdecimal()]
    weight = {term: counts[words(term)[0]] * rarity(words(term)[0]) for term in found}
    best = sorted(found, key=lambda term: -weight[term])[:CARRIED]
    return tuple(term for term in found if term in best)


def alone(question: str, about: Sequence[str]) -> str | None:
    """Return a question so that it stands alone; None where it does as it is, or nothing was spoken of before.

    Args:
        question: as asked.
        about: the terms it may lean on, as `context` gives them.
    """
    if not about or not follows(question):
        return None
    whole = canonical(question).strip()
    plain = _LEAD.sub("", whole)
    own = terms(plain)
    have = set(stems(" ".join(own)))
    carried = " ".join(term for term in about if not set(stems(term)) <= have)
    if not own or not carried:
        return carried or None
    return _placed(plain, carried)


def accepted(proposed: str, question: str, earlier: Sequence[str]) -> str | None:
    """Return what a chat model made of a follow-up question, where it may be searched for, else None.

    It is data: one line, of words that the learner used, all of the question's own and one more at least. So whatever
    the model was told, nothing is searched for that nobody asked about.
    """
    text = " ".join(canonical(proposed).strip().strip("\"'“”`*").split())
    said, asked = set(stems(text)), set(stems(" ".join(terms(question))))
    known = set(stems(question)) | {one for row in earlier[-EARLIER:] for one in stems(row)}
    if not text or len(text) > MOST or not asked <= said <= known or not said - set(stems(question)):
        return None
    return text


def _leans(said: Sequence[str], *, few: bool) -> bool:
    """Say whether a word for a thing stands where nothing in the question can be meant by it."""
    content = 0
    for at, word in enumerate(said):
        if content >= INSIDE:
            return False
        if _points(word, said, at, few=few) or _numbers(word, said, at):
            return True
        content += _says(word)
    return False


def _points(word: str, said: Sequence[str], at: int, *, few: bool) -> bool:
    """Say whether a word stands for what was named before: not in `it is hard to`, `the task that fails`, `this is
    how`; and in `this tool` only where the question says hardly anything else."""
    before, after = said[at - 1] if at else "", said[at + 1] if at + 1 < len(said) else ""
    if word not in _THINGS:
        return word in _OWNERS
    if at == 0 and after in ("is", "was", "said"):
        return False
    if word == "it":
        return not _HOLLOW & set(said[at + 1 :])
    if after in _SHOWN or (word == "that" and after and before not in _BEFORE):
        return False
    return word in ("they", "them") or few or not _says(after)


def _numbers(word: str, said: Sequence[str], at: int) -> bool:
    """Say whether a word names one of several by its place: `the second one`, `the latter`."""
    return word in _POSITIONS and said[at - 1 : at] == ["the"] and said[at + 1 : at + 2] in ([], ["one"], ["ones"])


def _says(word: str) -> bool:
    return bool(word) and word not in STOPWORDS and word not in _EMPTY and word not in _PREPOSITIONS


def _placed(question: str, carried: str) -> str:
    """Put what was spoken of where a question has a word for it, else behind it."""
    for found in re.finditer(r"\S+", question):
        word = found.group().strip(_EDGES)
        if word.casefold() in _THINGS:
            start = found.start() + found.group().index(word)
            return f"{question[:start]}{carried}{question[start + len(word) :]}"
    return f"{question.rstrip(_EDGES + ' ')} ({carried})"


def _distinct(rows: Sequence[str]) -> tuple[str, ...]:
    """Return terms without those that are said again later, by their stems."""
    found: dict[str, str] = {}
    for row in rows:
        key = " ".join(stems(row)) or row
        found.pop(key, None)
        found[key] = row
    return tuple(found.values())
