"""Recordings of Llama Stack: one exchange a file, the answer as the SDK's objects, `{"__type__": class, "__data__": members}`.

Such an answer holds what the SDK made of the wire: null for what was not sent, the recorder's own id. Read 2026-11-29 in
https://github.com/llamastack/llama-stack (tests/integration/*/recordings).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from conformance.recording.importers.pairs import read_pairs
from conformance.wire.exchange import Exchange, as_body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.recording.malformed import Malformed

_OBJECT: Final = {"__type__", "__data__"}


def claims(document: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a document is such a recording."""
    if not isinstance(document, dict):
        return False
    asked, answered = document.get("request"), document.get("response")
    addressed = isinstance(asked, dict) and isinstance(asked.get("url"), str)
    return addressed and isinstance(answered, dict) and "is_streaming" in answered


def read(document: Any, source: str) -> Iterator[Exchange | Malformed]:  # noqa: ANN401 - any JSON
    """Yield the exchange of a recording."""
    answered = document["response"]
    body, of_sdk = _body(answered)
    failed = answered.get("exception_data")
    status = failed.get("status_code") if isinstance(failed, dict) else answered.get("status", 200)
    response = {"status": status, "headers": answered.get("headers") or {}, "body": body}
    pair = {"request": document["request"], "response": response}
    for exchange in read_pairs([pair], source):
        yield replace(exchange, fidelity="sdk-level") if of_sdk and isinstance(exchange, Exchange) else exchange


def _body(answered: dict[str, Any]) -> tuple[Any, bool]:
    """Return the body of an answer, and whether an SDK's object stands in its place."""
    stored, failed = answered.get("body"), answered.get("exception_data")
    if isinstance(failed, dict):
        return {"error": failed.get("body") or {"message": failed.get("message")}}, True
    if isinstance(stored, dict) and _is_object(stored):
        return stored["__data__"], True
    if isinstance(stored, list) and stored and all(map(_is_object, stored)):
        return b"".join(b"data: %s\n\n" % as_body(item["__data__"]) for item in stored), True
    if isinstance(stored, list) and stored and all(isinstance(line, str) for line in stored):
        return "\n".join([*stored, ""]), False  # the lines of a stream
    return stored, False


def _is_object(stored: Any) -> bool:  # noqa: ANN401 - any JSON
    return isinstance(stored, dict) and stored.keys() == _OBJECT
