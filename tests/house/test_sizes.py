"""Small is a rule: caps on functions, files and parameters, and a list of exceptions that may only shrink."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator

import pytest

from tests.house.source import functions, sources, text, tree

FUNCTION_CAP = 60
FILE_CAP = 300
PARAMETER_CAP = 6
MEDIAN_CAP = 10

#: What may be larger for now: "file" or "file:function" -> (its size, the day it was allowed, why).
#: The size must be the present one, so that an entry can shrink and go, but never grow.
EXCEPTIONS: dict[str, tuple[int, str, str]] = {}


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the last one; decorators are not the function's own."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many a caller may give; `self` and `cls` are given by Python, `*args` and `**kwargs` name none."""
    named = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return len([name for i, name in enumerate(named) if not (i == 0 and name in ("self", "cls"))])


def too_large() -> Iterator[tuple[str, int]]:
    """Whatever is above its cap, with its size."""
    for name in sources(".py", ".ts"):
        lines = len(text(name).splitlines())
        if lines > FILE_CAP:
            yield name, lines
    for name in sources(".py"):
        for function, node in functions(tree(name)):
            if length(node) > FUNCTION_CAP:
                yield f"{name}:{function}", length(node)


def test_files_and_functions_stay_below_their_caps() -> None:
    found = [f"{what}: {size}" for what, size in too_large() if what not in EXCEPTIONS]
    assert not found, f"split by noun or by step; caps are {FILE_CAP} lines a file, {FUNCTION_CAP} a function"


def test_an_exception_is_neither_outgrown_nor_outlived() -> None:
    sizes = dict(too_large())
    stale = [what for what, (allowed, *_) in EXCEPTIONS.items() if sizes.get(what) != allowed]
    assert not stale, "lower the size in EXCEPTIONS to the present one, or drop the entry that is no longer needed"


def test_functions_take_few_parameters() -> None:
    found = [
        f"{name}:{function} takes {parameters(node)}"
        for name in sources(".py") for function, node in functions(tree(name))
        if parameters(node) > PARAMETER_CAP and not is_fixture_user(name)
    ]  # fmt: skip
    assert not found, f"more than {PARAMETER_CAP} become a frozen options value"


def is_fixture_user(name: str) -> bool:
    """Tests name their fixtures as parameters; nobody calls them."""
    return name.startswith("tests/")


@pytest.mark.parametrize("wing", ["knowhub_ext/", "tests/", ".ci/"])
def test_half_of_the_functions_are_ten_lines_or_fewer(wing: str) -> None:
    sizes = [length(node) for name in sources(".py") if name.startswith(wing) for _, node in functions(tree(name))]
    assert statistics.median(sizes) <= MEDIAN_CAP


def test_eslint_holds_the_same_caps_for_functions_of_typescript() -> None:
    config = text("eslint.config.mjs")
    assert f"'max-lines-per-function': ['error', {{ max: {FUNCTION_CAP} }}]" in config
    assert f"'max-params': ['error', {PARAMETER_CAP}]" in config


def test_the_measures_measure() -> None:
    source = "class A:\n    def f(self, a, b, *, c):\n        def g():\n            pass\n        return g\n"
    found = {name: (length(node), parameters(node)) for name, node in functions(ast.parse(source))}
    assert found == {"A.f": (4, 3), "A.f.g": (2, 0)}
