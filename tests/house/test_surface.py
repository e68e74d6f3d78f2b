"""What may be imported from where: `__all__`, no import hidden in a function, no circle."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterable, Iterator, Mapping

import pytest

from tests.house.source import functions, imported, modules, text, tree

#: The names design and documents promise. What else a module defines is its own affair.
PUBLIC = {
    "knowhub_ext": {"__version__"},
    "knowhub_ext.client": {"KnowHub"},
    "knowhub_ext.widgets": {"Ask", "Lesson", "Progress", "Transcript", "VideoPlayer"},
    "knowhub_ext.retriever": {"KnowHubRetriever"},
    "knowhub_ext.magics": {"load_ipython_extension"},
}
#: Functions that may import first-party modules: Jupyter's hook, which must not cost Jupyter's start anything, and
#: the start hook of the server, which builds the hub in a thread once the server listens.
HOOKS = {
    ("knowhub_ext/__init__.py", "_jupyter_server_extension_points"),
    ("knowhub_ext/server/app.py", "KnowHubApp._build"),
}


@pytest.mark.parametrize("module", sorted(PUBLIC))
def test_a_public_module_exports_what_is_promised(module: str) -> None:
    loaded = importlib.import_module(module)
    missing = {name for name in PUBLIC[module] if not hasattr(loaded, name)}
    assert not missing
    exported = set(getattr(loaded, "__all__", PUBLIC[module]))
    assert exported >= PUBLIC[module]


def test_a_package_that_hands_names_on_lists_them() -> None:
    silent = [
        name for name in modules().values()
        if name.endswith("/__init__.py") and handed_on(tree(name)) and "__all__" not in text(name)
    ]  # fmt: skip
    assert not silent, "say in __all__ which of the imported names are the package's own surface"


def handed_on(module: ast.Module) -> set[str]:
    """First-party names that a module imports at its top level and does not use itself."""
    named = {
        alias.asname or alias.name
        for node in module.body if isinstance(node, ast.ImportFrom) and str(node.module).startswith("knowhub_ext.")
        for alias in node.names
    }  # fmt: skip
    return named - {node.id for node in ast.walk(module) if isinstance(node, ast.Name)}


def test_every_listed_name_exists_and_the_list_is_sorted() -> None:
    wrong = []
    for module, name in modules().items():
        for node in tree(name).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                listed = ast.literal_eval(node.value)
                loaded = importlib.import_module(module)
                wrong += [f"{module}.{entry}" for entry in listed if not hasattr(loaded, entry)]
                wrong += [] if sorted(listed, key=natural) == list(listed) else [f"{module}: not sorted"]
    assert not wrong


def natural(name: str) -> tuple[bool, bool, str]:
    """Constants, then classes, then functions, each by name: the order that ruff sorts `__all__` in."""
    return not name.isupper(), not name[:1].isupper(), name


def test_no_first_party_import_hides_in_a_function() -> None:
    found = {
        (name, function)
        for name in modules().values() for function, node in functions(tree(name)) if imports_our_own(node)
    }  # fmt: skip
    assert found - HOOKS == set(), "import at the top; where that makes a circle, the shared part belongs further down"
    assert HOOKS - found == set(), "a hook that imports nothing any more leaves the list"


def imports_our_own(function: ast.AST) -> bool:
    return any(
        module == "knowhub_ext" or module.startswith("knowhub_ext.")
        for node in ast.walk(function) for module in imported(node)
    )  # fmt: skip


def edges() -> dict[str, set[str]]:
    """Who imports whom at module level, imports for type checkers included."""
    known = modules()
    graph = {}
    for module, name in known.items():
        inside = {id(node) for _, function in functions(tree(name)) for node in ast.walk(function)}
        outside = [node for node in ast.walk(tree(name)) if id(node) not in inside]
        graph[module] = {m for node in outside for m in targets(node, known)} - {module}
    return graph


def targets(node: ast.AST, known: Mapping[str, str]) -> set[str]:
    """The modules an import needs: with `from package import module` that module, not what `package` hands on."""
    if isinstance(node, ast.ImportFrom):
        return {f"{node.module}.{alias.name}" for alias in node.names} & set(known) or {str(node.module)} & set(known)
    return set(imported(node)) & set(known)


def circles(graph: Mapping[str, Iterable[str]]) -> Iterator[list[str]]:
    """Strongly connected components of more than one module (Tarjan 1972)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []

    def visit(node: str) -> Iterator[list[str]]:
        order[node] = low[node] = len(order)
        stack.append(node)
        for follower in graph.get(node, ()):
            if follower not in order:
                yield from visit(follower)
            if follower in stack:
                low[node] = min(low[node], low[follower])
        if low[node] == order[node]:
            component = [stack.pop() for _ in range(len(stack) - stack.index(node))]
            if len(component) > 1:
                yield sorted(component)

    for node in graph:
        if node not in order:
            yield from visit(node)


def test_no_circle_among_the_modules() -> None:
    assert list(circles(edges())) == []


def test_a_planted_circle_is_found() -> None:
    graph = edges()
    graph["knowhub_ext.domain.locators"].add("knowhub_ext.services.asking")
    (found,) = circles(graph)
    assert {"knowhub_ext.domain.locators", "knowhub_ext.services.asking"} <= set(found)
    assert list(circles({"a": ["b"], "b": ["c"], "c": []})) == []
