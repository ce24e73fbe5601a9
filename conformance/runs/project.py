"""The settings of a project, and the user's own rules that they name.

They stand in `[tool.conformance]` of pyproject.toml, or, where a project has no pyproject.toml, at the top of conformance.toml.
"""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import conformance.rules  # noqa: F401 - the built-in table comes first, so that a taken id is the user's mistake
from conformance.errors import UnusableInputError, suggest
from conformance.knowledge.latency.slo import read_slos
from conformance.providers.toml_lines import locate, parse_toml, read_text
from conformance.runs.dates import read_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from conformance.knowledge.latency.slo import Slo


#: The files that hold the settings, and where in them. The first that has settings holds; both is a mistake.
OWN_FILE: Final = "conformance.toml"
PYPROJECT: Final = "pyproject.toml"


class _Kind(NamedTuple):
    fits: Callable[[Any], bool]
    words: str


def _is_text(value: object) -> bool:
    return isinstance(value, str)


_TEXT = _Kind(_is_text, "a text in quotes")
_TEXTS = _Kind(lambda value: isinstance(value, list) and all(map(_is_text, value)), 'a list of texts: ["...", "..."]')


def _is_day(value: object) -> bool:
    if isinstance(value, str):
        try:
            read_date(value)
        except UnusableInputError:
            return False
        return True
    return isinstance(value, date) and not isinstance(value, datetime)


_KEYS = {
    "targets": _TEXTS,
    "as_of": _Kind(_is_day, "a day: 2026-11-21"),
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
        """Return the project whose settings stand in `root`; its table is empty where there are none.

        Raises:
            UnusableInputError: a file cannot be read, both files have settings, or a key is unknown or of the wrong type.
        """
        return cls(root, _table(root), folder)

    @classmethod
    def here(cls) -> Project:
        """Return the project that the working folder is in: the nearest pyproject.toml's, as pytest finds it, or conformance.toml's.

        Raises:
            UnusableInputError: see `at`.
        """
        folder = Path.cwd()
        root = next((entry for entry in (folder, *folder.parents) if _settings_files(entry)), folder)
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

    def as_of(self, given: str | None) -> date:
        """Return the day on which dates are judged: the one given on the command line, else the table's, else today.

        Raises:
            UnusableInputError: the text is no day.
        """
        own = self.table.get("as_of")
        return read_date(given or (own.isoformat() if isinstance(own, date) else own))

    @property
    def slos(self) -> dict[str, Slo]:
        """The table's service level objectives, by target."""
        return read_slos(self.table.get("slo", {}), _file_with_settings(self.root))

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


def _settings_files(folder: Path) -> list[Path]:
    return [path for name in (OWN_FILE, PYPROJECT) if (path := folder / name).is_file()]


def _file_with_settings(root: Path) -> Path:
    return next(iter(_settings_files(root)), root / PYPROJECT)


def _table(root: Path) -> dict[str, Any]:
    """Return the settings of a folder, checked.

    Raises:
        UnusableInputError: see `Project.at`.
    """
    own = root / OWN_FILE
    tables: dict[Path, dict[str, Any]] = {}
    for path in _settings_files(root):
        document = parse_toml(read_text(path), path)
        table = document if path == own else document.get("tool", {}).get("conformance", {})
        if table or path == own:
            tables[path] = table
    if len(tables) > 1:
        what = f"{PYPROJECT} has [tool.conformance] too"
        raise UnusableInputError(what, where=own, remedy="keep the settings in one of the two")
    for path, table in tables.items():
        _check(table, path, () if path == own else ("tool", "conformance"))
        return table
    return {}


def _check(table: Mapping[str, Any], path: Path, above: tuple[str, ...]) -> None:
    name = f"[{'.'.join(above)}]" if above else path.name
    for key, value in table.items():
        where = locate(path, (*above, key))
        if key not in _KEYS:
            raise UnusableInputError(f"{name} has no key {key!r}", where=where, remedy=suggest(key, _KEYS))
        if not _KEYS[key].fits(value):
            remedy = f"write {_KEYS[key].words}"
            raise UnusableInputError(f"{name} {key} is {value!r}", where=where, remedy=remedy)
    read_slos(table.get("slo", {}), path)
