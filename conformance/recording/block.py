"""The `conformance` block of a cassette: what vcrpy's format has no place for. It survives vcrpy inside `response` only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from conformance.recording.importers.parts import moment, path_of
from conformance.recording.malformed import Malformed
from conformance.schemas.validators import explain
from conformance.wire.exchange import Timing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from conformance.wire.exchange import Eof, Evidence, Exchange

KEY: Final = "conformance"
#: They describe the body as it was coded. Beside the decoded one they would make httpx decode it again on replay.
CODED_HEADERS: Final = ("content-encoding", "content-length")
_MARKS: Final = ("connect", "tls", "sent", "headers", "end")


@dataclass(frozen=True)
class Block:
    """What the block says of one exchange. `eof` is None where no response came."""

    evidence: Evidence
    recorded_at: datetime
    provider: str | None
    dialect: str | None
    eof: Eof | None
    timing: Timing | None
    coded_headers: Mapping[str, str] = field(default_factory=dict)
    request_runs: Sequence[Sequence[int]] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)


def write(exchange: Exchange, *, recorded_at: datetime, probe: str, probe_hash: str, tool: str) -> dict[str, Any]:
    """Return the block of an exchange. What was asked live is recorded from now on."""
    response = exchange.response
    block: dict[str, Any] = {
        "evidence": "recorded" if exchange.evidence == "live" else exchange.evidence,
        "recorded_at": recorded_at.astimezone(UTC).isoformat(),
        "tool": tool,
        "probe": probe,
        "probe_hash": probe_hash,
        "provider": exchange.provider,
        "model": exchange.meta.get("model") or exchange.request.json.get("model"),
        "dialect": exchange.dialect,
        "eof": response.eof if response is not None else None,
    }
    if exchange.timing is not None:
        block["timing"] = _written(exchange.timing)
    if exchange.meta.get("attempts"):
        block["attempts"] = [dict(attempt) for attempt in exchange.meta["attempts"]]
    coded = coded_headers(exchange)
    if coded:
        block["coded_headers"] = coded
    if not isinstance(block["model"], str):  # a probe may send a model of a wrong type
        block["model"] = None
    return block


def coded_headers(exchange: Exchange) -> dict[str, str]:
    """Return the headers that only hold for the coded body; none where the body came as it is."""
    headers = exchange.response.headers if exchange.response is not None else {}
    if "content-encoding" not in headers:
        return {}
    return {name: headers[name] for name in CODED_HEADERS if name in headers}


def read(stored: Any, body_size: int, at: tuple[str | int, ...] = ()) -> Block:  # noqa: ANN401 - any YAML
    """Return the block that stands beside a body of that many bytes.

    Raises:
        Malformed: it does not match schemas/cassette.json, or its chunks do not sum to the body.
    """
    problem = explain("cassette", stored)
    if problem:
        raise Malformed(f"{path_of(at)}: {problem}", at)
    recorded_at = moment(stored["recorded_at"])
    if recorded_at is None:
        raise Malformed(f"{path_of(at)}.recorded_at is no date: {stored['recorded_at']!r}", (*at, "recorded_at"))
    timing = _read(stored["timing"]) if "timing" in stored else None
    total = sum(size for _, size in timing.chunks) if timing else 0
    if timing and timing.chunks and total != body_size:
        raise Malformed(f"{path_of(at)}.timing.chunks sum to {total} bytes, expected {body_size}", (*at, "timing"))
    meta = {name: stored[name] for name in ("tool", "probe", "probe_hash", "model", "attempts") if stored.get(name)}
    return Block(
        stored["evidence"],
        recorded_at,
        stored.get("provider"),
        stored.get("dialect"),
        stored["eof"],
        timing,
        stored.get("coded_headers") or {},
        stored.get("request_runs", ()),
        meta,
    )


def _written(timing: Timing) -> dict[str, Any]:
    marks = {name: getattr(timing, name) for name in _MARKS}
    written: dict[str, Any] = {name: round(value, 6) for name, value in marks.items() if value is not None}
    written["chunks"] = [[round(arrival, 6), size] for arrival, size in timing.chunks]
    return written


def _read(stored: Mapping[str, Any]) -> Timing:
    chunks = tuple((float(arrival), size) for arrival, size in stored.get("chunks", ()))
    return Timing(**{name: stored.get(name) for name in _MARKS}, chunks=chunks)
