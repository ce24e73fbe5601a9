"""Rules that several protocols share under ids of their own: the words that end an answer, and the form of an error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from conformance.rules.native.gemini import FINISH_REASONS
from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.chat import Answer, answer
from conformance.rules.views.errors import Failure, json_failure
from conformance.wire.dialects.families import (
    COHERE,
    COHERE_EMBEDDINGS,
    GEMINI,
    GEMINI_EMBEDDINGS,
    MESSAGES,
    OLLAMA,
    OLLAMA_EMBEDDINGS,
)
from conformance.wire.dialects.reading import word

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from conformance.wire.dialects.families import Dialects
    from conformance.wire.dialects.reply import Choice

#: anthropic 2.11.0 types/stop_reason.py; `compaction` is the beta types' own.
_STOP_REASONS: Final = (
    "end_turn", "max_tokens", "stop_sequence", "tool_use", "pause_turn", "refusal", "model_context_window_exceeded", "compaction",
)  # fmt: skip
_FINISHES: Final = frozenset(
    {"COMPLETE", "STOP_SEQUENCE", "MAX_TOKENS", "TOOL_CALL", "ERROR", "TIMEOUT", "USER_CANCEL"}
)


@dataclass(frozen=True)
class _Words:
    """The words by which answers of a protocol end.

    `legal` says which raw ones may stand besides, `owed` which answers in one piece owe a word.
    """

    name: str
    sentence: str
    dialects: Dialects
    words: Collection[str]
    expected: str
    source: str
    breaks: str
    example: str
    legal: Callable[[Choice, object], bool] = lambda _, __: False
    owed: Callable[[Choice], bool] = lambda _: True


def _finish_words(row: _Words) -> None:
    def check(answer: Answer) -> Iterator[Finding]:
        for choice in answer.choices:
            for event, raw in choice.raw_finishes:
                if word(raw) not in row.words and not row.legal(choice, raw):
                    yield Finding(choice.finish_pointer, shown(raw), row.expected, event)
            if not choice.finishes and not answer.reply.streamed and row.owed(choice):
                yield Finding(choice.finish_pointer, "is missing or null", row.expected)

    check.__doc__ = row.sentence
    rule(
        row.name,
        over=answer,
        dialects=row.dialects,
        severity=Severity.ERROR,
        source=row.source,
        breaks=row.breaks,
        example=row.example,
    )(check)


_finish_words(
    _Words(
        name="anthropic.stop_reason_enum",
        sentence="A finished message has one of the documented stop reasons, and a stream has it in message_delta only.",
        dialects=MESSAGES,
        words=_STOP_REASONS,
        expected=f"one of {', '.join(_STOP_REASONS)}",
        source="https://docs.anthropic.com/en/api/messages#response-stop-reason (read 2026-11-21); anthropic 2.11.0 types/stop_reason.py",
        breaks="agent loops that match on it never end; serde-typed clients refuse an unknown variant",
        example='{"stop_reason": "stop"}',
    )
)
_finish_words(
    _Words(
        name="gemini.finish_reason",
        sentence="A candidate ends with one of the documented reasons.",
        dialects=GEMINI,
        words=FINISH_REASONS,
        expected="a FinishReason, as STOP or MAX_TOKENS",
        source="https://ai.google.dev/api/generate-content (read 2026-11-21): FinishReason; google-genai 3.4.0 types.FinishReason",
        breaks="agent loops that match on it never end; typed clients refuse an unknown value",
        example='{"candidates": [{"content": {...}, "finishReason": "stop"}]}',
        # The client may ask for numbers; a prompt that was blocked says so in words of its own.
        legal=lambda choice, raw: isinstance(raw, int) or choice.finish_at == "blockReason",
    )
)
_finish_words(
    _Words(
        name="cohere.finish_reason",
        sentence="""The finish reason is COMPLETE, STOP_SEQUENCE, MAX_TOKENS, TOOL_CALL, ERROR or TIMEOUT, or one of v1's ERROR_ reasons.

        An answer of v2 in one piece has one; early v1 had none.
        """,
        dialects=COHERE,
        words=_FINISHES,
        expected=" or ".join(sorted(_FINISHES)),
        source="https://docs.cohere.com/reference/chat (read 2026-11-21): finish_reason; cohere 7.3.1 types/chat_finish_reason.py",
        breaks="agent loops that match on it never end",
        example='{"finish_reason": "stop"}',
        legal=lambda _, raw: word(raw).startswith("ERROR_"),
        owed=lambda choice: bool(choice.pointer),  # v1 has no message: its answer is the body
    )
)


@dataclass(frozen=True)
class _ErrorForm:
    """The form of a protocol's error bodies, as its schema says it."""

    name: str
    sentence: str
    dialects: Dialects
    source: str
    breaks: str
    example: str
    by_schema: bool = False
    code_is_status: bool = False


def _error_shape(form: _ErrorForm) -> None:
    def check(failure: Failure) -> Iterator[Finding]:
        code = failure.error.get("code")
        if form.code_is_status and isinstance(code, int) and code != failure.status:
            yield Finding("/error/code", f"is {code} with HTTP status {failure.status}", str(failure.status))

    check.__doc__ = form.sentence
    rule(
        form.name,
        over=json_failure,
        dialects=form.dialects,
        severity=Severity.ERROR,
        source=form.source,
        breaks=form.breaks,
        example=form.example,
        by_schema=form.by_schema,
    )(check)


_error_shape(
    _ErrorForm(
        name="anthropic.error_shape",
        sentence='An error body is {"type": "error", "error": {"type", "message"}}.',
        dialects=MESSAGES,
        source="https://docs.anthropic.com/en/api/errors (read 2026-11-21): error shapes",
        breaks="anthropic 2.11.0 _exceptions.py reads body['error']['type']: the error's class and message are lost",
        example='{"error": "model not found"}',
        by_schema=True,
    )
)
_error_shape(
    _ErrorForm(
        name="gemini.error_shape",
        sentence='An error body is {"error": {"code", "message", "status"}}, where code is the HTTP status.',
        dialects=GEMINI | GEMINI_EMBEDDINGS,
        source="https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto (read 2026-11-21); "
        "https://cloud.google.com/apis/design/errors#http_mapping",
        breaks="google-genai 3.4.0 errors.APIError reads error.code, message and status",
        example='{"error": "model not found"}',
        by_schema=True,
        code_is_status=True,
    )
)
_error_shape(
    _ErrorForm(
        name="ollama.error_shape",
        sentence='An error body is {"error": "<message>"}.',
        dialects=OLLAMA | OLLAMA_EMBEDDINGS,
        source="https://github.com/ollama/ollama/blob/main/api/types.go (read 2026-11-21): StatusError",
        breaks="ollama-python's ResponseError has no message",
        example='{"detail": "Model not found"}',
        by_schema=True,
    )
)
_error_shape(
    _ErrorForm(
        name="cohere.error_shape",
        sentence="An error body is an object with a message.",
        dialects=COHERE | COHERE_EMBEDDINGS,
        source="https://docs.cohere.com/reference/errors (read 2026-11-21)",
        breaks="cohere 7.3.1's ApiError shows the raw body for a message",
        example='{"error": {"message": "invalid request"}}',
        by_schema=True,
    )
)
