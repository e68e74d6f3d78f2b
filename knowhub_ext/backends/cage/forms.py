"""Values as JSON and back, checked against their types: what comes out of a cage is data of a stranger.

Follows the fields of dataclasses, so that a new field needs nothing here. Knows no particular value.
"""

from __future__ import annotations

import math
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

#: The key under which a form says which dataclass it is.
KIND = "="


class BadForm(ValueError):
    """The JSON does not have the form that was expected of it."""


def encode(value: Any) -> Any:
    """Return `value` as JSON data: dataclasses become objects that name their class, sequences lists.

    Raises:
        TypeError: something in it has no form.
    """
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):  # half a surrogate pair is no text; a mark in its place keeps all offsets
        return value.encode("utf-8", "replace").decode()
    if is_dataclass(value) and not isinstance(value, type):
        return {KIND: type(value).__name__, **{f.name: encode(getattr(value, f.name)) for f in fields(value)}}
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [encode(item) for item in value]
    raise TypeError(f"a {type(value).__name__} has no form")


def decode(form: Any, wanted: Any) -> Any:
    """Return the value of type `wanted` that `form` stands for.

    Raises:
        BadForm: it stands for none: a type, a field or a number is not what it has to be.
    """
    if wanted is Any:
        return form
    origin = typing.get_origin(wanted)
    if origin in (typing.Union, types.UnionType):
        return _one_of(form, typing.get_args(wanted))
    if origin is typing.Literal or (isinstance(wanted, type) and issubclass(wanted, Enum)):
        return _named(form, wanted)
    if is_dataclass(wanted):
        return _record(form, wanted)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(form, typing.get_args(wanted))
    if isinstance(origin, type) and issubclass(origin, (Sequence, frozenset)):
        return _sequence(form, origin, typing.get_args(wanted))
    return _plain(form, wanted)


def _named(form: Any, wanted: Any) -> Any:
    """Return the one of several constants that `form` is."""
    for option in typing.get_args(wanted) or wanted:
        value = option.value if isinstance(option, Enum) else option
        if type(value) is type(form) and value == form:
            return option
    raise BadForm(f"none of the values of {getattr(wanted, '__name__', wanted)}")


def _plain(form: Any, wanted: Any) -> Any:
    if wanted is type(None) and form is None:
        return None
    if wanted is float and type(form) in (int, float) and math.isfinite(form):
        return float(form)
    if wanted is int and type(form) is int and abs(form) < 1 << 63:
        return form
    if wanted is bool and type(form) is bool:
        return form
    if wanted is str and type(form) is str and _is_text(form):
        return form
    raise BadForm(f"{type(form).__name__} where {getattr(wanted, '__name__', wanted)} belongs")


def _is_text(form: str) -> bool:
    return form.isascii() or not any("\ud800" <= char <= "\udfff" for char in form)


def _one_of(form: Any, options: Sequence[Any]) -> Any:
    if isinstance(form, dict) and KIND in form:
        options = [o for o in options if is_dataclass(o) and getattr(o, "__name__", "") == form[KIND]]
    for option in options:
        try:
            return decode(form, option)
        except BadForm:
            if len(options) == 1:
                raise
    raise BadForm("none of several types")


def _mapping(form: Any, arguments: Sequence[Any]) -> dict[str, Any]:
    if not isinstance(form, dict):
        raise BadForm(f"{type(form).__name__} where a mapping belongs")
    return {key: decode(item, arguments[1] if len(arguments) == 2 else Any) for key, item in form.items()}


def _sequence(form: Any, origin: type, arguments: Sequence[Any]) -> Any:
    if not isinstance(form, list):
        raise BadForm(f"{type(form).__name__} where a list belongs")
    if origin is tuple and not (len(arguments) == 2 and arguments[1] is Ellipsis):
        if len(form) != len(arguments):
            raise BadForm(f"{len(form)} items where {len(arguments)} belong")
        return tuple(decode(item, wanted) for item, wanted in zip(form, arguments, strict=True))
    items = [decode(item, arguments[0]) for item in form]
    return items if origin not in (tuple, frozenset) else origin(items)


def _record(form: Any, wanted: Any) -> Any:
    if not isinstance(form, dict) or form.get(KIND) != wanted.__name__:
        raise BadForm(f"no {wanted.__name__}")
    hints, known = _hints(wanted), {f.name: f for f in fields(wanted)}
    strange = form.keys() - known.keys() - {KIND}
    if strange:
        raise BadForm(f"{wanted.__name__} has no {sorted(strange)[0]}")
    values = {}
    for name, field in known.items():
        if name in form:
            values[name] = decode(form[name], hints[name])
        elif field.default is MISSING and field.default_factory is MISSING:
            raise BadForm(f"{wanted.__name__} lacks {name}")
    return wanted(**values)


@lru_cache(maxsize=64)
def _hints(wanted: type) -> Mapping[str, Any]:
    return typing.get_type_hints(wanted)
