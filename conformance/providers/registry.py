"""The registry: built-in and users' TOML files, read, inherited from one another and built into values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.errors import UnusableInputError, suggest
from conformance.providers.answer_shape import Pace, wire_from
from conformance.providers.provider import Also, Deviation, Documented, Model, Provider
from conformance.providers.refused_requests import refused_request_from
from conformance.providers.tables import (
    Auth,
    Price,
    Server,
    Speed,
    Stream,
    differences_from,
    errors_from,
    gateway_from,
    params_from,
)
from conformance.providers.toml_lines import as_json, locate, parse_toml, read_text
from conformance.providers.validation import validate, validate_templates

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BUILT_IN = Path(__file__).parent
_OWN = frozenset({"name", "extends", "abstract", "deviation", "documented", "refusal"})
_SOURCED = frozenset({"source", "how", "read"})
_ACCUMULATED = frozenset({"add", "chunk"})


@dataclass(frozen=True)
class _File:
    path: Path
    document: Mapping[str, Any]


def load_providers(*extra: Path) -> dict[str, Provider]:
    """Return every provider by name: the built-in ones, and those of each extra file or folder.

    A user's file may extend a built-in provider and may not take its name.

    Args:
        *extra: your own TOML files, or folders of them.

    Returns:
        The providers by name, abstract ones among them.

    Raises:
        UnusableInputError: a file cannot be read, is no TOML, does not have the form of schemas/provider.json, takes a
            name twice, extends an unknown provider or itself, or leaves out what a provider needs.

    Example:
        >>> from conformance import load_providers
        >>> load_providers()["groq"].base_url
        'https://api.groq.com/openai/v1'
    """
    built_in, files = _built_in(), dict(_shipped())
    for path in (path for place in extra for path in _toml_files(place)):
        document = _document(path)
        name = document["name"]
        if name in files:
            what = f"provider {name!r} is already defined in {files[name].path}"
            remedy = f'choose another name; `extends = "{name}"` takes over its keys'
            raise UnusableInputError(what, where=locate(path, ("name",)), remedy=remedy)
        files[name] = _File(path, document)
    return {name: built_in[name] if name in built_in else _build(name, files) for name in files}


# A process reads and builds the built-in ones once: nobody edits them while it runs.
@cache
def _shipped() -> Mapping[str, _File]:
    documents = {path: _document(path) for path in _toml_files(BUILT_IN)}
    return {document["name"]: _File(path, document) for path, document in documents.items()}


@cache
def _built_in() -> Mapping[str, Provider]:
    return {name: _build(name, _shipped()) for name in _shipped()}


def _document(path: Path) -> Mapping[str, Any]:
    """Return the document of one file.

    Raises:
        UnusableInputError: it cannot be read, is no TOML, or does not have the form of schemas/provider.json.
    """
    document = parse_toml(read_text(path), path)
    validate(document, path)
    return document


def _toml_files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
        return
    result = sorted(place.glob("*.toml")) if place.is_dir() else []
    if not result:
        raise UnusableInputError(
            "no provider TOML there", where=place, remedy="name a folder or file of provider TOMLs"
        )
    yield from result


def _inherited(name: str, files: Mapping[str, _File], seen: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a provider's document over its parents', without what is its own alone."""
    file = files[name]
    own = {key: value for key, value in file.document.items() if key not in _OWN}
    parent = file.document.get("extends")
    if parent is None:
        return own
    if parent in (*seen, name):
        what = f"extends in a circle: {' -> '.join((*seen, name, parent))}"
        raise UnusableInputError(
            what, where=locate(file.path, ("extends",)), remedy="let one of them extend another provider"
        )
    if parent not in files:
        what = f"extends an unknown provider {parent!r}"
        raise UnusableInputError(what, where=locate(file.path, ("extends",)), remedy=suggest(parent, files))
    return _merge(_inherited(parent, files, (*seen, name)), own)


def _merge(base: Mapping[str, Any], own: Mapping[str, Any], at: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return `own` over `base`: tables merge, additions to the wire come after the parent's, everything else is replaced."""
    merged = dict(base)
    for key, value in own.items():
        below = merged.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            merged[key] = _merge(below, value, (*at, key))
        else:
            merged[key] = [*(below or ()), *value] if at[:1] == ("wire",) and key in _ACCUMULATED else value
    return merged


def _build(name: str, files: Mapping[str, _File]) -> Provider:
    path, document = files[name].path, files[name].document
    merged = _dated(as_json(_inherited(name, files)))
    validate_templates(document, merged.get("wire", {}).get("values", {}), path)
    abstract = document.get("abstract", False)
    for key in ("base_url", "dialect", "auth"):
        if key not in merged and not abstract:
            where = locate(path, ("extends",))
            raise UnusableInputError(f"{key} is missing, here and in what it extends", where=where, remedy="add it")
    capabilities = frozenset(merged.get("capabilities", ()))
    models = {key: _model(key, table, capabilities) for key, table in merged.get("models", {}).items()}
    for model in merged.get("default_models", ()):
        if model not in models:
            where = locate(path, ("default_models",))
            raise UnusableInputError(
                f'default_models: no [models."{model}"] table', where=where, remedy="add the table"
            )
    dialect = merged.get("dialect", "")
    return Provider(
        name=name,
        file=path,
        abstract=abstract,
        base_url=merged.get("base_url", ""),
        base_urls=_base_urls(document, merged),
        other_base_urls={key: tuple(urls) for key, urls in document.get("other_base_urls", {}).items()},
        hosts=tuple(document.get("hosts", ())),
        differs={key: differences_from(table) for key, table in merged.get("differs", {}).items()},
        dialect=dialect,
        dialects=tuple(dict.fromkeys((dialect, *merged.get("dialects", ())))) if dialect else (),
        auth=Auth(**merged["auth"]) if "auth" in merged else None,
        headers=merged.get("headers", {}),
        limits={key: value for key, value in merged.get("limits", {}).items() if key not in _SOURCED},
        capabilities=capabilities,
        models=models,
        default_models=tuple(merged.get("default_models", ())),
        deviations=tuple(
            _deviation(_dated(as_json(table)), path, ordinal)
            for ordinal, table in enumerate(document.get("deviation", ()))
        ),
        documented=tuple(
            Documented(**{**table, "fields": tuple(table["fields"])})
            for table in (_dated(as_json(entry)) for entry in document.get("documented", ()))
        ),
        stream=Stream(**merged.get("stream", {})),
        errors=errors_from(merged.get("errors", {})),
        rate_limit=merged.get("rate_limit", {}).get("headers", {}),
        rate_limit_words=merged.get("rate_limit", {}).get("words", {}),
        params=params_from(merged.get("params", {})),
        refused_requests=tuple(refused_request_from(as_json(table)) for table in document.get("refusal", ())),
        server=Server(**merged["server"]) if "server" in merged else None,
        gateway=gateway_from(merged["gateway"]) if "gateway" in merged else None,
        wire=wire_from(merged.get("wire", {})),
        pace=Pace(**merged.get("timing", {})),
        source=merged.get("source", ""),
        read=merged.get("read"),
    )


def _base_urls(document: Mapping[str, Any], merged: Mapping[str, Any]) -> dict[str, str]:
    """Return the base URLs of further dialects. A file with a base URL of its own inherits none: its key would go to its parent's host."""
    inherits = "base_url" not in document
    return dict(merged.get("base_urls", {}) if inherits else document.get("base_urls", {}))


def _model(key: str, table: Mapping[str, Any], inherited: frozenset[str]) -> Model:
    return Model(
        id=key,
        capabilities=(inherited | frozenset(table.get("capabilities", ()))) - frozenset(table.get("without", ())),
        context=table.get("context"),
        price=Price(**table["price"]) if "price" in table else None,
        speed=Speed(**table["speed"]) if "speed" in table else None,
        params=params_from(table.get("params", {})),
        listing=table.get("listing", {}),
        source=table.get("source", ""),
        read=table.get("read"),
        dialects=tuple(table.get("dialects", ())),
        dimensions=table.get("dimensions"),
        also=tuple(
            Also(entry["member"], entry["is"], frozenset(entry["capabilities"])) for entry in table.get("also", ())
        ),
    )


def _deviation(table: Mapping[str, Any], path: Path, ordinal: int) -> Deviation:
    lists = {key: tuple(table[key]) for key in ("models", "probes", "message", "statuses", "asks") if key in table}
    return Deviation(**{**table, **lists}, file=path, ordinal=ordinal)


def _dated(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the table with its dates as dates, whether TOML wrote them bare or quoted."""
    dated: dict[str, Any] = {}
    for key, value in table.items():
        if key in {"read", "expires"} and isinstance(value, str):
            dated[key] = date.fromisoformat(value)
        elif isinstance(value, dict) and key not in {"headers", "listing"}:  # a header may be called `expires`
            dated[key] = _dated(value)
        else:
            dated[key] = value
    return dated
