"""The documents say what is: generated pages are fresh, every seam has its paragraph, every link leads somewhere."""

from __future__ import annotations

import ast
import importlib.util
import re
from importlib.metadata import distribution
from pathlib import Path
from types import ModuleType

import pytest
import tomllib

from knowhub_ext import ports
from knowhub_ext.backends.registry import SEAMS
from knowhub_ext.store.tables import JOB
from tests.house.source import PACKAGE, ROOT, imported, listed, sources, text, tree

#: folder of backends = entry-point group -> the Protocol that its backends fulfil.
PROTOCOLS = {
    "blob_stores": "BlobStore", "chat_models": "ChatModel", "embedders": "Embedder", "indexes": "VectorIndex",
    "readers": "Reader", "rerankers": "Reranker", "runners": "JobRunner", "transcribers": "Transcriber",
}  # fmt: skip

#: Folders beside the backends that they share.
NO_SEAMS = {"cage"}


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_reference", ROOT / "docs" / "reference" / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAGES: dict[Path, str] = generator().pages()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_generated_page_is_fresh(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == PAGES[path], "run: python docs/reference/generate.py"


@pytest.mark.parametrize("seam", SEAMS)
def test_a_seam_has_one_word_everywhere(seam: str) -> None:
    assert (PACKAGE / "backends" / seam).is_dir()
    assert hasattr(ports, PROTOCOLS[seam])
    assert f"| `{PROTOCOLS[seam]}` | `{seam}` |" in text("ARCHITECTURE.md"), "the table of seams lacks it"
    assert f"tests/contracts/test_{seam}.py" in listed(), "a seam has its contract test"


def test_there_is_no_seam_beside_the_listed_ones() -> None:
    folders = {path.name for path in (PACKAGE / "backends").iterdir() if (path / "__init__.py").exists()}
    assert folders - NO_SEAMS == set(SEAMS)
    assert set(PROTOCOLS) == set(SEAMS)


def backends() -> list[tuple[str, str, str]]:
    """Group, name and target of every backend that this distribution registers."""
    points = distribution("knowhub-ext").entry_points
    return [(p.group, p.name, p.value) for p in points if p.group.startswith("knowhub.")]


@pytest.mark.parametrize(("group", "name", "value"), backends(), ids=lambda value: value)
def test_an_entry_point_leads_to_a_class_of_its_own_folder(group: str, name: str, value: str) -> None:
    module, _, attribute = value.partition(":")
    assert module == f"knowhub_ext.backends.{group.removeprefix('knowhub.')}.{name}"
    classes = [n.name for n in ast.parse(text(module.replace(".", "/") + ".py")).body if isinstance(n, ast.ClassDef)]
    assert attribute in classes


def test_every_backend_is_registered() -> None:
    registered = {value.partition(":")[0].replace(".", "/") + ".py" for _, _, value in backends()}
    parts = {name.replace(".", "/") + ".py" for file in registered for name in needed(file)}
    files = {n for n in listed() if re.fullmatch(r"knowhub_ext/backends/[a-z_]+/[a-z][a-z_]*\.py", n)}
    shared = {name for name in files if name.split("/")[2] in NO_SEAMS}
    assert files - shared - registered - parts == set(), "neither an entry point nor a part of one"


def needed(file: str) -> list[str]:
    """Modules that a file imports, at its top or later."""
    return [module for node in ast.walk(tree(file)) for module in imported(node)]


def section(name: str, heading: str) -> str:
    """The text below a heading of the second level."""
    return text(name).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def test_the_floors_of_the_architecture_are_those_of_the_linter() -> None:
    layers = tomllib.loads(text("pyproject.toml"))["tool"]["importlinter"]["contracts"][0]["layers"]
    linted = [{name.strip() for name in layer.split("|")} for layer in reversed(layers)]
    rows = re.findall(r"^\| (\d) \| (.+?) \|", section("ARCHITECTURE.md", "Floors"), re.MULTILINE)
    drawn: dict[str, set[str]] = {}
    for floor, cell in rows:
        drawn.setdefault(floor, set()).update(re.findall(r"`(\w+)(?:/|\.py)`", cell))
    assert [drawn[floor] for floor in sorted(drawn)] == linted


def test_the_tables_of_the_architecture_are_those_of_the_database() -> None:
    cells = re.findall(r"^\| (`.+?) \|", section("ARCHITECTURE.md", "Data"), re.MULTILINE)
    drawn = {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}
    assert drawn == set(JOB.metadata.tables)


def test_the_list_of_decisions_has_them_all() -> None:
    records = [name for name in listed() if re.fullmatch(r"docs/adr/\d{4}-.+\.md", name)]
    linked = [f"docs/adr/{link}" for link in links("docs/adr/README.md") if re.match(r"\d{4}-", link)]
    assert linked == records
    titles = [text(name).partition("\n")[0] for name in records]
    assert [title[2:6] for title in titles] == [name.rpartition("/")[2][:4] for name in records]


LINK = re.compile(r"(?<!`)!?\[[^\]]*\]\(([^)\s]+)\)|<img[^>]+src=\"([^\"]+)\"|srcset=\"([^\"]+)\"")


def links(name: str) -> list[str]:
    """What a Markdown file points at inside this repository; code blocks point at nothing."""
    prose = re.sub(r"^```.*?^```", "", text(name), flags=re.MULTILINE | re.DOTALL)
    found = ["".join(match) for match in LINK.findall(prose)]
    return [link for link in found if not re.match(r"[a-z]+:|//", link)]


@pytest.mark.parametrize("name", sources(".md"))
def test_every_link_leads_to_a_file_and_to_a_heading_of_it(name: str) -> None:
    broken = [link for link in links(name) if not resolves(ROOT / name, link)]
    assert not broken


def resolves(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists() or not target.is_relative_to(ROOT):
        return False
    return not anchor or target.suffix != ".md" or anchor in anchors(target)


def anchors(page: Path) -> set[str]:
    """The anchors that a forge makes of a page's headings."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def test_a_broken_link_is_noticed() -> None:
    readme = ROOT / "README.md"
    assert resolves(readme, "CONTRIBUTING.md#where-do-i-put-it")
    assert not resolves(readme, "CONTRIBUTING.md#nowhere")
    assert not resolves(readme, "docs/nothing.md")
    assert not resolves(readme, "../outside.md")


def test_every_page_of_the_docs_can_be_reached_from_the_readme() -> None:
    seen, unread = {ROOT / "README.md"}, [ROOT / "README.md"]
    while unread:
        page = unread.pop()
        for link in links(str(page.relative_to(ROOT))):
            target = (page.parent / link.partition("#")[0]).resolve()
            if target.suffix == ".md" and target.exists() and target not in seen:
                seen.add(target)
                unread.append(target)
    lost = {name for name in sources(".md") if name.startswith("docs/") and ROOT / name not in seen}
    assert not lost


def test_commands_in_the_documents_exist() -> None:
    known = set(re.findall(r"^## `knowhub ([a-z]+)", text("docs/reference/cli.md"), re.MULTILINE))
    named = {
        word
        for name in sources(".md") for word in re.findall(r"`(?:\$ )?knowhub ([a-z]+)\b", text(name))
    }  # fmt: skip
    assert named - known == set()


def test_make_targets_in_the_documents_exist() -> None:
    known = set(re.findall(r"^([a-z-]+):.*## ", text("Makefile"), re.MULTILINE))
    named = {word for name in sources(".md") for word in re.findall(r"`(?:\$ )?make ([a-z]+)\b", text(name))}
    assert named
    assert named - known == set()
