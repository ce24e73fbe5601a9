"""What an error says of limits and of when to come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.errors import rate_limit_failure
from conformance.rules.views.hints import limit_headers, stated_waits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.knowledge.taxonomy import Hint
    from conformance.rules.views.errors import RateLimit

_RFC_9110 = "https://www.rfc-editor.org/rfc/rfc9110"
_LIMITS = "https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers"
_SLACK = 2.0  # seconds: a header in whole seconds beside a body in milliseconds, each rounded its own way
_SHARE = 0.1


@rule(
    "error.429_retry_after",
    over=rate_limit_failure,
    when_seen="a 429",
    severity=Severity.WARNING,
    source="https://www.rfc-editor.org/rfc/rfc6585#section-4 (read 2026-11-21); openai 3.52.0 _base_client.py reads Retry-After",
    breaks="SDKs fall back to a guess of 0.5 to 8 seconds and hit the limit again",
    example="429 without retry-after",
    conforming="429 with retry-after: 20",
)
def too_many_retry_after(limit: RateLimit) -> Iterator[Finding]:
    """A 429 says when to come back, in Retry-After; a request that can never fit is no 429.

    Google's errors say it in google.rpc.RetryInfo.
    """
    if limit.never_fits:
        yield Finding("", f"status 429 for a request above the limit itself: {limit.message[:100]!r}", "400 or 413")
    if not limit.final and not limit.retry_after:
        yield Finding("", "429 without Retry-After", "Retry-After in whole seconds or as a date")


@rule(
    "error.hint_form",
    over=limit_headers,
    when_seen="a header that states a limit or a wait",
    severity=Severity.WARNING,
    source=f"{_LIMITS} (read 2026-11-21): counts are non-negative integers, a reset is a delay; {_RFC_9110}#section-10.2.3",
    breaks="clients that pace themselves: JavaScript rounds the number, Java's parseInt raises, a dashboard shows years",
    example="x-ratelimit-remaining-tokens: 9223372036854767616",
    conforming="x-ratelimit-remaining-tokens: 149984",
)
def hint_form(hints: list[Hint]) -> Iterator[Finding]:
    """A limit is a count that fits a number, what remains is one too, and a reset is a wait or an instant within a year or so.

    Any way to write a duration or an instant that providers use is taken. How Retry-After is written is `http.retry_after`'s
    matter; here it only must not lie years ahead.
    """
    for hint in hints:
        far = hint.seconds is not None and hint.seconds > 0
        if hint.problem and (hint.source_header != "retry-after" or far):
            received = f"{hint.source_header} {shown(hint.raw, 60)}: {hint.problem}"
            yield Finding("", received, "a wait within a year" if hint.kind in {"wait", "reset"} else "a count")


@rule(
    "error.hint_agrees",
    over=stated_waits,
    when_seen="an answer that states its wait twice",
    severity=Severity.WARNING,
    source=f"{_RFC_9110}#section-10.2.3 (read 2026-11-21): one Retry-After says how long to wait",
    breaks="SDKs read the header, agents read the text: one of them comes back too early and is refused again",
    example='retry-after: 2 beside "Please try again in 9m38.016s"',
    conforming='retry-after: 579 beside "Please try again in 9m38.016s"',
)
def hint_agrees(hints: list[Hint]) -> Iterator[Finding]:
    """All waits that one answer states are the same, but for rounding."""
    stated = [(hint.seconds, hint) for hint in hints if hint.seconds is not None]
    (least, first), (most, last) = min(stated, key=lambda entry: entry[0]), max(stated, key=lambda entry: entry[0])
    if most - least > max(_SLACK, _SHARE * most):
        places = [f"{hint.source_header or 'the body'} {hint.raw[:60]!r}" for hint in (first, last)]
        yield Finding("", f"{places[0]} beside {places[1]}", "one wait")
