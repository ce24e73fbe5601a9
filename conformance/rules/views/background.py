"""Views of responses that are made in the background: how one begins, and each look at it by its id."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from conformance.wire.sentinels import LOOKED_AT

if TYPE_CHECKING:
    from datetime import datetime

    from conformance.wire.case import Case, Session

_BY_ID: Final = re.compile(r"/responses/(?P<id>[^/]+)(?P<cancel>/cancel)?\Z")
_NOT_FOUND: Final = 404
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


def _look(case: Case) -> Look | None:
    exchange, response = case.exchange, case.exchange.response
    if response is None or response.status is None or case.reply.streamed or exchange.fidelity == "sdk-level":
        return None
    value = response.document.value
    if response.status != _NOT_FOUND and (case.reply.errors or not isinstance(value, dict) or "status" not in value):
        return None
    whole = value if isinstance(value, dict) and response.status != _NOT_FOUND else {}
    return Look(exchange.id, whole, response.status, exchange.recorded_at, exchange.evidence == "emulated")
