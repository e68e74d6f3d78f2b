"""Words speech recognition should know: what the course's own notebooks, documents and glossary call things."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: An engine takes few hot words before they crowd out what was said (faster-whisper: half its 448-token prompt).
LIMIT = 40
#: Mined words fill up to this many: on the sample lectures 25 in all were recognised better than 40.
FILL = 25
#: What a file of the lesson itself counts, against one of another lesson.
_NEAR = 4
_COMMON = frozenset(word.casefold() for word in dir(builtins)) | frozenset(keyword.kwlist) | frozenset(
    "self cls args kwargs os sys re json time math random collections itertools functools pathlib typing dataclass "
    "data result results value values key keys name names text line lines item items index count total number start "
    "end path file i j k n x y z a b c d e f".split()
)
#: Words that begin headings and sentences, and so look like names.
_EVERYDAY = frozenset(
    "about after again also another before between both check code each every example exercise exercises figure first "
    "from have here inside into introduction just learn lecture lesson look many more most next note notes once only "
    "other over page part questions read second section setup since slide some step such summary take task than that "
    "their then there these they this those three through under until using very what when where which while whole "
    "with without write your".split()
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mined:
    """What one file calls things: its words as often as they occur. `near`: it belongs to the lesson itself."""

    words: Sequence[str]
    source: str = "document"
    name: str = ""
    near: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class HotWord:
    """A word, its source (`course`: an educator wrote it; `notebook`, `document`, `slides`), the name of the file."""

    word: str
    source: str
    name: str = ""


def from_code(source: str) -> list[str]:
    """Return identifiers that a speaker would say: imports, definitions and attributes, in order of appearance.

    Source that is not Python (a magic, a shell line) gives what can be read of it: nothing.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found += [alias.name.split(".")[0] for alias in node.names]
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.append(node.name)
        elif isinstance(node, ast.Attribute) and not node.attr.isalpha():
            found.append(node.attr)  # a plain word such as `append` is everyday speech: the engine knows it
    return [word for word in found if _sayable(word)]


def _sayable(word: str) -> bool:
    return word.casefold() not in _COMMON and len(word) > 3 and not word.startswith("_") and "__" not in word


_TERM = re.compile(r"\b(?:[A-Z][\w+#]*[A-Z+#]\w*|[A-Z]-\w+|[A-Za-z]+\d\w*|[a-z]+_\w+|[A-Z][a-z]{3,})\b")


def from_prose(text: str) -> list[str]:
    """Return words written like names or terms (`PostgreSQL`, `GIN`, `B-tree`, `acks_late`) in headings and prose."""
    return [word for word in _TERM.findall(text) if word.casefold() not in _COMMON | _EVERYDAY]


def special(word: str) -> int:
    """Return how unlike everyday speech a word is written, 1 to 3: the engine needs to be told the strangest most."""
    inner = word[1:]
    if any(sign in word for sign in "_-+#.") or any(c.isdigit() for c in word) or (
        any(c.isupper() for c in inner) and any(c.islower() for c in word)
    ):
        return 3
    return 2 if word.isupper() else 1


def gathered(authored: Sequence[str], files: Iterable[Mined], *, hidden: Iterable[str] = ()) -> list[HotWord]:
    """Return all words, best first: the educator's in order, then mined ones by how often and how strangely written.

    A word of several files stands under the one it occurs in most; one that differs in case alone is the same word.
    """
    rows = {word.strip().casefold(): HotWord(word=word.strip(), source="course") for word in authored if word.strip()}
    out = {word.casefold() for word in hidden}
    score: Counter[str] = Counter()
    most: dict[str, tuple[int, HotWord]] = {}
    for file in files:
        spelling: dict[str, str] = {}
        for word in file.words:
            spelling.setdefault(word.casefold(), word)
        for key, times in Counter(word.casefold() for word in file.words).items():
            weight = times * (_NEAR if file.near else 1)
            score[key] += weight * special(spelling[key])
            if key not in most or weight > most[key][0]:
                most[key] = weight, HotWord(word=spelling[key], source=file.source, name=file.name)
    return [*rows.values(), *(most[key][1] for key, _ in score.most_common() if key not in rows and key not in out)]


def bounded(words: Sequence[HotWord]) -> tuple[HotWord, ...]:
    """Return the words to give the engine: of the educator's at most `LIMIT`, mined ones up to `FILL` in all."""
    authored = [row for row in words if row.source == "course"][:LIMIT]
    mined = [row for row in words if row.source != "course"]
    return (*authored, *mined[: max(0, FILL - len(authored))])
