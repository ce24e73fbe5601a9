"""What is kept of a timed request: figures, marks, and what would explain them (schemas/latency-sample.json)."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from conformance.knowledge.latency.metrics import Metrics, measure
from conformance.wire.dialects.tape import Terminal
from conformance.wire.exchange import CLAIM

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Reply
    from conformance.wire.exchange import Exchange

_SUCCESS = range(200, 300)
#: Response headers that explain a figure: who served, from where, how much of a limit was left, and how long it took by itself.
_KEPT = ("region", "pop", "cf-ray", "served-by", "ratelimit", "retry-after", "processing-ms", "upstream-service-time")
#: Digits after the point of seconds: microseconds.
_DIGITS = 6


def row(case: Case, *, lag: float = 0.0, lagged: bool = False, **place: str | int | None) -> dict[str, Any]:
    """Return a timed request as it is kept; members without a value are left out.

    Args:
        case: the exchange, live.
        lag: by how many seconds the machine was late meanwhile, at most.
        lagged: whether that is too late for its figures to be used.
        place: the run, the pair and the order in it, and the like.
    """
    exchange = case.exchange
    found = measure(case)
    why = failure(case, found)
    kept: dict[str, Any] = {
        **place,
        "started": exchange.recorded_at.isoformat() if exchange.recorded_at else None,
        "prompt_hash": sha256(exchange.request.body).hexdigest()[:12],
        "status": exchange.response.status if exchange.response else None,
        "error": why,
        "lag": lag,
        "lagged": lagged or None,
        **_connection(exchange),
        **_headers(exchange),
    }
    if why is None and found is not None:
        kept |= {**_figures(found), "marks": dict(_marks(case)), **_said(case.reply)}
    return {name: _rounded(value) for name, value in kept.items() if value not in (None, {}, [])}


def failure(case: Case, found: Metrics | None) -> str | None:  # noqa: PLR0911 - one return a class
    """Say why a request is no sample, as a class and no wording of a provider's; None where it is one."""
    exchange = case.exchange
    response = exchange.response
    if response is None or response.status is None:
        return "timeout" if "Timeout" in str(exchange.meta.get("error")) else "no answer"
    if response.status not in _SUCCESS:
        return f"status {response.status}"
    if response.eof != "clean":
        return "timeout" if response.eof == "timeout" else "broken stream"
    if "content-encoding" in response.headers:
        return "coded although identity was asked for"  # its reads are the coder's blocks
    if not case.reply.succeeded:
        return "error in the stream" if case.reply.errors else "no completion"
    if CLAIM in exchange.meta:
        return "claims to be emulated"
    if found is None:
        return "no output"
    return None if case.reply.complete else "stream without an end"


def _figures(found: Metrics) -> dict[str, Any]:
    return {
        "ttft": found.ttft_any,
        "ttft_visible": found.ttft_visible,
        "tpot": found.tpot,
        "e2e": found.e2e,
        "output_tokens": found.output_tokens,
        "token_source": found.token_source,
        "pieces": found.pieces,
        "cached_tokens": found.cached_tokens,
        "gap_p50": found.gap(50),
        "gap_p95": found.gap(95),
        "gap_max": found.gap(100),
        "buffered": found.buffered or None,
        "server_ttft": found.provider_ttft,
        "server_e2e": found.provider_time,
    }


def _connection(exchange: Exchange) -> dict[str, Any]:
    timing = exchange.timing
    return {
        "reused": exchange.meta.get("reused"),
        "http_version": exchange.meta.get("http_version"),
        "connect": timing.connect if timing else None,
        "tls": timing.tls if timing else None,
        "sent": timing.sent if timing else None,
        "headers": timing.headers if timing else None,
        "end": timing.end if timing else None,
    }


def _headers(exchange: Exchange) -> dict[str, Any]:
    headers = exchange.response.headers if exchange.response else {}
    kept = {name: value for name, value in headers.items() if any(word in name for word in _KEPT)}
    return {"response_headers": kept} if kept else {}


def _marks(case: Case) -> Iterator[tuple[str, float]]:
    """Yield when each kind of event came first (the last output: last), in seconds from t0."""
    reply = case.reply
    events = reply.stream.events if reply.stream else []
    texts = [event for choice in reply.choices for event, text in choice.texts if text]
    thoughts = [event for choice in reply.choices for event, text in choice.reasoned if text]
    calls = [part.event for choice in reply.choices for call in choice.tool_calls for part in call.fragments]
    outputs = [event for event in (*texts, *thoughts, *calls) if event is not None]
    places: Mapping[str, int | None] = {
        "first_role": next((event for event, value in reply.chunks if _has_role(value)), None),
        "first_reasoning": min((event for event in thoughts if event is not None), default=None),
        "first_content": min((event for event in texts if event is not None), default=None),
        "first_tool_call": min((event for event in calls if event is not None), default=None),
        "last_output": max(outputs, default=None),
        "usage": reply.usages[-1].event if reply.usages else None,
        "done": next((part.event for part in reply.tape if isinstance(part, Terminal)), None),
    }
    for name, event in places.items():
        arrival = events[event].arrival if event is not None else None
        if arrival is not None:
            yield name, arrival


def _has_role(value: Mapping[str, Any]) -> bool:
    choices = value.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    delta = first.get("delta") if isinstance(first, dict) else None
    return isinstance(delta, dict) and delta.get("role") is not None


def _said(reply: Reply) -> dict[str, Any]:
    """Return what the answer says of itself: the model that served, why it ended, its counts."""
    models = (whole.model for whole in reversed(reply.envelopes) if isinstance(whole.model, str) and whole.model)
    last: Mapping[str, Any] = next((value for _, value in reversed(reply.chunks) if value.get("model")), {})
    usage = next((each.value for each in reversed(reply.usages) if isinstance(each.value, dict)), {})
    details = usage.get("completion_tokens_details")
    return {
        "model": next(models, None),
        "fingerprint": _text(last.get("system_fingerprint")),
        "finish_reason": reply.choices[0].finish_reason if reply.choices else None,
        "prompt_tokens": _count(usage.get("prompt_tokens")),
        "reasoning_tokens": _count(details.get("reasoning_tokens")) if isinstance(details, dict) else None,
    }


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _rounded(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, float):
        return round(value, _DIGITS)
    return {name: _rounded(item) for name, item in value.items()} if isinstance(value, dict) else value
