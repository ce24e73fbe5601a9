"""TOML with line numbers: tomllib keeps none, and a message without `file:line` sends the user searching."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime, time
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeAlias

from conformance.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KeyPath: TypeAlias = tuple[str | int, ...]
_AT_LINE = re.compile(r"\(at line (\d+)")


def read_text(path: Path) -> str:
    """Return the file's text.

    Raises:
        UnusableInputError: it cannot be read or is not UTF-8, as TOML 1.0 asks.
    """
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise UnusableInputError(f"cannot be read: {error.strerror}", where=path) from error
    except UnicodeDecodeError as error:
        raise UnusableInputError(f"not UTF-8: {error.reason}", where=path, remedy="save it as UTF-8") from error


def parse_toml(text: str, path: Path) -> dict[str, Any]:
    """Return the document.

    Raises:
        UnusableInputError: it is no TOML.
    """
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise UnusableInputError("not TOML: nested too deeply", where=path, remedy="flatten it") from error
    except tomllib.TOMLDecodeError as error:
        result = _AT_LINE.search(str(error))
        line = int(result[1]) if result else text.count("\n") + 1
        message = str(error).partition(" (at ")[0]
        raise UnusableInputError(f"not TOML: {message}", where=f"{path}:{line}", remedy="correct the line") from error


def as_json(value: object) -> Any:  # noqa: ANN401 - JSON has no closer type
    """Return a TOML value as JSON Schema sees it: dates as text, and no number where TOML says nan or inf."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return value


def dotted(path: KeyPath) -> str:
    """Return a path as TOML writes it: `models."gpt-oss-120b".price`, `deviation[2].rule`."""
    parts: list[str] = []
    for step in path:
        if isinstance(step, int):
            parts[-1] += f"[{step}]"
        else:
            parts.append(step if re.fullmatch(r"[A-Za-z0-9_-]+", step) else f'"{step}"')
    return ".".join(parts)


def locate(path: Path, key: KeyPath) -> str:
    """Return `file:line` of a key, or of the nearest table around it."""
    try:
        lines = _lines(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return str(path)
    for length in range(len(key), 0, -1):
        if key[:length] in lines:
            return f"{path}:{lines[key[:length]]}"
    return f"{path}:1"


@cache
def _lines(text: str) -> Mapping[KeyPath, int]:
    """Return the line of every key and table header of a valid TOML text."""
    lines = text.split("\n")
    result: dict[KeyPath, int] = {}
    sizes: dict[KeyPath, int] = {}
    table: KeyPath = ()
    at = 0
    while at < len(lines):
        statement, end = _statement(lines, at)
        if lines[at].lstrip().startswith("["):
            table = _resolve(statement, sizes)
            result.setdefault(table, at + 1)
        else:
            for path in _paths(statement):
                result.setdefault(table + path, at + 1)
        at = end
    return result


def _statement(lines: list[str], at: int) -> tuple[dict[str, Any], int]:
    """Read the statement that starts at a line: as many lines as make TOML of it, since values may span lines."""
    for end in range(at + 1, len(lines) + 1):
        try:
            return tomllib.loads("\n".join(lines[at:end])), end
        except tomllib.TOMLDecodeError:
            continue
    return {}, len(lines)


def _resolve(header: object, sizes: dict[KeyPath, int]) -> KeyPath:
    """Return the path a header opens; under an array of tables that is its last element."""
    path: KeyPath = ()
    while isinstance(header, dict) and header:
        name, header = next(iter(header.items()))
        path += (name,)
        if isinstance(header, list):
            sizes[path] = sizes.get(path, 0) + 1
            return (*path, sizes[path] - 1)
        if path in sizes:
            path += (sizes[path] - 1,)
    return path


def _paths(value: object, prefix: KeyPath = ()) -> list[KeyPath]:
    """Return the paths of every key in a statement's value, outermost first."""
    if isinstance(value, dict):
        items: list[tuple[str | int, object]] = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    else:
        return []
    return [path for key, item in items for path in ((*prefix, key), *_paths(item, (*prefix, key)))]
