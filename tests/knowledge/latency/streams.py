"""Streams whose timing is known, for tests of what it is said to be."""

from __future__ import annotations

import json
from typing import Any

from conformance.wire.case import Case
from conformance.wire.exchange import Eof, Evidence, Exchange, Request, Response, Timing

_HEAD = {"id": "c", "object": "chat.completion.chunk", "created": 1_780_000_000, "model": "example-large"}
DONE = b"data: [DONE]\n\n"


def chunk(delta: dict[str, Any] | None = None, finish: str | None = None, **more: Any) -> bytes:
    """Return an event with one choice, or with none for a usage chunk."""
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    return b"data: " + json.dumps({**_HEAD, "choices": choices, **more}).encode() + b"\n\n"


def text(words: str) -> bytes:
    """Return an event with content."""
    return chunk({"content": words})


def usage(tokens: int, **more: Any) -> bytes:
    """Return the usage chunk."""
    counts = {"prompt_tokens": 9, "completion_tokens": tokens, "total_tokens": 9 + tokens}
    return chunk(None, usage={**counts, **more})


def case(
    *reads: tuple[float, bytes],
    sent: float | None = 0.0,
    end: float | None = None,
    evidence: Evidence = "live",
    eof: Eof = "clean",
    status: int | None = 200,
    headers: dict[str, str] | None = None,
    **timing: float,
) -> Case:
    """Return an answer that came in these reads: (seconds from t0, bytes)."""
    request = Request(
        "POST", "https://api.example.com/v1/chat/completions", {}, b'{"model": "example-large", "stream": true}'
    )
    response = Response(
        status, {"content-type": "text/event-stream", **(headers or {})}, b"".join(data for _, data in reads), eof
    )
    chunks = tuple((at, len(data)) for at, data in reads)
    finished = end if end is not None else (reads[-1][0] if reads else 0.0)
    clock = Timing(sent=sent, end=finished, chunks=chunks, **timing)
    return Case(Exchange("x", request, response, clock, dialect="openai-chat", evidence=evidence))
