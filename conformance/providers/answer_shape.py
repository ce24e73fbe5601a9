"""What a provider's TOML states of its answers beyond the dialect: `[wire]` and `[timing]`, as frozen values.

Strings inside are templates (conformance.providers.templates); the emulator fills them in.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from conformance.providers.named_dialects import dialect_names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from conformance.providers.tables import How

Held: TypeAlias = Literal["reasoning", "tool_calls", "content", "logprobs"]


@dataclass(frozen=True)
class Condition:
    """When an addition holds; every part that is given must. Empty tuples and None limit nothing.

    Attributes:
        models: fnmatch patterns of the asked model, one of which matches.
        asked: request members that are present and truthy, dotted.
        has: what the answer holds.
        lacks: what it does not hold.
        cases: words of `[[errors.case]]`, one of which the error is.
        stream: only streamed (True) or only not streamed (False) answers.
        sometimes: holds for a seeded half of the answers.
    """

    models: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    has: tuple[Held, ...] = ()
    lacks: tuple[Held, ...] = ()
    cases: tuple[str, ...] = ()
    stream: bool | None = None
    sometimes: bool = False


@dataclass(frozen=True)
class Addition:
    """Members merged into one place of an answer, or (in `Wire.chunks`) a whole chunk put into a stream."""

    at: str
    value: Mapping[str, Any] = field(hash=False)
    when: Condition = field(default_factory=Condition)


@dataclass(frozen=True)
class Wire:
    """What an answer holds. The defaults are those of OpenAI's chat completions; schemas/provider.json explains each."""

    id: str = "chatcmpl-{alnum:29}"
    tool_call_id: str = "call_{alnum:24}"
    reasoning: Literal["reasoning", "reasoning_content", "thinking-parts", "none"] = "none"
    created: Literal["now", "zero", "float"] = "now"
    finish_reasons: Mapping[str, str] = field(default_factory=dict, hash=False)
    json: Literal["compact", "spaced"] = "compact"
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)
    values: Mapping[str, str] = field(default_factory=dict, hash=False)
    add: tuple[Addition, ...] = ()
    chunks: tuple[Addition, ...] = ()
    dialects: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)
    source: str = ""
    read: date | None = None
    how: How = "unverified"

    def of_dialect(self, dialect: str, defaults: Mapping[str, Any] | None = None) -> Wire:
        """Return what answers of another dialect of the provider hold: `[wire."<dialect>"]` over the dialect's own defaults.

        Additions name places of one dialect's answers, so that none is shared. Headers and named values are.
        """
        own = {"add": (), "chunks": (), **(defaults or {}), **self.dialects.get(dialect, {})}
        return replace(self, dialects={}, **own)


@dataclass(frozen=True)
class Pace:
    """How fast answers come: `queue` and `ttft` in seconds, `tps` in output tokens per second, `jitter` a lognormal sigma."""

    queue: float = 0.0
    ttft: float = 0.2
    tps: float = 100.0
    jitter: float = 0.0
    tokens_per_chunk: int = 1
    source: str = ""
    read: date | None = None
    how: How = "unverified"


def wire_from(table: Mapping[str, Any]) -> Wire:
    """Build `Wire` from a validated `[wire]` table."""
    dialects = {key: _of_dialect(value) for key, value in table.items() if key in dialect_names()}
    known = {key: value for key, value in table.items() if key not in {"add", "chunk"} and key not in dialects}
    additions, chunks = _additions(table.get("add", ())), _additions(table.get("chunk", ()))
    return Wire(**known, add=additions, chunks=chunks, dialects=dialects)


def _of_dialect(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _additions(value) if key == "add" else value for key, value in table.items()}


def _additions(tables: list[dict[str, Any]] | tuple[()]) -> tuple[Addition, ...]:
    return tuple(Addition(table["at"], table["value"], _condition(table)) for table in tables)


def _condition(table: Mapping[str, Any]) -> Condition:
    lists = {key: tuple(table[key]) for key in ("models", "asked", "has", "lacks", "cases") if key in table}
    return Condition(**lists, stream=table.get("stream"), sometimes=table.get("sometimes", False))
