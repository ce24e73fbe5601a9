"""Requests that a provider refuses beyond its dialect's schema, as `[[refusal]]` of its TOML states them: what departs, and the answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from conformance.providers.tables import ErrorCase

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Checks that JSON Schema cannot state.
Check: TypeAlias = Literal[
    "strict-response-format", "strict-tools", "tool-results", "call-outputs", "reasoning-followed", "union-parameters"
]

_ANSWER = ("when", "status", "type", "code", "param")


@dataclass(frozen=True)
class RefusedRequest:
    """One kind of request that a provider refuses.

    Attributes:
        at: where the values stand: `tools`, `messages[]` for each message, empty for the whole body.
        case: status, type, code and param of the answer.
        message: of the answer; a template.
        known: the members that the objects there may have; None: any.
        schema: what the values there have to meet, as JSON Schema; None: nothing.
        check: a check that JSON Schema cannot state.
        keyword: the answer is that to a request that departs from its dialect's own schema by this keyword, `at` there if it
            is stated; empty: the entry states a check of its own.
        declared: with a keyword: the JSON types that the dialect's schema has for the value; empty: any.
        detail: the type of an entry of a list, which then is the message.
        joined: the text between the messages, where the answer tells of every value at fault; empty: it tells of the first.
        more: further members of the error object; templates.
        role: of the messages that it concerns; empty: any.
        models: fnmatch patterns of the models that refuse it; empty: all.
        dialect: the one in which it is refused; empty: the provider's own.
    """

    at: tuple[str, ...]
    case: ErrorCase
    message: str
    known: frozenset[str] | None = None
    schema: Mapping[str, Any] | None = field(default=None, hash=False)
    check: Check | None = None
    keyword: str = ""
    declared: frozenset[str] = frozenset()
    detail: str = ""
    joined: str = ""
    more: Mapping[str, Any] = field(default_factory=dict, hash=False)
    role: str = ""
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
    places = table.get("at", "")
    return RefusedRequest(
        at=(places,) if isinstance(places, str) else tuple(places),
        case=case,
        message=table["message"],
        known=frozenset(table["known"]) if "known" in table else None,
        schema=table.get("schema"),
        check=table.get("check"),
        keyword=table.get("keyword", ""),
        declared=frozenset(table.get("declared", ())),
        detail=table.get("detail", ""),
        joined=table.get("joined", ""),
        more=table.get("more", {}),
        role=table.get("role", ""),
        models=tuple(table.get("models", ())),
        dialect=table.get("dialect", ""),
    )
