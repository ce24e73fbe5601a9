"""One cause, one finding: a defect that every chunk repeats is told once, with its count and its first event."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.rules.table import Finding

#: Rules whose finding follows from another's, by the rules that state the cause.
FOLLOWS: Final[dict[str, frozenset[str]]] = {
    "content.nonempty_completion": frozenset(
        {
            *(
                "content.string_or_null",
                "choice.message_required",
                "schema.choice",
                "chunk.delta_required",
                "chunk.choices_required",
            ),
            *("gemini.candidate_parts", "gemini.own_output_accepted", "gemini.part_shape", "gemini.response_shape"),
            *(
                "anthropic.message_shape",
                "responses.response_shape",
                "responses.item_shape",
                "ollama.response_shape",
            ),
            *(
                "tool_call.not_in_content",
                "finish_reason.tool_calls_consistency",
                "stream.failed_midway",
                "max_tokens.finish_length",
            ),
        }
    ),
    "gemini.candidate_parts": frozenset({"gemini.own_output_accepted"}),
    "stream.failed_midway": frozenset({"tool_call.server_rejects_own_output"}),
    "content.nonempty_when_cut": frozenset(
        {"content.string_or_null", "content.no_runaway_repetition", "gemini.candidate_parts"}
    ),
    "response_format.json_parses": frozenset(
        {
            "content.string_or_null",
            "content.nonempty_completion",
            "reasoning.not_in_content",
            "content.no_special_tokens",
        }
    ),
    "tool_choice.honoured": frozenset(
        {"gemini.own_output_accepted", "tool_call.not_in_content", "schema.tool_call", "schema.message"}
    ),
    "choice.message_content": frozenset({"schema.message", "choice.message_required"}),
    "finish_reason.tool_calls_consistency": frozenset({"tool_call.not_in_content"}),
    "tool_call.id_nonempty": frozenset({"anthropic.tool_id_pattern", "bedrock.tool_id_pattern"}),
    "reasoning.not_in_content": frozenset({"gemini.thoughts_marked"}),
    "completions.tokens_are_text": frozenset({"completions.text_offset"}),
    "logprobs.tokens_are_content": frozenset({"logprobs.bytes_are_token", "content.string_or_null"}),
    "http.error_content_type": frozenset({"error.json_body"}),
    "http.content_type": frozenset({"envelope.json_object"}),
    "sse.framing": frozenset({"http.content_type"}),  # a JSON text that is labelled as an event stream
    "stream.truncated_without_finish": frozenset({"http.content_type"}),
    "responses.final_matches_items": frozenset({"responses.id_stable"}),
    **dict.fromkeys(
        (
            "envelope.created_unix_seconds",
            "envelope.id_nonempty",
            "envelope.model_nonempty",
            "envelope.object_const",
        ),
        frozenset({"error.status_nonsuccess"}),
    ),
}

#: A list position, but for those of the choices: each choice is an answer of its own.
_NUMBER = re.compile(r"(?<!^/choices)(?<!^/candidates)/\d+(?=/|$)")


def folded(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings of one exchange with those told once that one rule has at one place of many events or list items.

    A place is a pointer without its list positions. The first finding stays as it is and says how often the rest came: in how many
    events of a stream, or at how many places of a body.
    """
    groups: dict[tuple[str, str, str, bool, str], list[Finding]] = {}
    for finding in findings:
        place = _NUMBER.sub("/*", finding.pointer)
        key = (finding.rule, place, _expectation(finding), finding.event is None, finding.exchange)
        groups.setdefault(key, []).append(finding)
    return [_with_count(group) for group in groups.values()]


def consequences(rules: Iterable[str]) -> frozenset[str]:
    """Return those of the rules that fired whose findings follow from others that fired: they are folded under the cause.

    A rule that is folded was not judged: nobody knows whether it would have been kept without the cause.
    """
    fired = frozenset(rules)
    return frozenset(rule for rule in fired if FOLLOWS.get(rule, frozenset()) & fired)


def _expectation(finding: Finding) -> str:
    """What makes two findings at one place different: the expectation, but for the values in it."""
    return re.sub(r"\d+|'[^']*'", "#", finding.expected)


def _with_count(group: list[Finding]) -> Finding:
    first = group[0]
    events = {finding.event for finding in group}
    if len(group) == 1:
        return first
    where = f"in {len(events)} events" if first.event is not None and len(events) > 1 else f"at {len(group)} places"
    return replace(first, received=f"{first.received} ({where})", repeats=tuple(group[1:]))
