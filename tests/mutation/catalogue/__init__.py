"""The catalogue of mutants: every row names an operator, the kinds it is applied to, and exactly the rules that must fire."""

from __future__ import annotations

from tests.mutation.catalogue import (
    content,
    envelope,
    errors,
    framing,
    lifecycle,
    requests,
    sessions,
    streams,
    timing,
    tokens,
    tools,
    truncation,
    url,
    usage,
)

CATALOGUE = [
    row
    for part in (
        envelope,
        content,
        tools,
        tokens,
        usage,
        streams,
        framing,
        truncation,
        requests,
        errors,
        timing,
        sessions,
        lifecycle,
        url,
    )
    for row in part.MUTANTS
]
