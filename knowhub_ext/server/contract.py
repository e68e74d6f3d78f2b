"""openapi.yaml as it is enforced: bodies and query parameters are checked here before a route sees them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml
from jsonschema import Draft202012Validator, ValidationError

from knowhub_ext.errors import UserError

PATH = Path(__file__).with_name("openapi.yaml")
METHODS = ("get", "head", "post", "put", "patch", "delete")
_INTEGER = re.compile(r"[+-]?\d{1,18}\Z")


class Contract:
    """The operations of a document of OpenAPI 3.1, by their id."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._operations = {
            operation["operationId"]: (item, operation)
            for item in document["paths"].values() for method, operation in item.items() if method in METHODS
        }
        self._bodies: dict[str, Draft202012Validator] = {}

    def body(self, operation_id: str, raw: bytes) -> dict[str, Any]:
        """Return the JSON body of a request.

        Raises:
            UserError: it is not JSON, or not what the operation's schema says.
        """
        value = _parsed(raw)
        if operation_id not in self._bodies:
            _, operation = self._operations[operation_id]
            content = operation["requestBody"]["content"]
            self._bodies[operation_id] = self.validator(content["application/json"]["schema"])
        error = next(iter(self._bodies[operation_id].iter_errors(value)), None)
        if error is not None:
            raise UserError(_sentence(error))
        _check_texts(value)
        return value  # type: ignore[no-any-return]

    def query(self, operation_id: str, given: Mapping[str, str]) -> dict[str, Any]:
        """Return the query parameters of a request, converted, with defaults; what is optional and absent is None.

        Raises:
            UserError: one is missing or does not fit.
        """
        return {p["name"]: self._value(p, given.get(p["name"])) for p in self._parameters(operation_id)}

    def validator(self, schema: Mapping[str, Any]) -> Draft202012Validator:
        """Return a validator of a schema of this document."""
        return Draft202012Validator({**schema, "components": self.document["components"]})

    def _parameters(self, operation_id: str) -> Iterator[dict[str, Any]]:
        item, operation = self._operations[operation_id]
        for row in (*item.get("parameters", ()), *operation.get("parameters", ())):
            parameter = self.document["components"]["parameters"][row["$ref"].split("/")[-1]] if "$ref" in row else row
            if parameter["in"] == "query":
                yield parameter

    def _value(self, parameter: Mapping[str, Any], text: str | None) -> Any:
        schema, name = parameter["schema"], parameter["name"]
        if text is None:
            if parameter.get("required"):
                raise UserError(f"The query parameter `{name}` is missing.")
            return schema.get("default")
        value: Any = text
        if schema["type"] == "integer":
            if not _INTEGER.match(text):
                raise UserError(f"The query parameter `{name}` must be a whole number.")
            value = int(text)
        error = next(iter(Draft202012Validator(schema).iter_errors(value)), None)
        if error is not None:
            raise UserError(_sentence(error, name))
        _check_texts(value)
        return value


@cache
def contract() -> Contract:
    """Return the contract of this server. Reading it takes a while: do it once, off the event loop."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return Contract(yaml.load(PATH.read_text(encoding="utf-8"), Loader=loader))


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise UserError("The body is not JSON.", cure="Send a JSON document in UTF-8.") from error


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _check_texts(value: Any) -> None:
    """Refuse text that no database and no encoding takes: NUL and halves of surrogate pairs."""
    for text in _texts(value):
        if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
            raise UserError("A text holds a character that is not one (NUL, or half of a surrogate pair).")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, Sequence):
        for item in value:
            yield from _texts(item)


_WORDS: Mapping[str, str] = {
    "type": "must be of type {value}", "maxLength": "is too long: at most {value} characters",
    "minLength": "is too short: at least {value} characters", "minimum": "must be at least {value}",
    "maximum": "must be at most {value}", "maxItems": "has too many items: at most {value}",
    "minItems": "has too few items: at least {value}", "enum": "must be one of {value}",
}


def _sentence(error: ValidationError, name: str = "") -> str:
    """Say what does not fit and where, without repeating what was sent."""
    where = name or ".".join(str(part) for part in error.absolute_path) or "The body"
    rule, value, schema = str(error.validator), cast(Any, error.validator_value), cast(Any, error.schema)
    if rule == "required":
        missing = [key for key in value if key not in cast(Any, error.instance)]
        return f"{where} lacks {', '.join(missing)}."
    if rule == "additionalProperties":
        return f"{where} has fields that are not known; known are {', '.join(schema.get('properties', ()))}."
    shown = ", ".join("null" if v is None else str(v) for v in value) if isinstance(value, list) else str(value)
    return f"{where} {_WORDS.get(rule, 'does not fit').format(value=shown)}."
