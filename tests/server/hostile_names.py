"""Names that try to be more than names: over four hundred, put together from what breaks path handling elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

CLIMBS = (
    "..", "../", "../..", "..\\", "....//", "..;/", "%2e%2e", "%2e%2e%2f", "%252e%252e%252f", "..%2f", "..%5c",
    "%c0%ae%c0%ae/",
    ".%00./", "..%00/", "\u2025/", "\uff0e\uff0e/", "..\u2215", "..\u200b/", "./../", "a/../..", "~/", "~root/",
)  # fmt: skip
PLACES = (
    "etc/passwd", "outside/canary.md", "root-evil/canary.md", "data/secret", "data/knowhub.sqlite3",
    "proc/self/environ",
    "windows\\win.ini", "canary.md",
)  # fmt: skip
ROOTS = (
    "/", "//", "\\", "\\\\host\\share\\", "C:\\", "C:", "file:///", "file:", "///", "\\\\?\\C:\\", "/proc/self/root/",
)  # fmt: skip
RESERVED = (
    "CON", "PRN", "AUX", "NUL", "COM1", "LPT1", "CON.md", "nul.mp4", "aux .md", "a.md.", "a.md ", ".", "...", ".md",
    " ", "-",
    "--help", "-rf", "*", "?", "a|b.md", "a<b>.md", "a:b.md", "a.md::$DATA", "desktop.ini", ".git/config", ".ssh/id",
    "a\"b.md",
    "$(id).md", "`id`.md", "${HOME}.md", "%n%s%x.md", "{{7*7}}.md", "';DROP TABLE upload;--.md",
    "<script>1</script>.md",
    "<img src=x onerror=1>.md", "=cmd|'/c calc'!A1.md", "\x1b[31mred.md", "a\r\nSet-Cookie: x=1.md", "a\tb.md",
    "a\nb.md",
    "a\0.md", "\0", "a.md\0.exe", "\ud7ff.md", "\ufffe.md", "\uffff.md", "\U0010ffff.md", "\u202egpj.md", "\u2028.md",
    "\ufeffa.md", "a\u0300.md", "\u00e9.md", "e\u0301.md", "\u1e9b\u0323.md", "\uff21.md", "\u212b.md", "\u0130.md",
    "\u0131.md",
    "\u00df.md", "\U0001f468\u200d\U0001f469\u200d\U0001f467.md", "\u0627\u0644\u0639.md", "\u65e5\u672c.md",
    "\u0e01\u0e33.md",
    "a" * 251 + ".md", "a" * 255, "a" * 256 + ".md", "\u00e9" * 127 + ".md", "\U0001f600" * 63 + ".md",
    "\u20ac" * 85 + ".md",
    "d/" * 200 + "a.md", "d/" * 600 + "a.md", "/" * 300 + "a.md", "." * 300 + ".md", "a" * 5000 + ".md",
    "undefined", "null", "None", "true", "NaN", "0", "-1", "1e309", "[]", "{}", "''", '""', "\\", "\\\\", "/", "//",
    "#", "&", "+",
)  # fmt: skip


def names() -> list[str]:
    """Return all of them, each once."""
    return list(dict.fromkeys(_made()))


def _made() -> Iterator[str]:
    yield from RESERVED
    for climb, place in product(CLIMBS, PLACES):
        yield f"{climb}{place}" if climb.endswith(("/", "\\", "f", "c")) else f"{climb}/{place}"
    for root, place in product(ROOTS, PLACES):
        yield root + place
    for depth, place in product((3, 8, 30), PLACES):
        yield "../" * depth + place
        yield "..\\" * depth + place
        yield "week1/" + "../" * depth + place
