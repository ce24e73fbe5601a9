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


def _differs(twin: DialectTwins, pointer: str, received: str, expected: str) -> Finding:
    """Return a finding that names both exchanges, and stands at the one in the dialect that is not the provider's own."""
    own = twin.own.exchange.id
    return Finding(pointer, f"{own} {received}", f"{expected} as in {twin.reference.exchange.id}", exchange=own)


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
            yield _differs(
                twin, second.finish_pointer, f"ends with {second.finish_reason!r}", repr(first.finish_reason)
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
            yield _differs(twin, twin.choices[1].at("tool_calls"), f"calls {_words(second)}", _words(first))


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
            yield _differs(twin, "/usage", f"counts {second} tokens of the prompt", f"about {first}")


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
            yield _differs(twin, "/error", f"is refused as {second}", str(first))


def _words(calls: list[tuple[str, bool]]) -> str:
    if not calls:
        return "nothing"
    return ", ".join(f"{name} with {'JSON' if parsed else 'no JSON'}" for name, parsed in calls)
