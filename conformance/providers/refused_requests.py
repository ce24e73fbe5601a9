"""Requests that a provider refuses beyond its dialect's schema, as `[[refusal]]` of its TOML states them: what departs, and the answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from conformance.providers.tables import ErrorCase

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Checks that JSON Schema cannot state.
Check: TypeAlias = Literal["strict-response-format", "strict-tools", "tool-results"]

_ANSWER = ("when", "status", "type", "code", "param")


@dataclass(frozen=True)
class RefusedRequest:
    """One kind of request that a provider refuses.

    Attributes:
        at: where the value stands: `tools`, `messages[]` for each message, empty for the whole body.
        case: status, type, code and param of the answer.
        message: of the answer; a template.
        known: the members that the object there may have; None: any.
        schema: what the value there has to meet, as JSON Schema; None: nothing.
        check: a check that JSON Schema cannot state.
        detail: the type of an entry of a list, which then is the message.
        models: fnmatch patterns of the models that refuse it; empty: all.
        dialect: the one in which it is refused; empty: the provider's own.
    """

    at: str
    case: ErrorCase
    message: str
    known: frozenset[str] | None = None
    schema: Mapping[str, Any] | None = field(default=None, hash=False)
    check: Check | None = None
    detail: str = ""
    models: tuple[str, ...] = ()
    dialect: str = ""

    def concerns(self, model: str) -> bool:
        """Whether a model refuses it."""
        return not self.models or any(fnmatchcase(model, pattern) for pattern in self.models)


def refused_request_from(table: Mapping[str, Any]) -> RefusedRequest:
    """Build one entry from a validated `[[refusal]]` table."""
    answer = {key: table[key] for key in _ANSWER if key in table}
    case = ErrorCase(
        **{"when": "invalid_request", **answer}, retryable=False, source=table["source"], confidence="high"
    )
    known = frozenset(table["known"]) if "known" in table else None
    return RefusedRequest(
        table.get("at", ""),
        case,
        table["message"],
        known,
        table.get("schema"),
        table.get("check"),
        table.get("detail", ""),
        tuple(table.get("models", ())),
        table.get("dialect", ""),
    )
