"""`[tool.conformance]` of a project's pyproject.toml, and the user's own rules that it names."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import conformance.rules  # noqa: F401 - the built-in table comes first, so that a taken id is the user's mistake
from conformance.errors import UnusableInputError, suggest
from conformance.knowledge.latency.slo import read_slos
from conformance.providers.toml_lines import locate, parse_toml, read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from conformance.knowledge.latency.slo import Slo


class _Kind(NamedTuple):
    fits: Callable[[Any], bool]
    words: str


def _is_text(value: object) -> bool:
    return isinstance(value, str)


_TEXT = _Kind(_is_text, "a text in quotes")
_TEXTS = _Kind(lambda value: isinstance(value, list) and all(map(_is_text, value)), 'a list of texts: ["...", "..."]')
_KEYS = {
    "rules": _TEXTS,
    "providers": _TEXTS,
    "probes": _TEXTS,
    "cassettes": _TEXT,
    "reports": _TEXT,
    "field": _TEXT,
    "base_url": _TEXT,
    "proxy": _TEXT,
    "ca": _TEXT,
    "headers": _Kind(
        lambda value: isinstance(value, dict) and all(map(_is_text, value.values())), 'a table: { NAME = "value" }'
    ),
    "fail_on": _Kind(lambda value: value in ("error", "warning"), '"error" or "warning"'),
    "max_seconds": _Kind(lambda value: type(value) in {int, float} and value > 0, "a number of seconds above 0"),
    "deadline": _Kind(lambda value: type(value) in {int, float} and value > 0, "a number of seconds above 0"),
    "max_requests": _Kind(lambda value: type(value) is int and value > 0, "a whole number above 0"),
    "slo": _Kind(lambda value: isinstance(value, dict), 'a table by target: [tool.conformance.slo."PROVIDER/MODEL"]'),
}


@dataclass(frozen=True)
class Project:
    """A user's project: its folder, its `[tool.conformance]`, and the folder that paths of the command line start at."""

    root: Path
    table: Mapping[str, Any]
    folder: Path

    @classmethod
    def at(cls, root: Path, folder: Path) -> Project:
        """Return the project whose pyproject.toml stands in `root`; its table is empty where there is none.

        Raises:
            UnusableInputError: pyproject.toml cannot be read, or a key is unknown or of the wrong type.
        """
        return cls(root, _table(root / "pyproject.toml"), folder)

    @classmethod
    def here(cls) -> Project:
        """Return the project that the working folder is in: the nearest pyproject.toml's, as pytest finds it.

        Raises:
            UnusableInputError: see `at`.
        """
        folder = Path.cwd()
        root = next((entry for entry in (folder, *folder.parents) if (entry / "pyproject.toml").is_file()), folder)
        return cls.at(root, folder)

    def path(self, name: str, given: str | None) -> Path | None:
        """Return the path given on the command line, else the table's; None for neither."""
        if given:
            return self.folder / given
        return self.root / self.table[name] if name in self.table else None

    def paths(self, name: str, given: Iterable[str] | None) -> list[Path]:
        """Return the table's paths and those given on the command line, each once."""
        paths = [
            *(self.root / entry for entry in self.table.get(name, ())),
            *(self.folder / entry for entry in given or ()),
        ]
        return list(dict.fromkeys(path.resolve() for path in paths))

    @property
    def slos(self) -> dict[str, Slo]:
        """The table's service level objectives, by target."""
        return read_slos(self.table.get("slo", {}), self.root / "pyproject.toml")

    def load_rules(self, given: Iterable[str] | None) -> None:
        """Import the modules that register a user's rules: the table's and those given, from the project's folder too.

        Raises:
            UnusableInputError: a module cannot be imported, or registers a rule that the table refuses.
        """
        modules = [*self.table.get("rules", ()), *(given or ())]
        if modules and str(self.root) not in sys.path:
            sys.path.append(str(self.root))  # a console script, unlike `python -m`, does not look where it was started
        for name in modules:
            try:
                importlib.import_module(name)
            except Exception as error:  # whatever a stranger's module raises while it is imported
                remedy = f"it must be importable from {self.root}, and its rules' ids must be new"
                what = f"rules module {name!r} cannot be loaded: {type(error).__name__}: {error}"
                raise UnusableInputError(what, remedy=remedy) from error


def _table(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    table: dict[str, Any] = parse_toml(read_text(path), path).get("tool", {}).get("conformance", {})
    for key, value in table.items():
        where = locate(path, ("tool", "conformance", key))
        if key not in _KEYS:
            remedy = suggest(key, _KEYS)
            raise UnusableInputError(f"[tool.conformance] has no key {key!r}", where=where, remedy=remedy)
        if not _KEYS[key].fits(value):
            remedy = f"write {_KEYS[key].words}"
            raise UnusableInputError(f"[tool.conformance] {key} is {value!r}", where=where, remedy=remedy)
    read_slos(table.get("slo", {}), path)
    return table
