"""Listings of models in every dialect: where the entries stand, and which name in them a request would use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.case import Session
    from conformance.wire.dialects.reply import Reply

#: Members of a listing that hold its entries, and members of an entry that hold its name (OpenAI and Anthropic `id`; Ollama `model`
#: and `name`; Gemini and Cohere `name`).
_LISTS: Final = ("data", "models")
_NAMES: Final = ("id", "model", "name")
#: Gemini's resource names (https://ai.google.dev/api/models), and the tag that Ollama adds where none is given
#: (https://docs.ollama.com/api/introduction, Model names; both read 2026-11-29).
_FOLDER: Final = "models/"
_USUAL_TAG: Final = ":latest"


def entries(reply: Reply) -> tuple[str, list[dict[str, Any]]]:
    """Return where a listing has its entries, as a pointer, and the entries that are objects."""
    value: Any = reply.chunks[0].value
    if isinstance(value, list):
        return "", [item for item in value if isinstance(item, dict)]
    for member in _LISTS:
        if isinstance(value, dict) and isinstance(value.get(member), list):
            return f"/{member}", [item for item in value[member] if isinstance(item, dict)]
    return "", []


def listed_name(entry: dict[str, Any]) -> str | None:
    """Return the name by which a listing holds a model, as it is written there."""
    return next((entry[key] for key in _NAMES if isinstance(entry.get(key), str) and entry[key]), None)


def plain_name(name: str) -> str:
    """Return a model's name without the folder and the tag that a request may leave out."""
    return name.removeprefix(_FOLDER).removesuffix(_USUAL_TAG)


def listings(session: Session) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the successful listings of a session, as (exchange, entries)."""
    for case in session.cases:
        if case.reply.operation == "models" and case.reply.chunks and not case.reply.errors:
            yield case.exchange.id, entries(case.reply)[1]
