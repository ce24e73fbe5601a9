"""Recordings whose bodies name their kind: `entries[]` with `body: {kind: "json", value}` (Braintrust's Seinfeld, read 2026-11-29)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.recording.importers.beside import read_beside
from conformance.recording.importers.pairs import read_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.recording.malformed import Malformed
    from conformance.wire.exchange import Exchange


def claims(document: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a document is such a recording."""
    entries = document.get("entries") if isinstance(document, dict) else None
    return isinstance(entries, list) and any(map(_is_entry, entries[:20]))


def read(document: Any, source: str) -> Iterator[Exchange | Malformed]:  # noqa: ANN401 - any JSON
    """Yield the exchanges of a recording, which is one session."""
    yield from read_pairs((_pair(entry, source) for entry in document["entries"]), source, ("entries",), session=source)


def _is_entry(entry: Any) -> bool:  # noqa: ANN401 - any JSON
    sides = [entry.get("request"), entry.get("response")] if isinstance(entry, dict) else []
    bodies = [side["body"] for side in sides if isinstance(side, dict) and isinstance(side.get("body"), dict)]
    return any("kind" in body for body in bodies)


def _pair(entry: Any, source: str) -> Any:  # noqa: ANN401 - a pair, or what is no entry
    if not _is_entry(entry):
        return entry
    pair = {name: entry[name] for name in ("request", "response", "recordedAt") if name in entry}
    for side in ("request", "response"):
        if isinstance(entry.get(side), dict) and isinstance(entry[side].get("body"), dict):
            pair[side] = {**entry[side], "body": _body(entry[side]["body"], source)}
    return pair


def _body(stored: dict[str, Any], source: str) -> Any:  # noqa: ANN401 - any JSON, a text, bytes or a text's pieces
    kind, value = stored.get("kind"), stored.get("value")
    if kind == "sse":
        return [f"{piece}\n\n" for piece in stored.get("chunks") or ()]
    if kind == "base64":
        return f"base64:{value}"
    if kind == "binary" and isinstance(stored.get("path"), str):
        return read_beside(Path(source).parent, stored["path"])
    return value
