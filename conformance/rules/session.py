"""Requirements over several exchanges: twins, ids, round trips, the catalogue."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.refused_twins import RefusedTwins, refused_twins
from conformance.rules.views.session import (
    Continuation,
    Gone,
    Identified,
    Listed,
    Repeated,
    Twins,
    listed_and_asked,
    response_ids,
    seeded_repeats,
    tool_round_trips,
    twins,
    used_and_listed,
)
from conformance.rules.views.token_counts import Counted, counted_prompts
from conformance.wire.dialects.families import GEMINI, MESSAGES, RESPONSES, TOOLS
from conformance.wire.json_text import MISSING, read_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Choice

_COUNTING = "https://docs.anthropic.com/en/docs/build-with-claude/token-counting (read 2026-11-29)"
_MOST, _SHARE = 100, 0.5  # tokens that a host adds of its own, and the share by which an estimate may be off
_CHAT = "https://platform.openai.com/docs/api-reference/chat"


@rule(
    "stream.parity_with_nonstream",
    over=twins,
    severity=Severity.WARNING,
    source=f"{_CHAT}/create#chat-create-stream (read 2026-11-21); googleapis/python-genai#2868",
    breaks="switching stream on changes what an agent does next",
    example='plain: finish_reason "tool_calls"; streamed: "stop"',
    over_session=True,
)
def parity_with_nonstream(pairs: list[Twins]) -> Iterator[Finding]:
    """The same request answers alike with and without stream: finish_reason, tool calls, usage, and text at temperature 0.

    Temperature 0 is no promise of equal texts: batching moves the last bits of a sum. So it is a warning, and finish reasons
    are compared only where the texts are equal or tools were called.
    """
    for twin in pairs:
        for finding in [*_other_choices(twin), *_other_usage(twin)]:
            yield replace(finding, exchange=twin.streamed_id)


def _other_choices(twin: Twins) -> Iterator[Finding]:
    as_before = f"as in the plain answer, {twin.plain_id}"
    if len(twin.plain.choices) != len(twin.streamed.choices):
        received = f"{len(twin.streamed.choices)} choices streamed"
        yield Finding("/choices", received, f"{len(twin.plain.choices)} {as_before}")
    for plain, streamed in twin.pairs:
        at = streamed.pointer
        if _calls(plain) != _calls(streamed) and (
            twin.deterministic or bool(plain.tool_calls) != bool(streamed.tool_calls)
        ):
            yield Finding(f"{at}/delta/tool_calls", f"{_calls(streamed)} streamed", f"{_calls(plain)} {as_before}")
        elif twin.deterministic and plain.text != streamed.text:
            received = f"{shown(streamed.text, 50).removeprefix('is ')} streamed"
            yield Finding(f"{at}/delta/content", received, f"{plain.text[:50]!r} {as_before}")
        elif plain.finish_reason != streamed.finish_reason and _ends_alike(twin, plain, streamed):
            received = f"{shown(streamed.finish_reason)} streamed"
            yield Finding(f"{at}/finish_reason", received, f"{plain.finish_reason!r} {as_before}")


def _ends_alike(twin: Twins, plain: Choice, streamed: Choice) -> bool:
    """Whether two answers should end in the same way: what was sampled may be another text, which the limit cuts elsewhere."""
    return twin.deterministic or plain.text == streamed.text or bool(plain.tool_calls or streamed.tool_calls)


def _other_usage(twin: Twins) -> Iterator[Finding]:
    """Compare the last usage of both: prompt tokens are the same, and what one counts the other counts too.

    A count of 0 may be left out, and a cache that was cold may be warm the second time.
    """
    plain, streamed = (
        [report for report in answer.reply.usages if isinstance(report.value, dict)]
        for answer in (twin.plain, twin.streamed)
    )
    if not plain or not streamed:
        return
    counts, others = (_counts(reports[-1].value) for reports in (plain, streamed))
    if counts.get("prompt_tokens") != others.get("prompt_tokens"):
        received = f"{shown(others.get('prompt_tokens'))} streamed"
        yield Finding(
            streamed[-1].at("prompt_tokens"),
            received,
            f"{counts.get('prompt_tokens')} as in the plain answer, {twin.plain_id}",
        )
    for name in sorted((counts.keys() ^ others.keys()) - {"prompt_tokens"}):
        value = counts.get(name, others.get(name))
        modes = (f"the plain answer ({twin.plain_id})", "the stream")
        modes = modes if name in counts else (modes[1], modes[0])
        if value:
            yield Finding(
                streamed[-1].at(name), f"is {value} in {modes[0]} and missing in {modes[1]}", "the same counts in both"
            )


def _counts(usage: dict[str, Any], path: str = "") -> dict[str, int | float]:
    """Return the numbers of a usage object by their path."""
    result: dict[str, int | float] = {}
    for name, value in usage.items():
        if isinstance(value, dict):
            result |= _counts(value, f"{path}{name}/")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            result[f"{path}{name}"] = value
    return result


def _calls(choice: Choice) -> list[tuple[object, object]]:
    """Return names and arguments. Where the limit cut the answer, its last call has no arguments to compare: a message that carries
    an object in place of JSON text cannot show a half of one.
    """
    calls = [(call.name, _value_of(call.arguments)) for call in choice.tool_calls]
    cut = choice.finish_reason == "length"
    return [*calls[:-1], (calls[-1][0], None)] if calls and cut else list(calls)


def _value_of(arguments: str) -> object:
    """Return arguments as a value; None where they are no JSON."""
    value = read_json(arguments.encode("utf-8", "surrogatepass")).value
    return None if value is MISSING else value


@rule(
    "error.class_parity",
    over=refused_twins,
    severity=Severity.WARNING,
    source=f"{_CHAT}/create#chat-create-stream (read 2026-11-21): stream changes how an answer is sent, and nothing else",
    breaks="an agent that compacts its history, or switches models, on one class does so without stream only",
    example="plain: context_too_long; streamed: server_error",
    over_session=True,
)
def class_parity(pairs: list[RefusedTwins]) -> Iterator[Finding]:
    """The same fault has the same class with and without stream."""
    for plain, streamed in pairs:
        ids = [outcome.kind.id if outcome.kind is not None else None for outcome in (plain, streamed)]
        if ids[0] != ids[1]:
            received, expected = f"{streamed.shown} as a stream", f"{plain.shown}, as without stream"
            yield Finding("", received, expected, exchange=streamed.exchange)


@rule(
    "params.seed_repeats",
    over=seeded_repeats,
    severity=Severity.WARNING,
    source=f"{_CHAT}/create#chat-create-seed (read 2026-11-21): best effort, while system_fingerprint stays the same",
    breaks="snapshot tests and caches that rely on the seed",
    example="two texts for one request with seed 7",
    over_session=True,
)
def seed_repeats(pairs: list[Repeated]) -> Iterator[Finding]:
    """The same request with the same seed brings the same text, while the backend stays the same.

    Providers promise a best effort, so it is a warning.
    """
    for first, second, first_id, second_id in pairs:
        if first.text != second.text:
            received = f"{shown(second.text, 50).removeprefix('is ')} the second time"
            expected = f"{first.text[:50]!r} as in {first_id}"
            yield Finding(f"{second.pointer}/content", received, expected, exchange=second_id)


@rule(
    "envelope.id_unique",
    over=response_ids,
    severity=Severity.WARNING,
    source=f"{_CHAT}/object#chat/object-id (read 2026-11-21): a unique identifier for the completion",
    breaks="logs and caches that key by id take two answers for one",
    example='"chatcmpl-1" for two requests',
    over_session=True,
)
def id_unique(ids: list[Identified]) -> Iterator[Finding]:
    """No two responses of a session have the same id."""
    seen: dict[str, str] = {}
    for exchange, response_id, pointer in ids:
        if response_id in seen:
            yield Finding(
                pointer,
                f"{shown(response_id)} in {seen[response_id]} and {exchange}",
                "an id of its own",
                exchange=exchange,
            )
        seen.setdefault(response_id, exchange)


@rule(
    "tool_call.roundtrip_accepted",
    over=tool_round_trips,
    dialects=TOOLS,
    severity=Severity.ERROR,
    source="https://platform.openai.com/docs/guides/function-calling (read 2026-11-21)",
    breaks="every agent loop ends at its first tool call",
    example="400 on the turn that sends the tool's result",
    over_session=True,
)
def roundtrip_accepted(turns: list[Continuation]) -> Iterator[Finding]:
    """A turn that sends the provider's own tool calls back with their results is accepted."""
    for turn in turns:
        if turn.refusal is not None:
            received = f"refused with {turn.refusal.status}: {turn.refusal.message[:120]!r}"
            yield Finding("/messages", received, "an answer", exchange=turn.exchange)


@rule(
    "model.lifecycle_catalogue",
    over=used_and_listed,
    severity=Severity.WARNING,
    source="https://platform.openai.com/docs/api-reference/models/list (read 2026-11-21)",
    breaks="tools that check a configured model against the listing refuse it",
    example="a model that answers and is not in /models",
    over_session=True,
)
def lifecycle_catalogue(used: list[Listed]) -> Iterator[Finding]:
    """A model that answers is in the provider's listing."""
    for exchange, model, catalogue in used:
        if model not in catalogue:
            yield Finding("/data", f"does not list {model!r} among {len(catalogue)} models", model, exchange=exchange)


@rule(
    "model.listed_is_served",
    over=listed_and_asked,
    when_seen="a listing and a request for a model of it in one session",
    severity=Severity.WARNING,
    source="https://platform.openai.com/docs/api-reference/models/list (read 2026-11-28): lists the currently available models",
    breaks="model pickers offer what then answers 404; checks of a configuration pass and production fails",
    example="a model of GET /models that answers 404 model_not_found",
    over_session=True,
)
def listed_is_served(models: list[Gone]) -> Iterator[Finding]:
    """A model that the listing holds is served, and has an entry of its own."""
    for item in models:
        if item.refusal is not None:
            received = f"status {item.refusal.status} for {item.model!r}, which {item.listing} lists"
            yield Finding("/model", received, "an answer, or a listing without it", exchange=item.exchange)


@rule(
    "usage.count_agrees",
    over=counted_prompts,
    dialects=MESSAGES | GEMINI | RESPONSES,
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
        if more > less * (1 + _SHARE) + _MOST:
            received, expected = f"is {prompt.used}", f"about {prompt.before}, as the API counted the same prompt"
            yield Finding(prompt.pointer, received, expected, prompt.event, exchange=prompt.exchange)
            return
