"""Recordings of Azure's test proxy: `Entries` with `RequestUri` and `ResponseBody` (azure-sdk-tools, read 2026-11-28)."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

from conformance.recording.importers.pairs import read_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.recording.malformed import Malformed
    from conformance.wire.exchange import Exchange


_BYTES: Final = "b64://"


def claims(document: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a document is such a recording."""
    entries = document.get("Entries") if isinstance(document, dict) else None
    return isinstance(entries, list) and any(isinstance(entry, dict) and "RequestUri" in entry for entry in entries)


def read(document: Any, source: str) -> Iterator[Exchange | Malformed]:  # noqa: ANN401 - any JSON
    """Yield the exchanges of a recording, which is one session."""
    yield from read_pairs(map(_pair, document["Entries"]), source, ("Entries",), session=source)


def _pair(entry: Any) -> Any:  # noqa: ANN401 - a pair, or what is no entry
    if not isinstance(entry, dict):
        return entry
    return {
        "request": {
            "method": entry.get("RequestMethod"),
            "url": entry.get("RequestUri"),
            "headers": entry.get("RequestHeaders"),
            "body": _whole(entry.get("RequestBody")),
        },
        "response": {
            "status": entry.get("StatusCode"),
            "headers": entry.get("ResponseHeaders"),
            "body": _whole(entry.get("ResponseBody")),
        },
    }


def _whole(body: Any) -> Any:  # noqa: ANN401 - any JSON
    """Join a body that is stored line by line; of a form's files each is one line in base64."""
    if not isinstance(body, list) or not body or not all(isinstance(line, str) for line in body):
        return body
    if not any(line.startswith(_BYTES) for line in body):
        return "".join(body)
    return b"".join(_bytes(line) for line in body)


def _bytes(line: str) -> bytes:
    if not line.startswith(_BYTES):
        return line.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(line.removeprefix(_BYTES))
    except ValueError:
        return line.encode("utf-8", "surrogatepass")
