"""Words speech recognition should know: what the course's own notebooks and glossary call things."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections import Counter
from collections.abc import Iterable, Sequence

#: An engine takes few hot words before they crowd out what was said (faster-whisper: half its 448-token prompt).
LIMIT = 40
#: Mined words fill up to this many: on the sample lectures 25 in all were recognised better than 40.
FILL = 25
_COMMON = frozenset(dir(builtins)) | frozenset(keyword.kwlist) | frozenset(
    "self cls args kwargs os sys re json time math random collections itertools functools pathlib typing dataclass "
    "data result results value values key keys name names text line lines item items index count total number start "
    "end path file i j k n x y z a b c d e f".split()
)


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


_TERM = re.compile(r"\b(?:[A-Z][\w+#]*[A-Z+#]\w*|[A-Z]-\w+|[A-Za-z]+\d\w*|[A-Z][a-z]{3,})\b")


def from_prose(text: str) -> list[str]:
    """Return words written like names or terms (`PostgreSQL`, `GIN`, `B-tree`) inside headings and prose."""
    return [word for word in _TERM.findall(text) if word.casefold() not in _COMMON]


def ranked(authored: Sequence[str], mined: Iterable[str], *, limit: int = LIMIT) -> tuple[str, ...]:
    """Return the words to give the engine: the educator's, in order, then mined ones by frequency up to `FILL`."""
    count: Counter[str] = Counter()
    spelling: dict[str, str] = {}
    for word in mined:
        count[word.casefold()] += 1
        spelling.setdefault(word.casefold(), word)
    kept = list(dict.fromkeys(word.strip() for word in authored if word.strip()))
    have = {word.casefold() for word in kept}
    fresh = [spelling[key] for key, _ in count.most_common() if key not in have]
    return tuple([*kept, *fresh[: max(0, FILL - len(kept))]][:limit])
