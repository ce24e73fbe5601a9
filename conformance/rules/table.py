"""The rule table: one requirement a rule, registered by decorator, judged as a pure function over a view."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from conformance.wire.dialects import DEFAULT_DIALECT
from conformance.wire.dialects.families import ALL
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.wire.dialects.families import Dialects

V = TypeVar("V")

#: The closed list of subjects (the part of an id before the dot). One module a subject.
SUBJECTS: Final = (
    "http", "sse", "stream", "chunk", "delta", "choice", "envelope", "finish_reason", "tool_call", "tool_choice",
    "content", "reasoning", "response_format", "params", "stop", "n", "max_tokens", "logprobs", "usage", "error",
    "model", "timing", "url", "vendor", "schema", "anthropic", "responses", "gemini", "completions", "ollama", "cohere",
    "embeddings", "transcriptions", "bedrock",
)  # fmt: skip


class Severity(StrEnum):
    """The weight of a finding: `error` breaks documented clients, `warning` loses data for some, `note` is additive drift.

    Example:
        >>> from conformance import Severity
        >>> Severity("error").at_least(Severity.WARNING)
        True
    """

    ERROR = "error"  # breaks documented clients
    WARNING = "warning"  # gives wrong or lost data to some
    NOTE = "note"  # additive drift

    def at_least(self, other: Severity) -> bool:
        """Whether this one weighs as much as `other`, or more."""
        order = list(Severity)
        return order.index(self) <= order.index(other)


@dataclass(frozen=True)
class Finding:
    """One violation of one rule: its position, the value that was received and the value that was expected.

    Args:
        pointer: a JSON pointer into the chunk or body (RFC 6901); empty for the whole of it.
        received: a predicate, such as "is missing".
        expected: the value that would conform, such as "an integer".
        event: the number of the stream's event, from 0; None outside a stream.
        rule: the id of the rule; the judge fills it in.
        severity: the severity of the rule; the judge fills it in.
        exchange: the id of the exchange; the judge fills it in.
        status: the status of the answer; the judge fills it in.
        asks: the features of the request, in words; the judge fills them in.
        repeats: the findings of the same defect at other places, which are told with this one.

    Example:
        >>> from conformance import Finding
        >>> Finding("/choices/0/delta/tool_calls/0/index", "is missing", "an integer", event=14).message
        'event 14: choices[0].delta.tool_calls[0].index is missing, expected an integer'
    """

    pointer: str
    received: str
    expected: str
    event: int | None = None
    rule: str = ""
    severity: Severity = Severity.ERROR
    exchange: str = ""
    status: int | None = None
    asks: frozenset[str] = frozenset()
    repeats: tuple[Finding, ...] = field(default=(), repr=False, compare=False)

    @property
    def message(self) -> str:
        """Position, received, expected, on one line."""
        where = dotted(self.pointer)
        event = f"event {self.event}: " if self.event is not None else ""
        return f"{event}{where + ' ' if where else ''}{self.received}, expected {self.expected}"


@dataclass(frozen=True)
class Rate:
    """Decides a cell by a rate over many answers.

    The cell fails when the lower confidence bound of the share of violating answers exceeds `at_most`.

    Args:
        of: the name of the share. It also names the judge's measured error, by which the share is corrected.
        at_most: the largest share that conforms, in [0, 1].
        exact: whether the judge makes no error, so that nothing is corrected.
        single: the view over which `conformance audit` reports a single answer; None if a single answer says nothing.

    Example:
        >>> from conformance import Rate
        >>> Rate("made_up_answers", at_most=0.05).at_most
        0.05
    """

    of: str
    at_most: float
    exact: bool = False
    single: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class Rule:
    """One requirement: a stable id, one sentence, a severity and a source. `conformance.rule` registers one.

    Args:
        id: `<subject>.<requirement>`; it never changes.
        over: the function that builds the view; it returns None where the rule does not apply.
        check: the function that yields the findings of a view. Its docstring is the requirement.
        severity: the weight of a finding.
        source: the clause or page that the requirement comes from, with the date read.
        breaks: the official SDK or parser that breaks, where that is known.
        example: a fragment that violates the rule.
        by_schema: whether schema errors that name the rule (`x-rule`) are its findings too.
        over_session: whether the view is built from a session.
        over_target: whether the view is built from a target on a day.
        rate: how the cell is decided by many answers; None if by single ones.
        when_seen: the event that lets the rule be judged, where no probe can provoke it.
        dialects: the dialects in which the rule is judged; ALL: in every one, and where nobody knows the dialect.
        conforming: a fragment that conforms.

    Example:
        >>> from conformance import Finding, Rule, Severity
        >>> def not_empty(text):
        ...     '''The text is not empty.'''
        ...     if not text:
        ...         yield Finding("", "is empty", "some text")
        >>> checked = Rule("content.some_text", lambda case: None, not_empty, Severity.NOTE, "an example")
        >>> checked.sentence, [finding.rule for finding in checked.findings("")]
        ('The text is not empty.', ['content.some_text'])
    """

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
    dialects: Dialects = ALL
    conforming: str = ""

    @property
    def subject(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]

    @property
    def over_single(self) -> Callable[[Any], Any] | None:
        """The view over which one exchange is judged; None where only a rate is."""
        return self.over if self.rate is None else self.rate.single

    def speaks(self, dialect: str | None) -> bool:
        """Whether the rule can apply to a dialect at all; None is a dialect that nobody knows."""
        return self.dialects is None or dialect in self.dialects

    @property
    def unprovoked(self) -> str:
        """Why the rule may not be judged where no probe that is asked provokes it."""
        reason = f"no probe provokes {self.id}"
        if self.dialects is not None and DEFAULT_DIALECT not in self.dialects:
            return f"{reason}: `conformance audit` judges recorded traffic in {' and '.join(sorted(self.dialects))}"
        return f"{reason}: it is only judged when seen ({self.when_seen})" if self.when_seen else reason

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
            yield self.stamped(finding)

    def stamped(self, finding: Finding, exchange: str = "") -> Finding:
        """Return a finding with this rule's id and severity, and the id of its exchange where it names none."""
        members = (finding.pointer, finding.received, finding.expected, finding.event)
        return Finding(*members, rule=self.id, severity=self.severity, exchange=finding.exchange or exchange)


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
    dialects: Dialects = ALL,
    conforming: str = "",
) -> Callable[[Callable[[V], Iterator[Finding] | None]], Callable[[V], Iterator[Finding] | None]]:
    """Register a rule: the decorated function yields the findings of a view, and its docstring is the requirement.

    Args:
        id: `<subject>.<requirement>`, with a subject of the closed list; it never changes.
        over: the view that the rule judges: a function of a case. It returns None where the rule does not apply.
        severity: the weight of a finding.
        source: the clause or page that the requirement comes from, with the date read.
        breaks: the official SDK or parser that breaks, where that is known.
        example: a fragment that violates the rule.
        by_schema: schema errors that name this rule (`x-rule`) are its findings, beside those of the function.
        over_session: the view is built from all exchanges of a session, not from one.
        over_target: the view is built from a target on a day, with all that it was seen to answer (`standing.TargetOnDay`). It is a
            `standing.TargetEvidence`, or the reason why the rule does not apply.
        rate: the cell is decided by how many answers break the rule, over `over`; a share too high weighs an error.
        when_seen: what has to come for the rule to be judged, where no probe can provoke it: "a 429".
        dialects: the names of the dialects that it is judged in, as `conformance.wire.dialects.families` lists them. The view is built
            for no other: it need not look which dialect it has.
        conforming: a fragment that conforms, where the sentence and the violating one leave a doubt.

    Returns:
        The decorator, which returns the function as it is.

    Raises:
        ValueError: the id is taken, or its subject is not in the closed list.

    Example:
        >>> from conformance import Finding, Severity, rule, views
        >>> @rule("content.no_shouting", over=views.chat.choices, severity=Severity.NOTE, source="an example")
        ... def no_shouting(choices):
        ...     '''Answers are not all in capitals.'''
        ...     for choice in choices:
        ...         if choice.text.isupper():
        ...             yield Finding(f"{choice.pointer}/content", "is all capitals", "a calm sentence")
    """
    if id in RULES:
        raise ValueError(f"rule {id!r} is registered already")
    if id.partition(".")[0] not in SUBJECTS:
        raise ValueError(f"rule {id!r}: no such subject, expected one of {', '.join(SUBJECTS)}")

    def register(check: Callable[[V], Iterator[Finding] | None]) -> Callable[[V], Iterator[Finding] | None]:
        RULES[id] = Rule(
            id=id,
            over=over,
            check=check,
            severity=severity,
            source=source,
            breaks=breaks,
            example=example,
            by_schema=by_schema,
            over_session=over_session,
            over_target=over_target,
            rate=rate,
            when_seen=when_seen,
            dialects=dialects,
            conforming=conforming,
        )
        return check

    return register


@lru_cache(maxsize=4096)
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
