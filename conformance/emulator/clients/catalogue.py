"""The clients and what they are asked, as clients.toml has them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from conformance.errors import UnusableInputError, suggest
from conformance.wire.dialects import DEFAULT_DIALECT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.providers import Target

#: What of an answer is compared; `error`: that the exception tells the status.
Part: TypeAlias = Literal["text", "reasoning", "tool_calls", "finish_reason", "usage", "models", "error"]

HERE: Final = Path(__file__).parent
DRIVERS: Final = HERE / "drivers"
LOCKS: Final = HERE / "locks"


@dataclass(frozen=True)
class Environment:
    """What is installed together: Python packages, or those of Node, from a lock in a folder of locks."""

    name: str
    packages: tuple[str, ...] = ()
    node: bool = False
    locks: Path = LOCKS


@dataclass(frozen=True)
class Client:
    """An SDK and the driver that speaks for it.

    `routes` are the SDK's own names of the providers that it has an adapter for; `dialect` is the one that the SDK asks in, and
    `key_header` the header in which it sends its key. `handed` is the dialect of the requests that the driver is handed: a framework
    has words of its own for all protocols, nearest to those of chat. `faults_befall` is the target that its faults befall, where that
    of its dialect refuses what it adds; empty: the dialect's. `host` is the provider at whose own paths it asks in the dialect; empty:
    it asks at the dialect's.
    """

    name: str
    environment: Environment
    package: str
    driver: Path
    arguments: tuple[str, ...] = ()
    lacks: frozenset[str] = frozenset()
    routes: Mapping[str, str] = field(default_factory=dict, hash=False)
    dialect: str = DEFAULT_DIALECT
    key_header: str = "authorization"
    handed: str = DEFAULT_DIALECT
    faults_befall: str = ""
    host: str = ""

    @property
    def befallen(self) -> str:
        """The target that its faults befall: `groq/openai/gpt-oss-120b`."""
        return self.faults_befall or faulty_targets()[self.dialect]


@dataclass(frozen=True)
class Capability:
    """A request, and what of its answer a client has to bring."""

    name: str
    compare: tuple[Part, ...]
    body: Mapping[str, Any] = field(default_factory=dict, hash=False)
    operation: Literal["chat", "models"] = "chat"
    needs: frozenset[str] = frozenset()
    bad_key: bool = False

    def applies_to(self, target: Target) -> bool:
        """Whether the target's model can do it."""
        return self.needs <= target.capabilities

    def asked(self, target: Target) -> dict[str, Any]:
        """Return the body for a target's model."""
        return {"model": target.model, **self.body} if self.operation == "chat" else {}


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((HERE / "clients.toml").read_text("utf-8"))


def faulty_targets() -> Mapping[str, str]:
    """Return the target that the faults of a dialect befall, by the dialect."""
    return _table()["faults_befall"]  # type: ignore[no-any-return]


@cache
def free_of_ids() -> frozenset[str]:
    """Return the dialects whose calls need no id."""
    return frozenset(_table()["free_of_ids"])


@cache
def environments() -> Mapping[str, Environment]:
    """Return the environments by name."""
    return {
        name: Environment(name, tuple(entry.get("packages", ())), entry.get("node", False))
        for name, entry in _table()["environment"].items()
    }


@cache
def clients() -> Mapping[str, Client]:
    """Return the clients by name."""
    return {name: _client(name, entry) for name, entry in _table()["client"].items()}


@cache
def capabilities() -> Mapping[str, Capability]:
    """Return the capabilities by name."""
    return {name: _capability(name, entry) for name, entry in _table()["capability"].items()}


def named(names: list[str]) -> tuple[Client, ...]:
    """Return the clients of these names, all for none.

    Raises:
        UnusableInputError: one is unknown.
    """
    known = clients()
    for name in names:
        if name not in known:
            raise UnusableInputError(f"client {name!r} is unknown", where="--client", remedy=suggest(name, known))
    return tuple(known[name] for name in names or known)


def _client(name: str, table: Mapping[str, Any]) -> Client:
    dialect = table.get("dialect", DEFAULT_DIALECT)
    return Client(
        name,
        environments()[table["environment"]],
        table["package"],
        DRIVERS / table["driver"],
        tuple(table.get("arguments", ())),
        frozenset(table.get("lacks", ())),
        table.get("routes", {}),
        dialect,
        table.get("key_header", "authorization"),
        table.get("handed", dialect),
        table.get("faults_befall", ""),
        table.get("host", ""),
    )


def _capability(name: str, table: Mapping[str, Any]) -> Capability:
    body = dict(table.get("body", {}))
    if table.get("uses_tools"):
        body["tools"] = [_table()["tool"]]
    return Capability(
        name,
        tuple(table["compare"]),
        body,
        table.get("operation", "chat"),
        frozenset(table.get("needs", ())),
        table.get("bad_key", False),
    )
