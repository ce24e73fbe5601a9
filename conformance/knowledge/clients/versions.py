"""The versions of packages that a project's files ask for: requirements, pyproject.toml, package.json, and locks."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_REQUIREMENT: Final = re.compile(
    r"\s*+([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*+(?:\[[^\]]*\]\s*+)?(?:\(\s*+)?(?:===?|~=|>=|<=|<|>)\s*([\w.+!*-]+)"
)
_REQUIREMENTS: Final = re.compile(r"(?=.*(?:requirements|constraints)).*\.(?:txt|in)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d[\w.+!-]*")
_PNPM: Final = re.compile(r"^[ \t]++['\"]?/?((?:@[\w.-]+/)?[\w.-]+)@(\d[\w.+-]*)", re.MULTILINE)
_YARN: Final = re.compile(r"^\"?((?:@[\w.-]+/)?[\w.-]+)@[^\n]*:\n\s+version:? \"?(\d[\w.+-]*)", re.MULTILINE)


def versions_in(path: str, text: str) -> dict[str, str]:
    """Return the version of each package that a file asks for or locks, by normalised name; empty for any other file.

    Args:
        path: the file's.
        text: what it holds; what cannot be parsed asks for nothing.
    """
    reader = _reader(PurePosixPath(path).name.lower())
    if reader is None:
        return {}
    try:
        return {normalised(name): version for name, version in reader(text)}
    except (ValueError, RecursionError):  # TOML and JSON errors are ValueErrors
        return {}


def normalised(name: str) -> str:
    """Return a package's name as PEP 503 has it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _reader(name: str) -> Callable[[str], Iterator[tuple[str, str]]] | None:
    if _REQUIREMENTS.fullmatch(name):
        return _requirements
    if name in {"package.json", "package-lock.json", "npm-shrinkwrap.json", "pipfile.lock"}:
        return lambda text: _json(json.loads(text))
    if name in {"pnpm-lock.yaml", "yarn.lock"}:
        return lambda text: iter((_PNPM if name.startswith("pnpm") else _YARN).findall(text))
    if name in {"pyproject.toml", "pipfile"} or name.endswith(".lock"):
        return lambda text: _toml(tomllib.loads(text))
    return None


def _requirements(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        match = _REQUIREMENT.match(line)
        if match is not None:
            yield match[1], match[2]


def _json(document: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON
    if not isinstance(document, dict):
        return
    for name, members in document.items():
        if not isinstance(members, dict):
            continue
        if name.lower().endswith("dependencies") or name in {"packages", "default", "develop"}:
            yield from _entries(members)


def _toml(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the requirements of lists, the entries of tables of dependencies, and the packages of a lock."""
    for name, value in document.items():
        if isinstance(value, list):
            for entry in value:
                if isinstance(entry, str):
                    yield from _requirements(entry)
                elif isinstance(entry, dict) and name == "package":
                    yield from _entries({str(entry.get("name")): entry})
        elif isinstance(value, dict):
            if name.endswith("dependencies") or name in {"packages", "dev-packages"}:
                yield from _entries(value)
            yield from _toml(value)


def _entries(members: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the entries of a table: `name: "^1.2"` or `name: {version: "1.2"}`; a path into node_modules ends with the name."""
    for name, entry in members.items():
        version = entry.get("version") if isinstance(entry, dict) else entry
        number = _NUMBER.search(version) if isinstance(version, str) else None
        if name and number is not None:
            yield name.rpartition("node_modules/")[2], number[0]
