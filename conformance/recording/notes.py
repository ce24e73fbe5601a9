"""What other tools' formats have no place for, beside each exchange: how it came to be, what it still proves, when its bytes came."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from conformance.recording.importers.parts import moment, path_of, shown
from conformance.recording.malformed import Malformed
from conformance.schemas.validators import explain
from conformance.wire.exchange import Response, Timing

if TYPE_CHECKING:
    from conformance.wire.exchange import Evidence, Exchange

#: The member that holds the notes; a leading underscore marks a member of one's own in HAR 1.2.
KEY: Final = "_conformance"
_MARKS: Final = ("connect", "tls", "sent", "headers", "end")
_PLAIN: Final = ("id", "session", "provider", "dialect", "fidelity", "recorded_at", "timing", "meta")
_EVIDENCE: Final[dict[str, Evidence]] = {"recorded": "recorded", "emulated": "emulated", "imported": "imported"}


def notes(exchange: Exchange) -> dict[str, Any]:
    """Return the notes of an exchange, in the words of schemas/exchange.json, with `evidence`; `eof` is null where no response came."""
    response = exchange.response
    return {
        **members(exchange),
        "evidence": evidence_of(exchange),
        "eof": response.eof if response is not None else None,
    }


def members(exchange: Exchange) -> dict[str, Any]:
    """Return what schemas/exchange.json says of an exchange besides its request and its response."""
    written: dict[str, Any] = {
        "id": exchange.id,
        "session": exchange.session,
        "provider": exchange.provider,
        "dialect": exchange.dialect,
        "recorded_at": exchange.recorded_at.isoformat() if exchange.recorded_at else None,
        "fidelity": exchange.fidelity,
        "timing": _written(exchange.timing) if exchange.timing is not None else None,
        "meta": dict(exchange.meta) or None,
    }
    return {name: value for name, value in written.items() if value is not None}


def evidence_of(exchange: Exchange) -> Evidence:
    """Return the evidence that a file of an exchange is: what was live is recorded from now on."""
    return "recorded" if exchange.evidence == "live" else exchange.evidence


def noted(exchange: Exchange, stored: Any, at: tuple[str | int, ...] = ()) -> Exchange:  # noqa: ANN401 - any JSON or YAML
    """Return an exchange as its notes say that it was.

    Raises:
        Malformed: they are no notes.
    """
    if not isinstance(stored, dict):
        raise Malformed(f"{path_of(at)} is {shown(stored)}, expected a mapping", at)
    asked = {"method": "GET", "url": "/"}
    row = {name: stored.get(name) for name in _PLAIN} | {"request": asked, "response": {"eof": stored.get("eof")}}
    problem = explain("exchange", row)
    evidence = _EVIDENCE.get(str(stored.get("evidence", "imported")))
    if problem or evidence is None:
        problem = problem or f"evidence is {shown(stored['evidence'])}, expected {', '.join(_EVIDENCE)}"
        raise Malformed(f"{path_of(at)}: {problem}", at)
    response = exchange.response or Response(None)
    return replace(
        exchange,
        id=stored.get("id") or exchange.id,
        response=replace(response, eof=stored["eof"]) if stored.get("eof") else None,
        timing=timing_of(stored.get("timing"), len(response.body)),
        provider=stored.get("provider"),
        dialect=stored.get("dialect"),
        recorded_at=moment(stored.get("recorded_at")),
        fidelity=stored.get("fidelity") or "full",
        evidence=evidence,
        session=stored.get("session"),
        meta=stored.get("meta") or {},
    )


def _written(timing: Timing) -> dict[str, Any]:
    marks = {name: value for name in _MARKS if (value := getattr(timing, name)) is not None}
    return {**marks, "chunks": [list(chunk) for chunk in timing.chunks]}


def timing_of(stored: dict[str, Any] | None, body_size: int) -> Timing | None:
    """Read a timing. Chunks that do not sum to the body (it was cut, or stored parsed) place no event, and are left out."""
    if stored is None:
        return None
    chunks = tuple((float(arrival), size) for arrival, size in stored.get("chunks") or ())
    if sum(size for _, size in chunks) != body_size:
        chunks = ()
    return Timing(**{name: stored.get(name) for name in _MARKS}, chunks=chunks)
