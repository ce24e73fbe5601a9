"""An exchange as people read it: the request as a curl command, the response read by read."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from conformance.recording.redaction import REDACTED
from conformance.wire.frames import is_framed, parse_frames

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.providers.tables import Auth
    from conformance.wire.exchange import Exchange, Timing

_READS = 400  # a report stays readable, and small


def as_curl(exchange: Exchange, auth: Auth | None = None) -> str:
    """Return a request as a curl command. The key that was redacted is read from its variable where `auth` names one."""
    request = exchange.request
    parts = ["curl", "-sN", "-X", request.method, shlex.quote(request.url)]
    for name, value in request.headers.items():
        if auth is not None and name == auth.header.lower() and value == REDACTED:
            parts.append(f'-H "{name}: {f"{auth.scheme} ".lstrip()}${auth.env}"')
        else:
            parts += ["-H", shlex.quote(f"{name}: {value}")]
    if request.body:
        parts += ["--data-raw", shlex.quote(request.body.decode("utf-8", "backslashreplace"))]
    return " ".join(parts)


def transcript(exchange: Exchange) -> str:
    """Return an exchange's answer: status, headers, then each read with its arrival in seconds."""
    response = exchange.response
    if response is None:
        return f"no answer: {exchange.meta.get('error', 'nothing came')}"
    lines = [f"{exchange.evidence} {exchange.recorded_at or ''}".rstrip()]
    lines += [f"HTTP {response.status} (end: {response.eof})"]
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    lines.append("")
    chunks = exchange.timing.chunks if exchange.timing else ()
    if is_framed(response):
        return "\n".join([*lines, *_frames(response.body, exchange.timing)])
    position = 0
    for arrival, size in chunks[:_READS]:
        read = response.body[position : position + size].decode("utf-8", "replace").rstrip("\n")
        lines.append(f"[{arrival:9.4f}s] {read}")
        position += size
    if position < len(response.body):
        rest = response.body[position:].decode("utf-8", "replace")
        lines.append(f"… {len(chunks) - _READS} more reads, {len(rest)} characters" if chunks else rest)
    return "\n".join(lines)


def _frames(body: bytes, timing: Timing | None) -> Iterator[str]:
    """Yield the frames of a binary event stream, each on a line: its arrival where one was recorded, its type and its payload."""
    stream = parse_frames(body, timing)
    for event in stream.events[:_READS]:
        arrival = "" if event.arrival is None else f"[{event.arrival:9.4f}s] "
        yield f"{arrival}{event.headers.get(':message-type', '')} {event.type}: {event.data.decode('utf-8', 'replace')}"
    if len(stream.events) > _READS:
        yield f"… {len(stream.events) - _READS} more frames"
    yield from (f"! {defect.kind} at byte {defect.start}" for defect in stream.defects)
