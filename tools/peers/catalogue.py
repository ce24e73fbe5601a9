"""The suites, where each is installed, what each is run against, and whose the failures are, as peers.toml has them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from conformance.emulator.clients.catalogue import Environment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

HERE: Final = Path(__file__).parent
SUITES: Final = HERE / "suites"
LOCKS: Final = HERE / "locks"

#: Whose a failure is. `incompatibility`: the client and the provider truly do not fit; `peer`: the suite or its client cannot do it
#: anywhere; `ours`: the emulation is wrong.
Owner: TypeAlias = Literal["incompatibility", "peer", "ours"]


@dataclass(frozen=True)
class Row:
    """A suite with one client against one target (`provider/model`)."""

    suite: str
    client: str
    target: str


@dataclass(frozen=True)
class Suite:
    """Somebody's tests: the script that runs them, where they are installed, and the page that describes them."""

    name: str
    environment: Environment
    script: Path
    title: str
    source: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Explanation:
    """Whose the failures of some cases are, and how that is known. `cases`, `clients` and `targets` are shell patterns."""

    suite: str
    cases: tuple[str, ...]
    clients: tuple[str, ...]
    targets: tuple[str, ...]
    owner: Owner
    reason: str
    source: str
    read: date

    def covers(self, row: Row, case: str) -> bool:
        """Whether it speaks of a case of a row."""
        return row.suite == self.suite and all(
            any(fnmatchcase(text, pattern) for pattern in patterns)
            for text, patterns in ((case, self.cases), (row.client, self.clients), (row.target, self.targets))
        )


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((HERE / "peers.toml").read_text("utf-8"))


@cache
def environments() -> Mapping[str, Environment]:
    """Return the environments by name."""
    return {
        name: Environment(name, tuple(entry.get("packages", ())), entry.get("node", False), LOCKS)
        for name, entry in _table()["environment"].items()
    }


@cache
def suites() -> Mapping[str, Suite]:
    """Return the suites by name."""
    return {name: _suite(name, entry) for name, entry in _table()["suite"].items()}


@cache
def explanations() -> tuple[Explanation, ...]:
    """Return whose the known failures are."""
    return tuple(_explanation(entry) for entry in _table().get("failure", ()))


def _suite(name: str, table: Mapping[str, Any]) -> Suite:
    rows = tuple(Row(name, client, target) for client, targets in table["against"].items() for target in targets)
    environment = environments()[table["environment"]]
    return Suite(name, environment, SUITES / table["script"], table["title"], table["source"], rows)


def _explanation(table: Mapping[str, Any]) -> Explanation:
    return Explanation(
        table["suite"],
        tuple(table["cases"]),
        tuple(table.get("clients", ("*",))),
        tuple(table.get("targets", ("*",))),
        table["owner"],
        table["reason"],
        table["source"],
        table["read"],
    )
