"""One scenario in several dialects of one provider: it ends, calls, counts and fails alike, whatever the client's SDK speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.rules.table import Finding, Severity, rule
from conformance.rules.views.dialect_twins import (
    ComparedDialects,
    DialectTwins,
    answered_alike,
    called,
    counted,
    error_class,
    is_refused_alike,
    parses,
    prompt_tokens,
    refused,
)
from conformance.wire.dialects.families import TOOLS, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

_SOURCE: Final = "https://github.com/BerriAI/litellm/issues/11262 (read 2026-11-21): one model behind several protocols"
#: By how much the tokens of a prompt may differ: a dialect has a template of its own, and a few words more for its tools.
_TOKENS, _FACTOR = 32, 1.5


def _beside(twin: DialectTwins) -> str:
    return f"as in {twin.reference.exchange.id}"


@rule(
    "finish_reason.same_in_dialects",
    over=answered_alike,
    over_target=True,
    dialects=WORDS,
    when_seen="one scenario that was answered alike in two dialects of a provider",
    severity=Severity.WARNING,
    source=_SOURCE,
    breaks="agents that change the SDK, and no model, stop too early or loop",
    example="the same call: finish_reason tool_calls in chat, end_turn in Messages",
)
def same_finish(compared: ComparedDialects) -> Iterator[Finding]:
    """A scenario that is answered with the same words, or with a call, in two dialects ends for the same class of reason."""
    for twin in compared.twins:
        if twin.choices is not None and twin.choices[0].finish_reason != twin.choices[1].finish_reason:
            first, second = twin.choices
            received = f"{twin.own.exchange.id} ends with {second.finish_reason!r}"
            yield Finding(
                second.finish_pointer,
                received,
                f"{first.finish_reason!r} {_beside(twin)}",
                exchange=twin.own.exchange.id,
            )


@rule(
    "tool_call.same_in_dialects",
    over=called,
    over_target=True,
    dialects=WORDS & TOOLS,
    when_seen="one scenario with tools that was answered in two dialects of a provider",
    severity=Severity.WARNING,
    source=_SOURCE,
    breaks="tools run under one SDK and not under another",
    example="chat calls get_weather with JSON, Responses answers with words",
)
def same_call(compared: ComparedDialects) -> Iterator[Finding]:
    """A call that is demanded, or made at temperature 0, is made in two dialects: of the same function, with arguments that parse alike."""
    for twin in compared.twins:
        if twin.choices is None:
            continue
        first, second = (parses(choice) for choice in twin.choices)
        if first != second:
            received = f"{twin.own.exchange.id} calls {_words(second)}"
            yield Finding(
                twin.choices[1].at("tool_calls"),
                received,
                f"{_words(first)} {_beside(twin)}",
                exchange=twin.own.exchange.id,
            )


@rule(
    "usage.same_in_dialects",
    over=counted,
    over_target=True,
    dialects=WORDS,
    when_seen="one scenario that was answered in two dialects of a provider",
    severity=Severity.WARNING,
    source=_SOURCE,
    breaks="budgets and bills change with the SDK",
    example="90 prompt tokens in chat, 0 in Messages",
)
def same_usage(compared: ComparedDialects) -> Iterator[Finding]:
    """The prompt of a scenario takes about as many tokens in two dialects: within 32, or within half as many again."""
    for twin in compared.twins:
        first, second = prompt_tokens(twin)
        if abs(first - second) > _TOKENS and max(first, second) > _FACTOR * min(first, second):
            received = f"{twin.own.exchange.id} counts {second} tokens of the prompt"
            yield Finding("/usage", received, f"about {first} {_beside(twin)}", exchange=twin.own.exchange.id)


@rule(
    "error.same_in_dialects",
    over=refused,
    over_target=True,
    dialects=WORDS,
    when_seen="one scenario that was refused in two dialects of a provider",
    severity=Severity.WARNING,
    source=_SOURCE,
    breaks="fallbacks and messages to users change with the SDK",
    example="model_not_found in chat, invalid_request in Responses",
)
def same_error(compared: ComparedDialects) -> Iterator[Finding]:
    """A scenario that is refused in two dialects is refused for the same class of error; one may name the cause less exactly."""
    for twin in compared.twins:
        first, second = error_class(twin.reference), error_class(twin.own)
        if not is_refused_alike(twin):
            received = f"{twin.own.exchange.id} is refused as {second}"
            yield Finding("/error", received, f"{first} {_beside(twin)}", exchange=twin.own.exchange.id)


def _words(calls: list[tuple[str, bool]]) -> str:
    if not calls:
        return "nothing"
    return ", ".join(f"{name} with {'JSON' if parsed else 'no JSON'}" for name, parsed in calls)
