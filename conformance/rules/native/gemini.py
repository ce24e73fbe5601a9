"""Gemini's generateContent: candidates, parts, finish reasons and errors, of the Gemini API and of Vertex AI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.errors import Failure, json_failure
from conformance.rules.views.gemini import Candidates, answer, candidates
from conformance.wire.dialects.families import GEMINI, GEMINI_EMBEDDINGS
from conformance.wire.dialects.gemini import WITHHELD
from conformance.wire.dialects.reading import mapping, word
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Reply

_API = "https://ai.google.dev/api/generate-content (read 2026-11-21)"
_RPC = "https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto (read 2026-11-21)"
#: Ends after which a candidate may hold nothing: cut, withheld, or an end of the model's own making that has a rule below.
_MAY_BE_EMPTY = WITHHELD | {"MAX_TOKENS", "OTHER", "CONTINUATION"}
#: Ends by which the service says that it could not read what its own model wrote.
_OWN_OUTPUT = frozenset(
    {
        "MALFORMED_FUNCTION_CALL",
        "UNEXPECTED_TOOL_CALL",
        "TOO_MANY_TOOL_CALLS",
        "MALFORMED_RESPONSE",
        "MISSING_THOUGHT_SIGNATURE",
    }
)
#: Every documented end.
FINISH_REASONS = _MAY_BE_EMPTY | _OWN_OUTPUT | {"STOP", "FINISH_REASON_UNSPECIFIED"}
#: The one field of a part that holds its data (`thought`, signatures and metadata stand beside it).
_DATA = frozenset(
    {
        "text", "functionCall", "functionResponse", "inlineData", "fileData", "executableCode", "codeExecutionResult", "toolCall",
        "toolResponse", "audioTranscription",
    }
)  # fmt: skip
#: google.rpc.Code by name, and the HTTP status that google/rpc/code.proto maps it to.
_STATUS = {
    "CANCELLED": 499, "UNKNOWN": 500, "INVALID_ARGUMENT": 400, "DEADLINE_EXCEEDED": 504, "NOT_FOUND": 404, "ALREADY_EXISTS": 409,
    "PERMISSION_DENIED": 403, "UNAUTHENTICATED": 401, "RESOURCE_EXHAUSTED": 429, "FAILED_PRECONDITION": 400, "ABORTED": 409,
    "OUT_OF_RANGE": 400, "UNIMPLEMENTED": 501, "INTERNAL": 500, "UNAVAILABLE": 503, "DATA_LOSS": 500,
}  # fmt: skip


@rule(
    "gemini.candidate_parts",
    over=candidates,
    dialects=GEMINI,
    severity=Severity.ERROR,
    source=f"{_API}: Candidate.content; google-genai 3.4.0",
    breaks="clients that read candidates[0].content.parts[0]: KeyError, TypeError; google-genai 3.4.0's response.text is None",
    example='{"candidates": [{"content": {"role": "model"}, "finishReason": "STOP"}]}',
    conforming='{"candidates": [{"content": {"role": "model", "parts": [{"text": "Hi"}]}, "finishReason": "STOP"}]}',
)
def candidate_parts(result: Candidates) -> Iterator[Finding]:
    """A candidate has content with at least one part, except on the event that ends a stream, or where it was cut or withheld."""
    begun: set[Any] = set()
    for candidate in result.listed:
        if candidate.parts:
            begun.add(candidate.place)
            continue
        ending = result.streamed and candidate.reason is not None and candidate.place in begun
        if ending or word(candidate.reason) in _MAY_BE_EMPTY or (result.streamed and candidate.reason is None):
            continue
        content = candidate.value.get("content", MISSING)
        parts = content.get("parts", MISSING) if isinstance(content, dict) else content
        at = f"{candidate.pointer}/content" + ("/parts" if isinstance(content, dict) else "")
        yield Finding(
            at, f"{shown(parts)} with finishReason {candidate.reason!r}", "at least one part", candidate.event
        )


@rule(
    "gemini.candidates_or_feedback",
    over=answer,
    dialects=GEMINI,
    severity=Severity.ERROR,
    source=f"{_API}: PromptFeedback",
    breaks="clients that read candidates[0]: IndexError without a reason to show",
    example='{"usageMetadata": {...}} and nothing else',
    conforming='{"promptFeedback": {"blockReason": "SAFETY"}}',
)
def candidates_or_feedback(reply: Reply) -> Iterator[Finding]:
    """An answer without candidates says in promptFeedback why the prompt was blocked."""
    if any(value.get("candidates") for _, value in reply.chunks):
        return
    if not any(mapping(value, "promptFeedback").get("blockReason") for _, value in reply.chunks):
        yield Finding(
            "/candidates",
            "is missing or empty without promptFeedback.blockReason",
            "a candidate",
            reply.chunks[-1].event,
        )


@rule(
    "gemini.finish_once",
    over=candidates,
    dialects=GEMINI,
    severity=Severity.WARNING,
    source=f"{_API}: finishReason is empty until the model has stopped generating",
    breaks="clients that close the message at finishReason lose what follows",
    example="finishReason STOP, then a chunk with text",
)
def finish_once(result: Candidates) -> Iterator[Finding]:
    """No part with data follows a candidate's finish reason."""
    ended: dict[Any, int | None] = {}
    for candidate in result.listed:
        if candidate.place in ended and any(
            part.get("text") or _DATA & part.keys() - {"text"} for part in candidate.parts
        ):
            received = f"has data after the finishReason of event {ended[candidate.place]}"
            yield Finding(f"{candidate.pointer}/content/parts", received, "nothing", candidate.event)
            return
        if candidate.reason is not None:
            ended.setdefault(candidate.place, candidate.event)


@rule(
    "gemini.own_output_accepted",
    over=candidates,
    dialects=GEMINI,
    severity=Severity.ERROR,
    source=f"{_API}: FinishReason MALFORMED_FUNCTION_CALL and its kin",
    breaks="agent loops: no text, no call, nothing to answer; asking again costs the whole prompt",
    example='{"content": {}, "finishReason": "MALFORMED_FUNCTION_CALL"}',
)
def own_output_accepted(result: Candidates) -> Iterator[Finding]:
    """What the model itself wrote is not refused as malformed or unexpected."""
    for candidate in result.listed:
        if word(candidate.reason) in _OWN_OUTPUT:
            at = f"{candidate.pointer}/finishReason"
            yield Finding(at, shown(candidate.reason), "the model's output as it is, or an error", candidate.event)


@rule(
    "gemini.part_shape",
    over=candidates,
    dialects=GEMINI,
    severity=Severity.ERROR,
    source="https://ai.google.dev/api/caching#Part (read 2026-11-21): a part holds one of the data fields",
    breaks="protobuf clients refuse the message: a oneof has one value",
    example='{"text": "Hi", "functionCall": {...}}',
    conforming='{"text": "Hi"}, then {"functionCall": {...}}',
    by_schema=True,
)
def part_shape(result: Candidates) -> Iterator[Finding]:
    """A part holds exactly one kind of data, or a thought signature alone."""
    for candidate, pointer, part in result.parts():
        kinds = sorted(_DATA & part.keys())
        if len(kinds) > 1:
            yield Finding(pointer, f"holds {' and '.join(kinds)}", "one of them", candidate.event)
        elif not part.keys() - {"thought"}:
            yield Finding(pointer, shown(part), "data, or a thought signature", candidate.event)


@rule(
    "gemini.function_call_shape",
    over=candidates,
    dialects=GEMINI,
    severity=Severity.ERROR,
    source="https://ai.google.dev/api/caching#FunctionCall (read 2026-11-21): name is required, args is an object",
    breaks="google-genai 3.4.0: ValidationError over args; agent loops: KeyError on a missing name",
    example='{"functionCall": {"name": "f", "args": "{\\"city\\": \\"Paris\\"}"}}',
    conforming='{"functionCall": {"name": "f", "args": {"city": "Paris"}}}',
)
def function_call_shape(result: Candidates) -> Iterator[Finding]:
    """A function call has a name, and its args are an object."""
    for candidate, pointer, part in result.parts():
        call = part.get("functionCall")
        if not isinstance(call, dict):
            continue
        continues = "partialArgs" in call or "willContinue" in call or not call
        if not continues and not (isinstance(call.get("name"), str) and call["name"]):
            yield Finding(f"{pointer}/functionCall/name", shown(call.get("name", MISSING)), "a name", candidate.event)
        if not isinstance(call.get("args", {}), dict):
            yield Finding(f"{pointer}/functionCall/args", shown(call["args"]), "an object", candidate.event)


@rule(
    "gemini.response_shape",
    over=answer,
    dialects=GEMINI,
    severity=Severity.ERROR,
    source=f"{_API}: GenerateContentResponse; google-genai 3.4.0 types.py",
    breaks="google-genai 3.4.0: ValidationError over the whole response",
    example='{"candidates": {"content": {...}}}',
    by_schema=True,
)
def response_shape(reply: Reply) -> None:
    """An answer's candidates are a list of candidates whose content has the role 'model' and a list of parts."""


@rule(
    "gemini.usage_shape",
    over=answer,
    dialects=GEMINI,
    severity=Severity.ERROR,
    source=f"{_API}: UsageMetadata",
    breaks="cost accounting: TypeError, or a wrong count",
    example='{"usageMetadata": {"promptTokenCount": "9"}}',
    conforming='{"usageMetadata": {"promptTokenCount": 9}}',
    by_schema=True,
)
def usage_shape(reply: Reply) -> None:
    """An answer's usageMetadata counts tokens in integers."""


@rule(
    "gemini.usage_present",
    over=answer,
    dialects=GEMINI,
    severity=Severity.WARNING,
    source=f"{_API}: GenerateContentResponse.usageMetadata",
    breaks="billing and budgets count nothing",
    example='{"candidates": [...]} without usageMetadata',
)
def usage_present(reply: Reply) -> Iterator[Finding]:
    """A whole answer has usageMetadata, with a promptTokenCount."""
    if reply.streamed or not reply.chunks[0].value.get("candidates"):
        return
    tokens = mapping(reply.chunks[0].value, "usageMetadata")
    if not tokens.get("promptTokenCount"):
        at = "/usageMetadata/promptTokenCount" if tokens else "/usageMetadata"
        yield Finding(at, shown(tokens.get("promptTokenCount", MISSING)), "a promptTokenCount of at least 1")


@rule(
    "gemini.error_status",
    over=json_failure,
    dialects=GEMINI | GEMINI_EMBEDDINGS,
    severity=Severity.WARNING,
    source=_RPC,
    breaks="clients that retry by status name (UNAVAILABLE, RESOURCE_EXHAUSTED) decide wrongly",
    example='503 {"error": {"code": 503, "status": "INVALID_ARGUMENT"}}',
    conforming='400 {"error": {"code": 400, "status": "INVALID_ARGUMENT", "message": "..."}}',
)
def error_status(failure: Failure) -> Iterator[Finding]:
    """error.status is the name of a google.rpc code, the one that the HTTP status maps to."""
    name = failure.error.get("status")
    if isinstance(name, str) and name not in _STATUS:
        yield Finding("/error/status", shown(name), "a google.rpc code, as INVALID_ARGUMENT")
    elif isinstance(name, str) and _STATUS[name] != failure.status:
        fitting = " or ".join(sorted(key for key, status in _STATUS.items() if status == failure.status)) or "another"
        yield Finding("/error/status", f"{shown(name)} with HTTP status {failure.status}", fitting)
