"""One request, its response and its timing, as they were on the wire: frozen values that everything else is computed from."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from conformance.wire.form import FORM, read_form, text_fields
from conformance.wire.json_text import Document, read_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

Eof: TypeAlias = Literal["clean", "reset", "timeout", "unknown"]
Evidence: TypeAlias = Literal["live", "recorded", "imported", "emulated"]
Fidelity: TypeAlias = Literal["full", "parsed", "normalised", "response-only", "chunks-only", "sdk-level"]

#: What a body of each fidelity can still prove. A stored-as-parsed body has no framing; a normalised one has no ids or headers.
WIRE_FIDELITY: frozenset[str] = frozenset({"full"})

#: What our own servers answer with. An exchange that has it is emulated, whoever asked, and never recorded or live.
EVIDENCE_HEADER: Final = "x-conformance-evidence"
#: Where `meta` keeps what that header says in the answer of a server that is not ours: nobody believes it.
CLAIM: Final = "claims_evidence"
#: Where `meta` says at which limit our client broke an answer off, in words.
BROKEN_OFF: Final = "broken_off"
#: Where `meta` says why there is no answer although one came: its recorder kept none, in words.
UNRECORDED: Final = "unrecorded"
#: Where `meta` lists the members of an answer that its recorder does not keep, so that nobody misses them.
LEFT_OUT: Final = "left_out"
#: Where `meta` says what a server failed on at every attempt while it answered other requests, in words (`settle`).
FAILS_ON: Final = "fails_on"


def fold_headers(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return headers by lower-case name, repeated fields joined with a comma (RFC 9110 5.3, read 2026-11-21)."""
    folded: dict[str, str] = {}
    for name, value in pairs:
        key = name.lower()
        folded[key] = f"{folded[key]}, {value}" if key in folded else value
    return folded


def media_type(content_type: str) -> str:
    """Return the essence of a content type: lower case, without parameters."""
    return content_type.partition(";")[0].strip().lower()


@dataclass(frozen=True)
class Request:
    """A request as it was sent.

    Args:
        method: the HTTP method, in capitals.
        url: the absolute URL.
        headers: header values by lower-case name.
        body: the bytes that were sent; empty for a GET.

    Example:
        >>> from conformance import Request
        >>> request = Request("POST", "https://llm.example/v1/chat/completions?trace=1", body=b'{"model": "m"}')
        >>> request.path, request.json["model"]
        ('/v1/chat/completions', 'm')
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @cached_property
    def json(self) -> dict[str, Any]:
        """The body as an object, the text fields of a form among it; empty where it is none (a malformed body is one of our probes)."""
        content_type = self.headers.get("content-type", "")
        if media_type(content_type) == FORM:
            return text_fields(read_form(content_type, self.body))
        value = self.document.value
        return value if isinstance(value, dict) else {}

    @cached_property
    def document(self) -> Document:
        """The body read as one JSON text."""
        return read_json(self.body)

    @cached_property
    def path(self) -> str:
        """The URL's path, without the query and without a trailing slash."""
        bare = self.url.partition("?")[0].partition("#")[0]
        rest = bare.partition("://")[2] or bare
        return rest[rest.find("/") :].rstrip("/") if "/" in rest else ""


@dataclass(frozen=True)
class Response:
    """A response as it was received.

    Args:
        status: the HTTP status; None if no status line was recorded.
        headers: header values by lower-case name.
        body: the bytes, decoded from their content coding (gzip, br, zstd).
        eof: how the connection ended: `clean`, `reset`, `timeout` or `unknown`.

    Example:
        >>> from conformance import Response
        >>> Response(200, {"content-type": "text/event-stream; charset=utf-8"}, b"data: [DONE]").content_type
        'text/event-stream'
    """

    status: int | None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    eof: Eof = "unknown"

    @property
    def content_type(self) -> str:
        """The media type, lower case and without parameters; empty where the header is missing."""
        return media_type(self.headers.get("content-type", ""))

    @cached_property
    def document(self) -> Document:
        """The body read as one JSON text."""
        return read_json(self.body)


@dataclass(frozen=True)
class Timing:
    """The instants of an attempt, in seconds on a monotonic clock from t0, at which the attempt began.

    t0 is before it connects, or on a kept connection just before the request is written. No field is a duration: derived figures
    (how long a handshake took, TTFT, gaps) are computed from these, never stored. An event arrives with the read that holds its
    last byte.

    Args:
        connect: when the connection stood; None if it was open already.
        tls: when the TLS handshake was done; None without one.
        sent: when the request was written.
        headers: when the response's headers had arrived.
        end: when the response had ended.
        chunks: (arrival, bytes) of each read; the byte counts sum to the stored body.

    Example:
        >>> from conformance import Timing
        >>> timing = Timing(headers=0.11, end=0.18, chunks=((0.12, 210), (0.14, 180)))
        >>> sum(size for _, size in timing.chunks)
        390
    """

    connect: float | None = None
    tls: float | None = None
    sent: float | None = None
    headers: float | None = None
    end: float | None = None
    chunks: tuple[tuple[float, int], ...] = ()


@dataclass(frozen=True)
class Exchange:
    """One request, its response (or none) and its timing, as they were on the wire.

    Args:
        id: a name that findings refer to.
        request: the request.
        response: the response; None if none came.
        timing: when its bytes came; None if nobody measured.
        provider: the name of the provider that was asked, if known.
        dialect: the wire protocol; None lets the dialects claim it.
        recorded_at: when it was recorded, with a time zone.
        fidelity: how much of the wire the stored body still shows.
        evidence: how the exchange came to be: `live`, `recorded`, `imported` or `emulated`. It is never upgraded.
        session: the name that exchanges of one conversation share.
        source: the file that it was read from.
        interaction: its number in that file, from 0.
        meta: whatever a recorder noted besides; open, and ignored by rules.

    Example:
        >>> from conformance import Exchange, Request, Response
        >>> exchange = Exchange("x1", Request("GET", "https://llm.example/v1/models"), Response(200))
        >>> exchange.on_wire, exchange.evidence
        (True, 'imported')
    """

    id: str
    request: Request
    response: Response | None = None
    timing: Timing | None = None
    provider: str | None = None
    dialect: str | None = None
    recorded_at: datetime | None = None
    fidelity: Fidelity = "full"
    evidence: Evidence = "imported"
    session: str | None = None
    source: str = ""
    interaction: int = 0
    meta: Mapping[str, Any] = field(default_factory=dict)

    def keeps(self, member: str) -> bool:
        """Whether its recorder keeps a member of answers, so that one which is not there was never sent."""
        left_out = self.meta.get(LEFT_OUT)
        return not isinstance(left_out, (list, tuple)) or member not in left_out

    @property
    def on_wire(self) -> bool:
        """Whether the stored bytes are the wire's, so that framing, headers and ids can be judged."""
        return self.fidelity in WIRE_FIDELITY


def as_body(value: object) -> bytes:
    """Return a stored body (text, bytes or a JSON value) as bytes; lone surrogates survive."""
    if value is None:
        return b""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def unusable(exchange: Exchange) -> str | None:
    """Say why an answer decides nothing: it never came, was refused for load, or broke; None where it is usable."""
    response = exchange.response
    if response is None or response.status is None:
        error = exchange.meta.get("error")
        return f"the connection never answered ({error})" if error else "the connection never answered"
    if response.status == 429 or response.status >= 500:  # noqa: PLR2004 - RFC 6585 4, RFC 9110 15.6
        return f"status {response.status}"
    if response.eof not in {"reset", "timeout"}:
        return None
    limit = exchange.meta.get(BROKEN_OFF)
    return f"the connection broke ({response.eof})" if limit is None else f"the answer was {limit}"
