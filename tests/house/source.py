"""What the house tests read: the repository's files, its Python as syntax trees, its Markdown. Not a test itself."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "knowhub_ext"
#: Written by a program, or by others: no caps and no style apply.
FOREIGN = ("knowhub_ext/_version.py", "src/api/types.ts", ".ci/vendor/")


@cache
def listed() -> tuple[str, ...]:
    """Every file that is tracked or could be, as paths from the root; what .gitignore leaves out is left out."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return tuple(sorted(name for name in names if name and (ROOT / name).is_file()))


def sources(*suffixes: str) -> list[str]:
    """The project's own files of these suffixes."""
    return [name for name in listed() if name.endswith(suffixes) and not name.startswith(FOREIGN)]


@cache
def text(name: str) -> str:
    """The text of a file; nothing of one that is not text."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError):
        return ""


@cache
def tree(name: str) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(text(name), filename=name)


def modules() -> dict[str, str]:
    """Dotted name -> file, of every module of the package."""
    found = {}
    for name in sources(".py"):
        if name.startswith("knowhub_ext/"):
            parts = name.removesuffix(".py").split("/")
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = name
    return found


Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(module: ast.AST, inside: str = "") -> Iterator[tuple[str, Function]]:
    """Every function of a tree with its qualified name, the nested ones too."""
    for node in ast.iter_child_nodes(module):
        if isinstance(node, Function):
            yield inside + node.name, node
            yield from functions(node, f"{inside}{node.name}.")
        else:
            yield from functions(node, f"{inside}{node.name}." if isinstance(node, ast.ClassDef) else inside)


def imported(node: ast.AST) -> list[str]:
    """The modules an import statement names; with `from a import b` both `a` and `a.b`, which may be a module too."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []
