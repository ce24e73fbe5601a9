"""Token counts: missing, of the wrong type, not adding up, too often."""

from __future__ import annotations

from tests.mutation.catalogue.envelope import TEXT_STREAM
from tests.mutation.event_operators import append, drop_event, insert, keep
from tests.mutation.mutant import mutant
from tests.mutation.operators import add, drop, edit, put, rename, stream, then
from tests.mutation.wire import chunk, counted

METERED = "stream-usage stream-length"
COUNTED = f"plain* {METERED}"
PROMPT, COMPLETION, TOTAL = "/usage/prompt_tokens", "/usage/completion_tokens", "/usage/total_tokens"


def _counts(prompt: int, completion: int) -> object:
    """Return the change to usage that keeps its sum right and its details away."""
    return edit("/usage", lambda old: old and counted(prompt, completion))


def _running(payloads: list) -> list:
    return [
        item | {"usage": counted(completion=number)} if isinstance(item, dict) and item["choices"] else item
        for number, item in enumerate(payloads)
    ]


MUTANTS = [
    mutant("usage-dropped", drop("/usage"), "plain*", "usage.nonzero"),
    mutant("usage-null", put("/usage", None), "plain*", "usage.nonzero"),
    mutant("usage-renamed", rename("/usage", "token_usage"), "plain*", "usage.nonzero", "schema.unknown_field"),
    mutant("usage-list", put("/usage", []), "plain*", "schema.completion", "usage.nonzero"),
    mutant("usage-prompt-text", edit(PROMPT, str), COUNTED, "schema.usage"),
    mutant("usage-prompt-fraction", edit(PROMPT, lambda count: count + 0.5), COUNTED, "schema.usage"),
    mutant("usage-completion-null", put(COMPLETION, None), COUNTED, "schema.usage"),
    mutant("usage-total-dropped", drop(TOTAL), COUNTED, "schema.usage"),
    mutant("usage-prompt-renamed", rename(PROMPT, "input_tokens"), COUNTED, "schema.usage", "schema.unknown_field"),
    mutant("usage-sum-wrong", put(TOTAL, 90), COUNTED, "usage.sum"),
    mutant("usage-sum-off-by-one", edit(TOTAL, lambda count: count - 1), COUNTED, "usage.sum"),
    mutant("usage-prompt-zero", _counts(0, 9), f"{COUNTED} !plain-cached", "usage.nonzero"),
    mutant(
        "usage-completion-zero",
        _counts(14, 0),
        "plain plain-tool plain-json-schema plain-n stream-usage stream-length",
        "usage.nonzero",
    ),
    mutant("usage-all-zero", _counts(0, 0), COUNTED, "usage.nonzero"),
    mutant("usage-negative", _counts(14, -1), COUNTED, "schema.usage"),
    mutant(
        "usage-cached-above-prompt",
        put("/usage/prompt_tokens_details/cached_tokens", 400),
        "plain-cached",
        "usage.cached_le_prompt",
    ),
    mutant(
        "usage-cached-text", put("/usage/prompt_tokens_details/cached_tokens", "32"), "plain-cached", "schema.usage"
    ),
    mutant(
        "usage-cached-negative", put("/usage/prompt_tokens_details/cached_tokens", -1), "plain-cached", "schema.usage"
    ),
    mutant(
        "usage-reasoning-above-completion",
        put("/usage/completion_tokens_details/reasoning_tokens", 99),
        "plain-reasoning",
        "usage.sum",
    ),
    # in a stream
    mutant("usage-chunk-dropped", drop_event(-2), METERED, "usage.final_chunk_when_requested"),
    mutant(
        "usage-null-everywhere",
        put("/usage", None),
        METERED,
        "usage.final_chunk_when_requested",
        "chunk.choices_empty_only_usage",
    ),
    mutant(
        "usage-under-a-vendor-key",
        then(drop_event(-2), add("/x_groq", {"usage": counted()}, -1)),
        METERED,
        "usage.final_chunk_when_requested",
    ),
    mutant(
        "usage-packed-into-the-finish",
        then(drop_event(-2), put("/usage", counted(), -1)),
        METERED,
        "usage.separate_final_chunk",
    ),
    mutant("usage-with-running-totals", stream(_running), METERED, "usage.final_chunk_only"),
    mutant(
        "usage-with-running-totals",
        stream(_running),
        "stream stream-short stream-tool stream-tools-parallel",
        "usage.final_chunk_only",
    ),
    mutant("usage-chunk-twice", insert(-1, chunk([], usage=counted())), METERED, "usage.final_chunk_only"),
    mutant(
        "usage-chunk-unasked",
        insert(-1, chunk([], usage=counted())),
        f"stream* !{' !'.join(METERED.split())}",
        "usage.not_when_not_requested",
    ),
    mutant(
        "usage-chunk-after-done",
        append(chunk([], usage=counted())),
        "stream stream-tool",
        "usage.not_when_not_requested",
        "sse.done_terminator",
    ),
    mutant("empty-choices", insert(1, chunk([])), TEXT_STREAM, "chunk.choices_empty_only_usage"),
    mutant(
        "empty-choices-at-the-end", insert(-1, chunk([], usage=None)), TEXT_STREAM, "chunk.choices_empty_only_usage"
    ),
    mutant("only-the-usage-chunk", keep(lambda item: not item["choices"]), METERED, "stream.truncated_without_finish"),
]
