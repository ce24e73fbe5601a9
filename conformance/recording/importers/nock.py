"""nock's recordings: a list of `{scope, method, path, body, status, response, rawHeaders}` (nock 14 README, read 2026-11-28)."""

from __future__ import annotations

import binascii
from typing import TYPE_CHECKING, Any

from conformance.recording.importers.pairs import read_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.recording.malformed import Malformed
    from conformance.wire.exchange import Exchange


def claims(document: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a document is such a recording."""
    return isinstance(document, list) and any(
        isinstance(entry, dict) and {"scope", "path", "response"} <= entry.keys() for entry in document
    )


def read(document: Any, source: str) -> Iterator[Exchange | Malformed]:  # noqa: ANN401 - any JSON
    """Yield the exchanges of a recording, which is one session."""
    yield from read_pairs(map(_pair, document), source, session=source)


def _pair(entry: Any) -> Any:  # noqa: ANN401 - a pair, or what is no entry
    if not isinstance(entry, dict):
        return entry
    raw = entry.get("rawHeaders")
    headers = list(zip(raw[::2], raw[1::2], strict=False)) if isinstance(raw, list) else []
    stored = raw if isinstance(raw, dict) else [{"name": name, "value": value} for name, value in headers]
    body = _body(entry)
    return {
        "request": {
            "method": entry.get("method"),
            "url": f"{str(entry.get('scope', '')).rstrip('/')}{entry.get('path', '')}",
            "headers": entry.get("reqheaders"),
            "body": entry.get("body"),
        },
        "response": {"status": entry.get("status"), "headers": stored, "body": body},
    }


def _body(entry: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON, or bytes
    """Return a body. A coded one is stored as its pieces in hexadecimal, one that is no text as one of them."""
    stored = entry.get("response")
    if entry.get("responseIsBinary") is True and isinstance(stored, str):
        stored = [stored]
    if not isinstance(stored, list) or not stored or not all(isinstance(piece, str) for piece in stored):
        return stored
    try:
        return binascii.unhexlify("".join(stored))
    except (binascii.Error, ValueError):
        return stored
