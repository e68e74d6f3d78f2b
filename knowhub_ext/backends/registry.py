"""Backends by name, found late through the entry points `knowhub.<seam>`. Nothing is loaded before it is asked for."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from knowhub_ext.errors import InvalidSetting, MissingBackend

#: The folders of `knowhub_ext.backends`, one a seam.
SEAMS = ("blob_stores", "chat_models", "embedders", "indexes", "readers", "rerankers", "runners", "transcribers")

#: Backends that other extras of this distribution bring, so that a wrong guess still ends with the right command.
_EXTRAS: Mapping[tuple[str, str], str] = {
    ("indexes", "milvus"): "cluster",
    ("runners", "celery"): "cluster",
}


def names(seam: str) -> list[str]:
    """Return the names of the installed backends of a seam, sorted.

    Raises:
        InvalidSetting: there is no such seam.
    """
    return sorted(_found(seam))


def load(seam: str, name: str) -> Callable[..., Any]:
    """Return the class registered under `name`, not yet constructed.

    Raises:
        MissingBackend: nothing is registered under that name, or it cannot be imported.
    """
    found = _found(seam)
    if name not in found:
        raise _missing(seam, name, sorted(found))
    try:
        made: Callable[..., Any] = found[name].load()
    except (ImportError, AttributeError) as error:
        raise _broken(seam, name, error) from error
    return made


def create(seam: str, name: str, /, **options: Any) -> Any:
    """Construct the backend `name` of `seam` with its own options.

    Raises:
        MissingBackend: it is not installed, or a package it needs is not.
        InvalidSetting: it does not take one of the options, or lacks one it needs; the message lists the right ones.
    """
    backend = load(seam, name)
    _check_options(seam, name, backend, options)
    try:
        return backend(**options)
    except ImportError as error:
        raise _broken(seam, name, error) from error


def options_of(seam: str, name: str) -> list[str]:
    """Return the names of the options that a backend takes."""
    return list(_keywords(load(seam, name)))


def _found(seam: str) -> dict[str, EntryPoint]:
    if seam not in SEAMS:
        raise InvalidSetting(f"There is no seam '{seam}'; there are: {', '.join(SEAMS)}.")
    return {point.name: point for point in entry_points(group=f"knowhub.{seam}")}


def _missing(seam: str, name: str, have: list[str]) -> MissingBackend:
    extra = _EXTRAS.get((seam, name))
    cure = f"Install it with `pip install 'knowhub-ext[{extra}]'`." if extra else (
        "Choose one of these, or install the package that brings it."
    )
    return MissingBackend(
        f"No backend '{name}' is installed for {seam}; installed are: {', '.join(have) or 'none'}.", cure=cure
    )


def _broken(seam: str, name: str, error: Exception) -> MissingBackend:
    package = getattr(error, "name", None)
    cure = f"Install it with `pip install {package.split('.')[0]}`." if package else MissingBackend.cure
    return MissingBackend(f"The backend '{name}' of {seam} cannot be loaded: {error}.", cure=cure)


def _keywords(backend: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    return {
        key: parameter for key, parameter in inspect.signature(backend).parameters.items()
        if parameter.kind in (parameter.KEYWORD_ONLY, parameter.POSITIONAL_OR_KEYWORD)
    }


def _check_options(seam: str, name: str, backend: Callable[..., Any], options: Mapping[str, Any]) -> None:
    takes = _keywords(backend)
    listed = f"it takes: {', '.join(takes) or 'none'}"
    wrong = sorted(set(options) - set(takes))
    if wrong:
        raise InvalidSetting(f"The backend '{name}' of {seam} has no option '{wrong[0]}'; {listed}.")
    lacking = [key for key, parameter in takes.items() if parameter.default is parameter.empty and key not in options]
    if lacking:
        raise InvalidSetting(f"The backend '{name}' of {seam} needs the option '{lacking[0]}'; {listed}.")
