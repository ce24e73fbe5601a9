"""Chunks of a stream that somebody stored as JSON values, in an array or a line each: joined again to the stream that they were."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from conformance.wire.dialects.bodies import OF_LINES, spoken_by, unaddressed
from conformance.wire.exchange import Exchange, Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Types of the events that open an answer; none of them is one.
OPENINGS: Final = frozenset(
    {"message_start", "response.created", "message-start", "interaction.created", "interaction.start"}
)
_TYPED: Final = (
    "content_block_",
    "message_delta",
    "message_stop",
    "response.",
    "content-",
    "message-",
    "tool-",
    "citation-",
    "ping",
    "interaction.",
    "step.",
    "content.",
)


def is_piece(value: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a value is one chunk or event of a stream, and no answer by itself."""
    if not isinstance(value, dict):
        return False
    kind, name = value.get("object"), value.get("event_type", value.get("type"))
    if (isinstance(kind, str) and kind.endswith(".chunk")) or _is_bare_chunk(value):
        return True
    if isinstance(name, str) and (name in OPENINGS or name.startswith(_TYPED)):
        return name != "message_start" or _is_message(value.get("message"))
    return (
        isinstance(value.get("done"), bool) and "created_at" in value and bool({"message", "response"} & value.keys())
    )


def _is_bare_chunk(value: dict[str, Any]) -> bool:
    """Whether a value is a chunk that does not say so: its choices hold deltas, or none beside what Azure's filter found."""
    choices = value.get("choices")
    if not isinstance(choices, list) or not choices:
        return choices == [] and "prompt_filter_results" in value
    return all(isinstance(choice, dict) and isinstance(choice.get("delta"), dict) for choice in choices)


def may_begin(value: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a value is an answer that has not ended: alone it is one, and before others of its id the first of a stream."""
    if not isinstance(value, dict) or _id_of(value) is None:
        return False
    parts = value.get("candidates") or (value.get("choices") if value.get("object") == "text_completion" else None)
    names = ("finishReason", "finish_reason")
    return isinstance(parts, list) and not any(
        isinstance(part, dict) and any(part.get(name) for name in names) for part in parts
    )


def follows(before: dict[str, Any], value: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a value goes on with the stream that another one belongs to."""
    if is_piece(value):
        return not begins(before, value)
    if not isinstance(value, dict):
        return False
    same = _id_of(before) is not None and _id_of(before) == _id_of(value)
    return same or (value.get("type") == "error" and isinstance(before.get("type"), str))


def _id_of(value: dict[str, Any]) -> str | None:
    """Return the id that every piece of an answer repeats."""
    found = value.get("responseId") if "candidates" in value or "usageMetadata" in value else value.get("id")
    return found if isinstance(found, str) and found else None


def _is_message(value: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a value is the message that an answer opens with; agents' transcripts name other things by the same words."""
    return isinstance(value, dict) and value.get("type") == "message"


def claims(document: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a document is a list of pieces: one at least, and what begins or goes on with their stream."""
    if not isinstance(document, list) or not document:
        return False
    if len(document) == 1 or not may_begin(document[0]):
        return all(map(is_piece, document))
    return all(follows(before, piece) for before, piece in pairwise(document))


def read(document: Any, source: str) -> Iterator[Exchange]:  # noqa: ANN401 - any JSON
    """Yield the streams of a list."""
    for number, stream in enumerate(streams(document)):
        if (exchange := joined(stream, source, number)) is not None:
            yield exchange


def streams(pieces: Iterable[Any]) -> Iterator[list[Any]]:
    """Split pieces where another stream begins: at an opening event, at another id, after a last line."""
    stream: list[Any] = []
    for piece in pieces:
        if stream and not follows(stream[-1], piece):
            yield stream
            stream = []
        stream.append(piece)
    if stream:
        yield stream


def begins(before: dict[str, Any], piece: dict[str, Any]) -> bool:
    """Whether a piece opens another stream than the one before it belongs to."""
    if before.get("done") is True or piece.get("event_type", piece.get("type")) in OPENINGS:
        return True
    ids = (before.get("id"), piece.get("id"))
    return (
        isinstance(piece.get("object"), str)
        and all(isinstance(name, str) and name for name in ids)
        and ids[0] != ids[1]
    )


def joined(pieces: list[Any], source: str, number: int) -> Exchange | None:
    """Return the exchange of a stream: its chunks are true, its framing is lost; None where its protocol is unknown."""
    lines = any("done" in piece and "created_at" in piece for piece in pieces)
    spoken = OF_LINES if lines else next(filter(None, map(spoken_by, pieces)), None)
    if spoken is None:
        return None
    texts = [json.dumps(piece, ensure_ascii=False) for piece in pieces]
    label = "application/x-ndjson" if lines else "text/event-stream"
    body = "".join(f"{text}\n" if lines else f"data: {text}\n\n" for text in texts).encode("utf-8", "surrogatepass")
    return Exchange(
        id=f"{source}#{number}",
        request=unaddressed(spoken),
        response=Response(200, {"content-type": label}, body),
        dialect=spoken.dialect,
        fidelity="chunks-only",
        source=source,
        interaction=number,
    )
