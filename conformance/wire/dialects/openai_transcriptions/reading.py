"""Transcriptions as they are read: one JSON body, a text that was asked for, or events that bring the words in pieces.

Source: https://platform.openai.com/docs/api-reference/audio/createTranscription and /audio/transcript-text-delta-event (read
2026-11-28). The words stand in one choice, so that what is judged of texts sees them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.ask import Vocabulary
from conformance.wire.dialects.decoding import Decoder
from conformance.wire.dialects.grammar_file import grammar_of
from conformance.wire.dialects.reading import is_failure, typed
from conformance.wire.dialects.reply import Asked, Choice, ErrorBody, NeutralForm, Operation, Reply, UsageReport

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.wire.dialects.tape import Envelope, TapePart
    from conformance.wire.exchange import Exchange, Request, Response

NAME = "openai-transcriptions"
VOCABULARY = Vocabulary({}, frozenset(), coded_errors=True)
_TEXTS = frozenset({"text", "srt", "vtt"})
_NAMES = {"prompt_tokens": "input_tokens", "completion_tokens": "output_tokens"}


def operation_of(request: Request) -> Operation:
    """Say which operation of this dialect a request asks for; `unknown` when it is none."""
    named = request.path.endswith(("/audio/transcriptions", "/audio/translations"))
    return "transcribe" if named and request.method == "POST" else "unknown"


def claims(exchange: Exchange) -> bool:
    """Whether the exchange speaks this dialect."""
    return operation_of(exchange.request) != "unknown"


def asked(request: Request) -> Asked:
    """Read a request: a form, whose values are texts."""
    body = request.json
    return Asked(
        operation=operation_of(request),
        model=typed(body, "model", str),
        stream=is_true(body.get("stream")),
        response_format=format_of(body),
        temperature=number_of(body.get("temperature")),
        prompt=typed(body, "prompt", str) or "",
    )


def format_of(body: Mapping[str, Any]) -> str:
    """Return the format that a request asks for; json where it names none."""
    value = body.get("response_format")
    return value if isinstance(value, str) and value else "json"


def is_true(value: object) -> bool:
    """Whether a form's value, or a JSON one, is true."""
    return value is True or (isinstance(value, str) and value.lower() in {"true", "1"})


def number_of(value: object) -> float | None:
    """Return a form's value, or a JSON one, as a number; None where it is none."""
    try:
        return float(value) if isinstance(value, str | int | float) else None
    except ValueError:
        return None


def _unframed(exchange: Exchange, response: Response, operation: Operation) -> Reply | None:
    """Read a text, where one was asked for or nobody knows. A failure is JSON whatever was asked, and so is what looks like it."""
    request = exchange.request.json
    if (request and format_of(request) not in _TEXTS) or is_failure(response.status):
        return None
    if response.body.lstrip().startswith((b"{", b"<")):
        return None
    choice = Choice(0, "")
    choice.say(None, response.body.decode("utf-8", "replace"))
    choice.close()
    return Reply(operation, streamed=False, choices=[choice], complete=True, plain_text=True)


def _assemble(reply: Reply) -> None:
    if reply.plain_text or (reply.errors and not reply.streamed):
        return
    choice = Choice(0, "", pieces_at="")
    for event, value in reply.chunks:
        kind = value.get("type")
        if reply.streamed and (kind == "error" or value.get("error") is not None):
            reply.errors.append(ErrorBody(event, value, ""))
        elif kind == "transcript.text.delta":
            choice.say(event, value.get("delta"), "/delta")
        elif kind == "transcript.text.done" or not reply.streamed:
            reply.complete = True
            if not choice.texts:
                choice.say(event, value.get("text"), "/text")
            if isinstance(value.get("usage"), dict):
                reply.usages.append(
                    UsageReport(event, "/usage", _counts(value["usage"]), with_choices=True, names=_NAMES)
                )
    choice.close()
    reply.choices = [choice] if reply.chunks else []


def _counts(tokens: dict[str, Any]) -> dict[str, Any]:
    """Return token counts under the names that rules know; seconds, which Whisper is charged by, are no tokens."""
    own = {name: typed(tokens, there, int) for name, there in _NAMES.items()}
    counts = own | {"total_tokens": typed(tokens, "total_tokens", int)}
    return {name: count for name, count in counts.items() if count is not None}


def _envelopes(reply: Reply) -> Iterator[Envelope]:  # noqa: ARG001 - the face
    yield from ()


def _tape(reply: Reply) -> Iterator[TapePart]:
    yield from grammar_of(NAME).tape(reply) if reply.streamed else ()


decode = Decoder(operation_of, _assemble, NeutralForm(_envelopes, _tape), _unframed)
