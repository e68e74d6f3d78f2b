"""Writes the reference pages of settings, command line, routes and errors from the code that they describe.

`python docs/reference/generate.py` writes them; a test calls `pages()` and fails where one is stale.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click
import yaml
from traitlets import Enum

import knowhub_ext
from knowhub_ext import errors
from knowhub_ext.cli import knowhub
from knowhub_ext.config import KnowHub
from knowhub_ext.errors import KnowHubError, UserError
from knowhub_ext.server.problems import status_of

HERE = Path(__file__).parent
MADE = "<!-- Written by docs/reference/generate.py; edit what it reads instead. -->"


def pages() -> dict[Path, str]:
    """File -> the text it must hold."""
    made = {"settings": settings, "cli": commands, "routes": routes, "errors": failures}
    return {HERE / f"{name}.md": page(write) for name, write in made.items()}


def page(write: Callable[[], Iterable[str]]) -> str:
    """A page's blocks, one blank line between them."""
    title, *blocks = write()
    return "\n\n".join([f"# {title}", MADE, *blocks]) + "\n"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table; a bar or a line end inside a cell would break it."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(re.sub(r"\s+", " ", c).replace("|", "\\|") for c in row) + " |" for row in lines)


def settings() -> Iterator[str]:
    yield "Settings"
    yield (
        "Set them in `jupyter_knowhub_config.py` (or `.json`) on Jupyter's configuration path, for instance\n"
        "`c.KnowHub.transcriber_options = {'model': 'small'}`; on Jupyter's command line as\n"
        "`--KnowHub.transcriber=captions`; or by the environment variable that a setting names, which wins.\n"
        "A name or a value that does not fit is refused with the list of those that do."
    )
    traits = KnowHub.class_own_traits(config=True)
    rows = ((f"`{name}`", kind(trait), default(trait), trait.help) for name, trait in sorted(traits.items()))
    yield table(("setting", "type", "default", "what it does"), rows)


def kind(trait: Any) -> str:
    """A trait's type and its bounds, in words."""
    if isinstance(trait, Enum):
        return " or ".join(f"`{value}`" for value in trait.values)
    name = {"Unicode": "text", "Bool": "yes or no", "Int": "integer", "Float": "number", "Dict": "mapping"}
    low, high = getattr(trait, "min", None), getattr(trait, "max", None)
    finite = [f"{bound:g}" for bound in (low, high) if bound is not None and abs(bound) != float("inf")]
    return name[type(trait).__name__] + (f", {' to '.join(finite)}" if len(finite) == 2 else "")


def default(trait: Any) -> str:
    value = trait.default() if callable(getattr(trait, "default", None)) else trait.default_value
    return "" if value in ("", None) else f"`{value}`"


def commands() -> Iterator[str]:
    yield "Command line"
    yield (
        "Every command takes `--json`: documents on standard output and nothing else there, messages and\n"
        "progress bars on standard error. It exits with 0 when done, 2 on a mistake of whoever typed it (one\n"
        "line says what, why and the cure) and 1 on a fault of KnowHub. Commands open the data folder directly\n"
        "and work beside a running server."
    )
    for words, command in walk(knowhub, ("knowhub",)):
        yield f"## `{usage(words, command)}`"
        yield (command.help or "").strip()
        rows = [option(parameter) for parameter in command.params if isinstance(parameter, click.Option)]
        yield table(("option", "what it does"), rows)


def walk(group: click.Group, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that does something, with the words that call it."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from walk(command, (*words, name))
        else:
            yield (*words, name), command


def usage(words: tuple[str, ...], command: click.Command) -> str:
    arguments = [p.make_metavar(click.Context(command)) for p in command.params if isinstance(p, click.Argument)]
    return " ".join([*words, *arguments])


def option(parameter: click.Option) -> tuple[str, str]:
    names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    if isinstance(parameter.type, click.Choice):
        names += " " + " or ".join(f"`{choice}`" for choice in parameter.type.choices)
    elif not parameter.is_flag:
        names += f" {parameter.metavar or parameter.type.name.upper()}"
    shown = f" Default: {parameter.default}." if parameter.show_default and parameter.default is not None else ""
    return names, (parameter.help or "") + shown


def routes() -> Iterator[str]:
    path = Path(knowhub_ext.__file__).parent / "server" / "openapi.yaml"
    spec = yaml.safe_load(path.read_text(encoding="utf-8"))
    base = spec["servers"][0]["url"]
    yield "Routes"
    yield spec["info"]["description"].strip()
    yield "The schemas stand in `knowhub_ext/server/openapi.yaml`, by which requests are checked too."
    for address, item in spec["paths"].items():
        for verb in ("get", "head", "put", "post", "patch", "delete"):
            if verb in item:
                yield from route(f"{verb.upper()} {base}{address}", item[verb], item.get("parameters", []), spec)


def route(name: str, operation: dict[str, Any], shared: list[Any], spec: dict[str, Any]) -> Iterator[str]:
    yield f"## `{name}`"
    said = [operation.get("summary", ""), operation.get("description", "").strip()]
    yield "\n\n".join(filter(None, said)) or f"`{operation['operationId']}`."
    parameters = [resolved(p, spec) for p in [*shared, *operation.get("parameters", [])]]
    if parameters:
        rows = ((f"`{p['name']}`", p["in"], p.get("description", ""), limits(p["schema"])) for p in parameters)
        yield table(("parameter", "in", "meaning", "value"), rows)
    if "requestBody" in operation:
        yield f"Body: `{schema_name(operation['requestBody']['content'])}`."
    rows = ((code, resolved(r, spec)["description"], schema_name(r.get("content", {})))
            for code, r in operation["responses"].items() if code != "default")  # fmt: skip
    yield table(("status", "meaning", "schema"), rows)


def resolved(node: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    """What a `$ref` points at, or the node itself."""
    found: Any = spec
    for step in node.get("$ref", "").removeprefix("#/").split("/") if "$ref" in node else ():
        found = found[step]
    return found if "$ref" in node else node


def limits(schema: dict[str, Any]) -> str:
    words = [str(schema.get("type", ""))]
    words += ["one of " + ", ".join(map(str, schema["enum"]))] if "enum" in schema else []
    words += [f"{key} {schema[key]}" for key in ("minimum", "maximum", "maxLength", "default") if key in schema]
    return ", ".join(words)


def schema_name(content: dict[str, Any]) -> str:
    names = [media["schema"].get("$ref", "").rpartition("/")[2] or kind for kind, media in content.items()]
    return ", ".join(names)


def failures() -> Iterator[str]:
    yield "Errors"
    yield (
        "Over HTTP an error is a problem document (RFC 9457) whose `type` ends in the slug; on the command line\n"
        "it is one line on standard error. Either way it says what happened and the cure; the texts here are\n"
        "those said where nothing more telling is known."
    )
    rows = ((f"`{e.slug}`", e.message, e.cure, str(status_of(e)), exit_code(e)) for e in (cls() for cls in tree()))
    yield table(("slug", "message", "cure", "HTTP", "exit"), rows)


def exit_code(error: KnowHubError) -> str:
    return "2" if isinstance(error, UserError) else "1"


def tree() -> list[type[KnowHubError]]:
    """The classes of errors.py in their order there."""
    return [cls for cls in vars(errors).values() if isinstance(cls, type) and issubclass(cls, KnowHubError)]


if __name__ == "__main__":
    for file, text in pages().items():
        file.write_text(text, encoding="utf-8")
        print(file.name)
