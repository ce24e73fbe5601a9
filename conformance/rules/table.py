"""The rule table: one requirement a rule, registered by decorator, judged as a pure function over a view."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeVar

from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

V = TypeVar("V")

#: The closed list of subjects (the part of an id before the dot). One module a subject.
SUBJECTS: Final = (
    "http", "sse", "stream", "chunk", "delta", "choice", "envelope", "finish_reason", "tool_call", "tool_choice",
    "content", "reasoning", "response_format", "params", "stop", "n", "max_tokens", "logprobs", "usage", "error",
    "model", "timing", "url", "vendor", "schema", "anthropic", "responses", "gemini", "completions", "ollama", "cohere",
)  # fmt: skip


#: Subjects that are the grammar of one dialect: their rules make no cells for targets that speak another.
NATIVE: Final = {
    "anthropic": "anthropic-messages",
    "responses": "openai-responses",
    "gemini": "gemini",
    "completions": "openai-completions",
    "ollama": "ollama",
    "cohere": "cohere",
}


class Severity(StrEnum):
    """What a finding costs."""

    ERROR = "error"  # breaks documented clients
    WARNING = "warning"  # gives wrong or lost data to some
    NOTE = "note"  # additive drift

    def at_least(self, other: Severity) -> bool:
        """Whether this one weighs as much as `other`, or more."""
        order = list(Severity)
        return order.index(self) <= order.index(other)


@dataclass(frozen=True)
class Finding:
    """One violation of one rule: where it is, what was received, what was expected.

    `pointer` is a JSON pointer into the chunk or body (RFC 6901); `event` counts the stream's events from 0.
    """

    pointer: str
    received: str
    expected: str
    event: int | None = None
    rule: str = ""
    severity: Severity = Severity.ERROR
    exchange: str = ""

    @property
    def message(self) -> str:
        """Position, received, expected, on one line."""
        where = dotted(self.pointer)
        event = f"event {self.event}: " if self.event is not None else ""
        return f"{event}{where + ' ' if where else ''}{self.received}, expected {self.expected}"


@dataclass(frozen=True)
class Rate:
    """What makes a cell's verdict one of many answers, never of one: it fails where a share above `at_most` breaks the rule for certain.

    `of` names the share, and the judge's measured error that it is corrected for (`grounding.judge_error`); `exact` says that
    there is none. `single` is the view over which one answer is a finding too, as `conformance audit` has it; None: one answer
    says nothing.
    """

    of: str
    at_most: float
    exact: bool = False
    single: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class Rule:
    """One requirement: a stable id, one sentence, a severity and a source."""

    id: str
    over: Callable[[Any], Any]
    check: Callable[[Any], Iterator[Finding] | None]
    severity: Severity
    source: str
    breaks: str = ""
    example: str = ""
    by_schema: bool = False
    over_session: bool = False
    over_target: bool = False
    rate: Rate | None = None
    when_seen: str = ""

    @property
    def subject(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]

    @property
    def over_single(self) -> Callable[[Any], Any] | None:
        """The view over which one exchange is judged; None where only a rate is."""
        return self.over if self.rate is None else self.rate.single

    def speaks(self, dialect: str) -> bool:
        """Whether the rule can apply to a dialect at all."""
        return NATIVE.get(self.subject, dialect) == dialect

    @property
    def unprovoked(self) -> str:
        """Why the rule may not be judged where no probe that is asked provokes it."""
        said = f"no probe provokes {self.id}"
        if self.subject in NATIVE:
            return f"{said}: `conformance audit` judges recorded traffic in {NATIVE[self.subject]}"
        return f"{said}: it is only judged when seen ({self.when_seen})" if self.when_seen else said

    @property
    def sentence(self) -> str:
        """The requirement, in one sentence."""
        return " ".join((inspect.getdoc(self.check) or "").partition("\n\n")[0].split())

    @property
    def limits(self) -> str:
        """What the rule cannot see, where that is said."""
        return (inspect.getdoc(self.check) or "").partition("\n\n")[2]

    def findings(self, view: object) -> Iterator[Finding]:
        """Judge one view, each finding stamped with this rule."""
        for finding in self.check(view) or ():
            yield replace(finding, rule=self.id, severity=self.severity)


RULES: dict[str, Rule] = {}


def rule(
    id: str,  # noqa: A002 - the word that DESIGN and every user of the table know
    *,
    over: Callable[[Any], V | str | None],
    severity: Severity,
    source: str,
    breaks: str = "",
    example: str = "",
    by_schema: bool = False,
    over_session: bool = False,
    over_target: bool = False,
    rate: Rate | None = None,
    when_seen: str = "",
) -> Callable[[Callable[[V], Iterator[Finding] | None]], Callable[[V], Iterator[Finding] | None]]:
    """Register a rule.

    Args:
        id: `<subject>.<requirement>`; it never changes.
        over: the view that the rule judges; None from it means that the rule does not apply.
        severity: what a finding costs.
        source: where the requirement stands, with the date it was read.
        breaks: which official SDK or parser breaks, where that is known.
        example: a fragment that violates the rule.
        by_schema: schema errors that name this rule (`x-rule`) are its findings, beside those of the function.
        over_session: the view is built from all exchanges of a session, not from one.
        over_target: the view is built from a target on a day, with all that it was seen to answer (`case.Standing`). It is a
            `verdict.Ground`, or the reason why the rule does not apply.
        rate: the cell is decided by how many answers break the rule, over `over`; a share too high weighs an error.
        when_seen: what has to come for the rule to be judged, where no probe can provoke it: "a 429".

    Raises:
        ValueError: the id is taken, or its subject is not in the closed list.
    """
    if id in RULES:
        raise ValueError(f"rule {id!r} is registered already")
    if id.partition(".")[0] not in SUBJECTS:
        raise ValueError(f"rule {id!r}: no such subject, expected one of {', '.join(SUBJECTS)}")

    def register(check: Callable[[V], Iterator[Finding] | None]) -> Callable[[V], Iterator[Finding] | None]:
        RULES[id] = Rule(
            id, over, check, severity, source, breaks, example, by_schema, over_session, over_target, rate, when_seen
        )
        return check

    return register


def dotted(pointer: str) -> str:
    """Return a JSON pointer the way people read it: `/choices/0/delta` as `choices[0].delta`."""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    text = "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in parts)
    return text.removeprefix(".")


def shown(value: object, limit: int = 80) -> str:
    """Return what was received as a predicate: `is missing`, `is null`, `is 'stopp'`."""
    if value is MISSING:
        return "is missing"
    if value is None:
        return "is null"
    text = repr(value)
    return f"is {text}" if len(text) <= limit else f"is {text[: limit - 1]}…"
