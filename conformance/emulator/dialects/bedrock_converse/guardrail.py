"""The one guardrail that the emulated account has: it blocks a prompt with BLOCKED_PROMPT in it, and says so in its trace.

Source: botocore 1.44.8 data/bedrock-runtime/2023-09-30/service-2.json: GuardrailAssessment, GuardrailTraceAssessment;
https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-use-converse-api.html (read 2026-11-28).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.loose import table, tables
from conformance.emulator.mind.completion import Choice, Completion
from conformance.emulator.mind.tokenizer import tokens
from conformance.wire.sentinels import BLOCKED_PROMPT

if TYPE_CHECKING:
    from collections.abc import Mapping

GUARDRAIL: Final = "conformance0guard"
_VERSIONS: Final = frozenset({"1", "DRAFT"})
#: The words that the owner of a guardrail chooses.
_MESSAGE: Final = "Sorry, the model cannot answer this question."
_TRACED: Final = frozenset({"enabled", "enabled_full"})


def is_unknown(body: Mapping[str, Any]) -> bool:
    """Return True if a request names a guardrail, or a version of it, that the account does not have."""
    config = table(body.get("guardrailConfig"))
    named = config.get("guardrailIdentifier")
    return bool(named) and (named != GUARDRAIL or config.get("guardrailVersion") not in _VERSIONS)


def guarded(body: Mapping[str, Any], completion: Completion) -> Completion:
    """Return the completion that a guardrail lets through, or its own message in place of one: no model read the prompt then."""
    if not _intervenes(body):
        return completion
    return Completion((Choice(tuple(tokens(_MESSAGE)), finish_reason="content_filter"),))


def trace_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the trace that a request asks for, as members of its answer; empty where it asks for none."""
    config = table(body.get("guardrailConfig"))
    if config.get("guardrailIdentifier") != GUARDRAIL or config.get("trace") not in _TRACED:
        return {}
    length = len(_prompt(body))
    assessment: dict[str, Any] = {
        "invocationMetrics": {"guardrailCoverage": {"textCharacters": {"guarded": length, "total": length}}}
    }
    if _intervenes(body):
        match = {"action": "BLOCKED", "detected": True, "match": BLOCKED_PROMPT}
        assessment["wordPolicy"] = {"customWords": [match], "managedWordLists": []}
    return {"trace": {"guardrail": {"inputAssessment": {GUARDRAIL: assessment}}}}


def _intervenes(body: Mapping[str, Any]) -> bool:
    named = table(body.get("guardrailConfig")).get("guardrailIdentifier")
    return named == GUARDRAIL and BLOCKED_PROMPT in _prompt(body)


def _prompt(body: Mapping[str, Any]) -> str:
    blocks = [block for message in tables(body.get("messages")) for block in tables(message.get("content"))]
    return "".join(str(block.get("text") or "") for block in blocks)
