"""openapi.yaml is valid, complete in itself, and keeps the rules that hold for every route."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.house.source import text

SPEC = yaml.safe_load(text("knowhub_ext/server/openapi.yaml"))
VERBS = ("get", "put", "post", "patch", "delete", "head")


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, verb and operation of every route."""
    for path, item in SPEC["paths"].items():
        for verb in VERBS:
            if verb in item:
                yield path, verb, item[verb]


OPERATIONS = {f"{verb.upper()} {path}": operation for path, verb, operation in operations()}


def test_the_document_is_valid_openapi() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(SPEC).iter_errors()] == []


def test_a_broken_document_is_noticed() -> None:
    broken = {**SPEC, "paths": {"/x": {"get": {"responses": {"200": {}}}}}}
    assert list(OpenAPIV31SpecValidator(broken).iter_errors())


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_route_has_a_name_and_says_how_it_fails(name: str) -> None:
    operation = OPERATIONS[name]
    assert re.fullmatch(r"[a-z][A-Za-z]+", operation["operationId"])
    assert operation["responses"]["default"] == {"$ref": "#/components/responses/Problem"}


def takes_json(operation: dict[str, Any]) -> bool:
    """Whether it has a body that is not a file's bytes, which no schema describes."""
    content = operation.get("requestBody", {}).get("content", {})
    return bool(content) and "application/offset+octet-stream" not in content


@pytest.mark.parametrize("name", [name for name, operation in OPERATIONS.items() if takes_json(operation)])
def test_a_request_body_is_closed(name: str) -> None:
    reference = OPERATIONS[name]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schema = SPEC["components"]["schemas"][reference.rpartition("/")[2]]
    assert schema["additionalProperties"] is False, "an unknown key is a mistake that its sender wants to hear of"


def test_names_are_used_once() -> None:
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert sorted(names) == sorted(set(names))


def test_no_schema_lies_unused() -> None:
    used = set(re.findall(r"#/components/schemas/(\w+)", text("knowhub_ext/server/openapi.yaml")))
    unused = set(SPEC["components"]["schemas"]) - used
    assert unused <= {"Event"}, "Event is what /live sends, which OpenAPI has no word for"
