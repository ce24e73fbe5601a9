"""Converse: the message, its blocks, its stop reason, its counts, its guardrail and its errors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.bedrock_converse import (
    Message,
    Reported,
    Union,
    cloud_failure,
    counted,
    ended_message,
    failed_cloud_answer,
    reports,
    traced,
    unions,
    whole_reply,
)
from conformance.rules.views.chat import Answer, answer
from conformance.rules.views.tools import ToolCalls, tool_calls
from conformance.wire.dialects.bedrock_converse.words import VOCABULARY
from conformance.wire.dialects.families import CONVERSE, MESSAGES
from conformance.wire.dialects.reading import mapping, word
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.errors import Failure
    from conformance.rules.views.http import HttpMessage
    from conformance.wire.dialects.reply import Reply

_MODEL = "botocore 1.44.8 data/bedrock-runtime/2023-09-30/service-2.json (read 2026-11-28)"
_CONVERSE = "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html (read 2026-11-28)"
_TOOL_ID = re.compile(r"[a-zA-Z0-9_.:-]{1,64}")
#: The status of each exception of the service, by its name (tests hold it against botocore's model).
STATUSES: Final = {
    "AccessDeniedException": 403,
    "InternalServerException": 500,
    "ModelErrorException": 424,
    "ModelNotReadyException": 429,
    "ModelStreamErrorException": 424,
    "ModelTimeoutException": 408,
    "ResourceNotFoundException": 404,
    "ServiceQuotaExceededException": 400,
    "ServiceUnavailableException": 503,
    "ThrottlingException": 429,
    "ValidationException": 400,
}


@rule(
    "bedrock.message_shape",
    over=whole_reply,
    dialects=CONVERSE,
    severity=Severity.ERROR,
    source=f"{_MODEL}: ConverseResponse, Message, ContentBlock",
    breaks="typed clients (aws-sdk-go, -java, -rust) refuse the answer; boto3 users raise KeyError",
    example='{"output": {"message": {"role": "assistant", "content": "Hi"}}}',
    conforming='{"output": {"message": {"role": "assistant", "content": [{"text": "Hi"}]}}, "stopReason": "end_turn", "usage": {...}}',
    by_schema=True,
)
def message_shape(reply: Reply) -> Iterator[Finding]:
    """An answer has output.message with role and blocks, stopReason and usage; a call has toolUseId, name and an object as input."""
    for event, value in reply.chunks:
        content = mapping(value, "output", "message").get("content")
        for position, block in enumerate(content if isinstance(content, list) else ()):
            called = block.get("toolUse") if isinstance(block, dict) else None
            if isinstance(called, dict) and "input" in called and not isinstance(called["input"], dict):
                at = f"/output/message/content/{position}/toolUse/input"
                yield Finding(at, shown(called["input"]), "an object", event)


@rule(
    "bedrock.union_member",
    over=unions,
    dialects=CONVERSE,
    severity=Severity.ERROR,
    source=f"{_MODEL}: ContentBlock, ContentBlockStart, ContentBlockDelta and ReasoningContentBlock are unions; https://smithy.io/2.0/spec/aggregate-types.html#union",
    breaks="boto3: ResponseParserError; aws-sdk-go reads an unknown member and stalls",
    example='{"contentBlockStart": {"contentBlockIndex": 0, "start": {}}}',
    conforming='{"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "Hi"}}} without a start',
)
def union_member(unions: list[Union]) -> Iterator[Finding]:
    """A block, a start, a delta and a thought each have exactly one member. A member that nobody names yet counts too."""
    for union in unions:
        present = [name for name, value in union.value.items() if value is not None]
        known = [name for name in present if name in union.members]
        if not present:
            yield Finding(union.pointer, "has no member", f"one of {', '.join(sorted(union.members))}", union.event)
        elif len(known) > 1:
            yield Finding(union.pointer, f"has {' and '.join(known)}", "exactly one member", union.event)


@rule(
    "bedrock.known_stop_reason",
    over=answer,
    dialects=CONVERSE,
    severity=Severity.ERROR,
    source=f"{_MODEL}: StopReason",
    breaks="agent loops that match on it never end; typed clients read an unknown value",
    example='{"stopReason": "stop"}',
    conforming='{"stopReason": "end_turn"}',
)
def known_stop_reason(answer: Answer) -> Iterator[Finding]:
    """A finished message has one of the documented stop reasons."""
    for choice in answer.choices:
        for event, raw in choice.raw_finishes:
            if word(raw) not in VOCABULARY.finishes:
                yield Finding(choice.finish_pointer, shown(raw), f"one of {', '.join(VOCABULARY.finishes)}", event)


@rule(
    "bedrock.stop_reason",
    over=ended_message,
    dialects=CONVERSE,
    severity=Severity.ERROR,
    source=f"{_CONVERSE}: stopReason; https://docs.aws.amazon.com/bedrock/latest/userguide/tool-use-inference-call.html",
    breaks="agent loops that run tools on 'tool_use' drop the call, or send an empty result that is refused",
    example='a message of text alone with "stopReason": "tool_use"',
    conforming='a toolUse block with "stopReason": "tool_use"',
)
def stop_reason(message: Message) -> Iterator[Finding]:
    """The stop reason is tool_use exactly where a toolUse block is there; a cut or filtered answer says so instead."""
    reason = message.stop_reason
    if message.calls and word(reason) in {"end_turn", "stop_sequence"}:
        yield Finding(message.pointer, f"{shown(reason)} with a toolUse block", "'tool_use'", message.event)
    if reason == "tool_use" and not message.calls and not message.served:
        yield Finding(
            message.pointer, "is 'tool_use' without a toolUse block", "a toolUse block, or 'end_turn'", message.event
        )


@rule(
    "bedrock.tool_id_pattern",
    over=tool_calls,
    dialects=CONVERSE,
    severity=Severity.WARNING,
    source=f"{_MODEL}: ToolUseId",
    breaks="the call cannot be sent back with its result: ValidationException",
    example='{"toolUse": {"toolUseId": "call 1", ...}}',
    conforming='{"toolUse": {"toolUseId": "tooluse_kncKxataWVdSedTFfgsHCi", ...}}',
)
def tool_id_pattern(calls: ToolCalls) -> Iterator[Finding]:
    """A toolUseId has 1 to 64 letters, digits and `_.:-`."""
    for item in calls.calls:
        name = item.call.id
        if isinstance(name, str) and name and not _TOOL_ID.fullmatch(name):
            yield Finding(
                f"{item.call.pointer}/toolUseId", shown(name), "1 to 64 letters, digits and _ . : -", item.call.event
            )


@rule(
    "bedrock.usage_shape",
    over=counted,
    dialects=CONVERSE,
    severity=Severity.ERROR,
    source=f"{_MODEL}: TokenUsage",
    breaks="cost accounting: KeyError, or nothing counted",
    example='{"usage": {"input_tokens": 9, "output_tokens": 2}}',
    conforming='{"usage": {"inputTokens": 9, "outputTokens": 2, "totalTokens": 11}}',
    by_schema=True,
)
def usage_shape(usages: list[Reported]) -> Iterator[Finding]:
    """Usage counts inputTokens, outputTokens and totalTokens."""
    for usage in usages:
        if "totalTokens" not in usage.value:
            yield Finding(f"{usage.pointer}/usage/totalTokens", "is missing", "an integer", usage.event)


@rule(
    "bedrock.usage_nonzero",
    over=answer,
    dialects=CONVERSE,
    severity=Severity.WARNING,
    source=f"{_CONVERSE}: usage",
    breaks="billing and budgets count nothing",
    example='{"usage": {"inputTokens": 0, "outputTokens": 0, "totalTokens": 0}} over an answer',
    conforming='{"usage": {"inputTokens": 9, "outputTokens": 2, "totalTokens": 11}}',
)
def usage_nonzero(answer: Answer) -> Iterator[Finding]:
    """A prompt has input tokens, cached ones among them, and an answer with content has output tokens.

    What a guardrail stopped was read by no model, and counts none.
    """
    stopped = any(raw == "guardrail_intervened" for choice in answer.choices for _, raw in choice.raw_finishes)
    has_output = any(choice.text or choice.tool_calls for choice in answer.choices)
    for report in answer.reply.usages[-1:] if not stopped else ():
        if report.value.get("prompt_tokens") == 0:
            yield Finding(report.at("prompt_tokens"), "is 0, cached tokens included", "at least 1", report.event)
        if report.value.get("completion_tokens") == 0 and has_output:
            yield Finding(report.at("completion_tokens"), "is 0 although there is output", "at least 1", report.event)


@rule(
    "bedrock.metrics",
    over=reports,
    dialects=CONVERSE,
    severity=Severity.WARNING,
    source=f"{_MODEL}: ConverseMetrics and ConverseStreamMetadataEvent, whose members usage and metrics are required",
    breaks="typed clients read a null where the model promises a value; the service's own time is lost",
    example="a stream that ends with messageStop",
    conforming='{"metadata": {"usage": {...}, "metrics": {"latencyMs": 812}}} after messageStop',
)
def metrics(reported: list[Reported]) -> Iterator[Finding]:
    """An answer of Converse has metrics.latencyMs; a stream says it in metadata, beside the usage."""
    if not reported:
        yield Finding("", "the stream ends without metadata", "metadata with usage and metrics")
        return
    report = reported[-1]
    latency = mapping(report.value, "metrics").get("latencyMs", MISSING)
    if latency is MISSING:
        at = f"{report.pointer}/metrics"
        at += "/latencyMs" if "metrics" in report.value else ""
        yield Finding(at, "is missing", "milliseconds", report.event)


@rule(
    "bedrock.guardrail_trace",
    over=traced,
    when_seen="an answer whose request asks for a guardrail's trace",
    dialects=CONVERSE,
    severity=Severity.WARNING,
    source="https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-use-converse-api.html (read 2026-11-28): trace enabled",
    breaks="nobody can say why an answer was blocked or masked",
    example='"guardrailConfig": {"trace": "enabled"}, and no trace in the answer',
    conforming='{"trace": {"guardrail": {"inputAssessment": {...}}}}',
)
def guardrail_trace(report: Reported) -> Iterator[Finding]:
    """A request that asks for a guardrail's trace gets one."""
    if not mapping(report.value, "trace", "guardrail"):
        at = f"{report.pointer}/trace/guardrail"
        yield Finding(at, "is missing or empty", "the guardrail's assessments", report.event)


@rule(
    "bedrock.error_shape",
    over=cloud_failure,
    dialects=CONVERSE | MESSAGES,
    severity=Severity.ERROR,
    source=f"{_MODEL}: every exception has a message; https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization",
    breaks="boto3's ClientError has an empty message",
    example='{"error": {"message": "no such model"}}',
    conforming='{"message": "The provided model identifier is invalid."}',
    by_schema=True,
)
def error_shape(failure: Failure) -> Iterator[Finding]:
    """An error body is an object with a message; AWS's gateways write it Message."""
    value = failure.body.value
    text = value.get("message", value.get("Message", MISSING)) if isinstance(value, dict) else MISSING
    if not isinstance(text, str) or not text:
        yield Finding("/message", shown(text), "a text")


@rule(
    "bedrock.error_type",
    over=failed_cloud_answer,
    dialects=CONVERSE | MESSAGES,
    severity=Severity.ERROR,
    source=f"{_MODEL}: httpStatusCode of each exception; https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization",
    breaks="boto3 takes the status for the error's code: client.exceptions.ThrottlingException is never raised",
    example="429 without x-amzn-errortype",
    conforming="429 with x-amzn-errortype: ThrottlingException",
)
def error_type(message: HttpMessage) -> Iterator[Finding]:
    """An error names its type, in the header x-amzn-errortype or in the body's `__type` or `code`; its status is the type's own."""
    body = message.response.document.value
    stated = [message.response.headers.get("x-amzn-errortype")]
    stated += [body.get(name) for name in ("__type", "code")] if isinstance(body, dict) else []
    named = next((value for value in stated if isinstance(value, str) and value), None)
    if named is None:
        yield Finding("", "no x-amzn-errortype", "the name of an exception")
        return
    name = named.partition(":")[0].rpartition("#")[2]
    status = STATUSES.get(name)
    if status is not None and status != message.status:
        yield Finding("", f"status {message.status} for {name}", str(status))
