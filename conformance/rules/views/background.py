"""Views of responses that a server keeps: how one in the background begins, each look at it by its id, and ids that are unknown again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote

from conformance.rules.views.openai_responses import final
from conformance.wire.dialects.reading import mapping, word
from conformance.wire.sentinels import LOOKED_AT

if TYPE_CHECKING:
    from datetime import datetime

    from conformance.wire.case import Case, Session

_BY_ID: Final = re.compile(r"/responses/(?P<id>[^/]+)(?P<cancel>/cancel)?\Z")
_NOT_FOUND: Final = 404
_REFUSED: Final = frozenset({400, 404})
#: How long a response is kept to be looked at, in seconds (https://developers.openai.com/docs/guides/background, read 2026-11-29).
KEPT: Final = 600


@dataclass(frozen=True)
class Look:
    """One answer about a response: its object, empty where nobody knows the response any more; `at` is when it was recorded."""

    exchange: str
    value: dict[str, Any]
    status: int
    at: datetime | None
    emulated: bool


@dataclass(frozen=True)
class Background:
    """A response as it was begun, and the looks at it in their order."""

    id: str
    begun: Look
    ours: bool = False  # our client looks at it with pauses in between
    looks: list[Look] = field(default_factory=list)

    def seconds(self, look: Look) -> float | None:
        """Return how long after its begin a response was looked at; 0 in an emulator, where no time passes; None: nobody knows."""
        if look.emulated:
            return 0.0
        return None if look.at is None or self.begun.at is None else (look.at - self.begun.at).total_seconds()


def backgrounds(session: Session) -> list[Background] | None:
    """The responses that a session began in the background and looked at. One that was deleted is looked at no more."""
    known: dict[str, Background] = {}
    for case in session.cases:
        request = case.exchange.request
        named = _BY_ID.search(request.path)
        name = unquote(named["id"]) if named is not None else ""
        if request.method == "DELETE":
            known.pop(name, None)
            continue
        look = _look(case)
        if look is None:
            continue
        begins = (
            request.method == "POST" and request.path.endswith("/responses") and request.json.get("background") is True
        )
        if begins and isinstance(look.value.get("id"), str):
            ours = request.json.get("metadata") == LOOKED_AT
            known[look.value["id"]] = Background(look.value["id"], look, ours)
        elif name in known and (look.value or request.method == "GET"):
            known[name].looks.append(look)
    return [result for result in known.values() if result.looks] or None


class Recall(NamedTuple):
    """A request for a stored response: its exchange, the id, the status, and whether the server says that it knows no such response."""

    exchange: str
    id: str
    status: int
    is_lost: bool


def recalls(session: Session) -> list[Recall] | None:
    """The requests for responses that the server had called stored in this session, by their id or as the previous response.

    A response is stored where its request or its own `store` says so. One that was deleted, or asked for after ten minutes or on
    another host, says nothing; those in the background have a rule of their own.
    """
    kept: dict[tuple[str, str], datetime | None] = {}
    result = []
    for case in session.cases:
        request, response = case.exchange.request, case.exchange.response
        named = _BY_ID.search(request.path)
        name = unquote(named["id"]) if named is not None and request.method in {"GET", "DELETE"} else ""
        name = name or str(request.json.get("previous_response_id") or "")
        host = request.url.partition("//")[2].partition("/")[0]
        at = case.exchange.recorded_at
        if request.method == "DELETE":
            kept.pop((host, name), None)
        elif (
            (host, name) in kept
            and response is not None
            and response.status is not None
            and _soon(kept[host, name], at)
        ):
            is_lost = response.status in _REFUSED and _says_unknown(case, name)
            result.append(Recall(case.exchange.id, name, response.status, is_lost))
        stored = _stored(case)
        if stored:
            kept[host, stored] = at
    return result or None


def _soon(before: datetime | None, after: datetime | None) -> bool:
    return before is None or after is None or (after - before).total_seconds() < KEPT


def _says_unknown(case: Case, name: str) -> bool:
    """Whether an answer says that a response is not found: by its status, its code, or its text with the id."""
    response = case.exchange.response
    error = case.reply.errors[0].value if case.reply.errors else None
    envelope = mapping(error, "error") if isinstance(error, dict) else {}
    text = word(envelope.get("message"))
    if case.exchange.request.method == "GET":
        return response is not None and response.status == _NOT_FOUND
    return envelope.get("code") == "previous_response_not_found" or (name in text and "not found" in text.lower())


def _stored(case: Case) -> str:
    """Return the id of a response that is stored; empty where there is none, or nothing says so."""
    request = case.exchange.request
    snapshot = case.view(final) if request.method == "POST" and request.path.endswith("/responses") else None
    if (
        snapshot is None
        or case.reply.errors
        or request.json.get("store") is False
        or request.json.get("background") is True
    ):
        return ""
    stored = snapshot.value.get("store", request.json.get("store")) is True
    return word(snapshot.value.get("id")) if stored else ""


def _look(case: Case) -> Look | None:
    exchange, response = case.exchange, case.exchange.response
    if response is None or response.status is None or case.reply.streamed or exchange.fidelity == "sdk-level":
        return None
    value = response.document.value
    if response.status != _NOT_FOUND and (case.reply.errors or not isinstance(value, dict) or "status" not in value):
        return None
    whole = value if isinstance(value, dict) and response.status != _NOT_FOUND else {}
    return Look(exchange.id, whole, response.status, exchange.recorded_at, exchange.evidence == "emulated")
