"""The guardrails of the emulated account: any id is one of them. Each blocks a prompt with BLOCKED_PROMPT in it, and traces what it read.

Source: botocore 1.44.8 data/bedrock-runtime/2023-09-30/service-2.json: GuardrailAssessment, GuardrailTraceAssessment;
https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-use-converse-api.html (read 2026-11-28), and 5 recorded answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.loose import table, tables
from conformance.emulator.mind.completion import Choice, Completion
from conformance.emulator.mind.tokenizer import tokens
from conformance.wire.sentinels import BLOCKED_PROMPT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: The words that the owner of a guardrail chooses.
_MESSAGE: Final = "Sorry, the model cannot answer this question."
_TRACED: Final = frozenset({"enabled", "enabled_full"})
_LATENCY: Final = 240  # milliseconds, as recorded
#: What a guardrail's use is counted in: botocore 1.44.8 GuardrailUsage.
_UNITS: Final = (
    "topicPolicyUnits",
    "contentPolicyUnits",
    "wordPolicyUnits",
    "sensitiveInformationPolicyUnits",
    "sensitiveInformationPolicyFreeUnits",
    "contextualGroundingPolicyUnits",
)


def guarded(body: Mapping[str, Any], completion: Completion) -> Completion:
    """Return the completion that a guardrail lets through, or its own message in place of one: no model read the prompt then."""
    if not _intervenes(body):
        return completion
    return Completion((Choice(tuple(tokens(_MESSAGE)), finish_reason="content_filter"),))


def trace_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a guardrail reports, as members of the answer; empty where the request does not ask for its trace."""
    config = table(body.get("guardrailConfig"))
    if config.get("trace") not in _TRACED:
        return {}
    length, intervenes = sum(map(len, _texts(body))), _intervenes(body)
    metrics = {
        "guardrailCoverage": {"textCharacters": {"guarded": length, "total": length}},
        "guardrailProcessingLatency": _LATENCY,
        "usage": dict.fromkeys(_UNITS, 0),
    }
    match = {"action": "BLOCKED", "detected": True, "match": BLOCKED_PROMPT}
    words = {"wordPolicy": {"customWords": [match], "managedWordLists": []}} if intervenes else {}
    assessed = {config.get("guardrailIdentifier"): {"invocationMetrics": metrics, **words}}
    reason = "Guardrail blocked." if intervenes else "No action."
    return {"trace": {"guardrail": {"actionReason": reason, "inputAssessment": assessed}}}


def _intervenes(body: Mapping[str, Any]) -> bool:
    named = table(body.get("guardrailConfig")).get("guardrailIdentifier")
    return bool(named) and any(BLOCKED_PROMPT in text for text in _texts(body))


def _texts(body: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts of the messages, those that a guardrail alone is to read among them."""
    for message in tables(body.get("messages")):
        for block in tables(message.get("content")):
            text = block.get("text", table(table(block.get("guardContent")).get("text")).get("text"))
            if isinstance(text, str):
                yield text
