"""A response's body alone: one JSON document, or the dump of an event stream. Nothing of its request or headers is known."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.recording.importers.parts import with_empty_lines
from conformance.recording.importers.pieces import OPENINGS
from conformance.wire.dialects.bodies import CONVERSE, is_dump, spoken_by, spoken_by_stream, unaddressed
from conformance.wire.exchange import Exchange, Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.bodies import Spoken


def claims(document: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a document is a response's body in a protocol that its members tell."""
    return _spoken(document) is not None


def read(document: Any, source: str) -> Iterator[Exchange]:  # noqa: ANN401 - any JSON
    """Yield the one exchange."""
    spoken = _spoken(document)
    if spoken is not None:
        body = json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")
        exchange = _exchange(spoken, Response(200, {"content-type": "application/json"}, body), source)
        yield replace(exchange, fidelity="sdk-level") if is_dump(document) else exchange


def _spoken(document: Any) -> Spoken | None:  # noqa: ANN401
    """Return the protocol of a body. A list of answers with candidates is one: Gemini streams so without `alt=sse`."""
    if isinstance(document, list):
        listed = [spoken_by(item) for item in document]
        return (
            listed[0] if listed and all(isinstance(item, dict) and "candidates" in item for item in document) else None
        )
    return None if isinstance(document, dict) and document.get("type") in OPENINGS else spoken_by(document)


def read_stream(data: bytes, source: str) -> Iterator[Exchange]:
    """Yield the one exchange of an event stream's dump."""
    spoken = spoken_by_stream(data)
    if spoken is not None:
        data = with_empty_lines(data)
        yield _exchange(spoken, Response(200, {"content-type": "text/event-stream"}, data), source)


def read_frames(data: bytes, source: str) -> Iterator[Exchange]:
    """Yield the one exchange of an answer in AWS's binary event stream."""
    yield _exchange(CONVERSE, Response(200, {"content-type": "application/vnd.amazon.eventstream"}, data), source)


def _exchange(spoken: Spoken, response: Response, source: str) -> Exchange:
    return Exchange(
        id=f"{source}#0",
        request=unaddressed(spoken),
        response=response,
        dialect=spoken.dialect,
        fidelity="response-only",
        source=source,
    )
