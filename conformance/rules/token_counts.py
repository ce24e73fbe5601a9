"""Counts of a prompt's tokens that say one thing: beside a cache's, and before and after the prompt is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.rules.table import Finding, Severity, rule
from conformance.rules.views.token_counts import CachedInput, Counted, cached_input, counted_prompts
from conformance.wire.dialects.families import CONVERSE, GEMINI, MESSAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

_CACHING: Final = "https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching (read 2026-11-29)"
_COUNTING: Final = "https://docs.anthropic.com/en/docs/build-with-claude/token-counting (read 2026-11-29)"
_FEW = 256  # tokens: below it, two counts are the same by chance
_SLACK, _SHARE = 100, 0.5  # tokens that a host adds of its own, and the share by which an estimate may be off


@rule(
    "usage.cache_apart",
    over=cached_input,
    dialects=MESSAGES | CONVERSE,
    when_seen="an answer with cached tokens in its usage",
    severity=Severity.WARNING,
    source=f"{_CACHING}: total = cache_read_input_tokens + cache_creation_input_tokens + input_tokens; jundot/omlx#1487",
    breaks="agents that add the counts up take the prompt for twice as long: they compact too early, and the bill is doubled",
    example='{"input_tokens": 1809, "cache_read_input_tokens": 1800, "cache_creation_input_tokens": 9}',
    conforming='{"input_tokens": 12, "cache_read_input_tokens": 1800, "cache_creation_input_tokens": 9}',
)
def cache_apart(usage: CachedInput) -> Iterator[Finding]:
    """The tokens that a cache gave or took are counted apart: the input tokens are not the same number once more."""
    if usage.fresh == usage.cached >= _FEW:
        received = f"is {usage.fresh}, the very number of the cached tokens beside it"
        yield Finding(usage.pointer, received, "the tokens that no cache held", usage.event)


@rule(
    "usage.count_agrees",
    over=counted_prompts,
    dialects=MESSAGES | GEMINI,
    when_seen="a prompt that the API counted and then answered",
    severity=Severity.WARNING,
    source=f"{_COUNTING}: an estimate that may differ by a small amount; https://ai.google.dev/api/tokens (read 2026-11-29)",
    breaks="clients that fit a prompt into the context send one that is too long, or cut one that is not",
    example="count_tokens says 48, and the answer to the same prompt counts 728",
    over_session=True,
)
def count_agrees(prompts: list[Counted]) -> Iterator[Finding]:
    """A prompt that was counted has about as many tokens when it is sent: half more or less, and a hundred that a host may add."""
    for prompt in prompts:
        less, more = sorted((prompt.before, prompt.used))
        if more > less * (1 + _SHARE) + _SLACK:
            received, expected = f"is {prompt.used}", f"about {prompt.before}, as the API counted the same prompt"
            yield Finding(prompt.pointer, received, expected, prompt.event, exchange=prompt.exchange)
            return
