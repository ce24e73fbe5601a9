"""nock's recordings: a list of `{scope, method, path, body, status, response, rawHeaders}` (nock 14 README, read 2026-11-28)."""

from __future__ import annotations

import binascii
from typing import TYPE_CHECKING, Any

from conformance.recording.importers.pairs import read_pairs
from conformance.wire.coding import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.recording.importers.parts import Malformed
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
    body, decoded = _body(entry.get("response"))
    if decoded and isinstance(stored, list):
        stored = [header for header in stored if str(header["name"]).lower() != "content-encoding"]
    return {
        "request": {
            "method": entry.get("method"),
            "url": f"{str(entry.get('scope', '')).rstrip('/')}{entry.get('path', '')}",
            "headers": entry.get("reqheaders"),
            "body": entry.get("body"),
        },
        "response": {"status": entry.get("status"), "headers": stored, "body": body},
    }


def _body(stored: Any) -> tuple[Any, bool]:  # noqa: ANN401 - any JSON
    """Return a body, and whether it was undone: a coded one is stored as a list of its pieces in hexadecimal."""
    if not isinstance(stored, list) or not stored or not all(isinstance(piece, str) for piece in stored):
        return stored, False
    try:
        raw = binascii.unhexlify("".join(stored))
        return decoded("gzip", raw).decode("utf-8", "surrogateescape"), True
    except ValueError:
        return "".join(stored), False
