"""Spans and log records: OTLP JSON as the collector's file exporter writes it, one request a line, and plain dumps of an SDK.

Source: opentelemetry-proto 1.9, `trace.proto`, `logs.proto`, `common.proto`, with OTLP's JSON mapping
(https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding, read 2026-11-29).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from conformance.recording.importers.parts import moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Lists of a request, of its scopes, of their records; older exporters spell the first two otherwise.
_SIGNALS: Final = (
    (("resourceSpans", "resource_spans"), ("scopeSpans", "scope_spans", "instrumentationLibrarySpans"), "spans"),
    (("resourceLogs", "resource_logs"), ("scopeLogs", "scope_logs"), "logRecords"),
)
_FAILED: Final = frozenset({2, "STATUS_CODE_ERROR", "ERROR"})


class Event(NamedTuple):
    """Something that happened during a span, or a log record: its name, attributes and body."""

    name: str
    attributes: dict[str, Any]
    body: Any = None


class Span(NamedTuple):
    """A span. Instants are seconds since 1970; `trace` and `id` are empty where nobody stored them."""

    name: str
    attributes: dict[str, Any]
    events: list[Event]
    trace: str = ""
    id: str = ""
    start: float | None = None
    end: float | None = None
    failed: bool = False


def is_export(document: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a document is an export of spans or log records in OTLP JSON."""
    return isinstance(document, dict) and any(
        isinstance(document.get(name), list) for names, _, _ in _SIGNALS for name in names
    )


def is_dump(document: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a document is one span: as an SDK's console exporter dumps it, its attributes plain values, or one of an export by itself."""
    return isinstance(document, dict) and (isinstance(document.get("attributes"), dict) or _is_alone(document))


def _is_alone(document: Mapping[str, Any]) -> bool:
    """Whether a span stands outside of its export: its attributes are OTLP's pairs."""
    pairs = document.get("attributes")
    return (
        isinstance(pairs, list)
        and bool(pairs)
        and all(isinstance(item, dict) and {"key", "value"} <= item.keys() for item in pairs)
    )


def spans_of(document: Mapping[str, Any]) -> Iterator[Span]:
    """Yield the spans of an export, each with the log records that name it; records of a span that is not there make one."""
    spans = [_span(row) for row in _records(document, *_SIGNALS[0])]
    known = {span.id: span for span in spans if span.id}
    strangers: dict[str, Span] = {}
    for row in _records(document, *_SIGNALS[1]):
        event, name = _event(row), _text(row, "spanId", "span_id")
        span = known.get(name) or strangers.get(name)
        if span is None:
            at = _seconds(row.get("timeUnixNano", row.get("observedTimeUnixNano")))
            span = Span("", {}, [], _text(row, "traceId", "trace_id"), name, at, at)
            strangers[name or f"#{len(strangers)}"] = span
        span.events.append(event)
    yield from spans
    yield from strangers.values()


def dumped(document: Mapping[str, Any]) -> Span:
    """Return the one span of a dump."""
    if _is_alone(document):
        return _span(dict(document))
    context = document.get("context") if isinstance(document.get("context"), dict) else document
    start, end = (moment(document.get(name)) for name in ("start_time", "end_time"))
    status = document.get("status")
    events = [
        Event(str(item.get("name", "")), dict(item.get("attributes") or {}), item.get("body"))
        for item in document.get("events") or ()
        if isinstance(item, dict) and isinstance(item.get("attributes") or {}, dict)
    ]
    return Span(
        _text(document, "name", "spanName", "span_name"),
        dict(document["attributes"]),
        events,
        _text(context or {}, "trace_id", "traceId"),
        _text(context or {}, "span_id", "spanId"),
        start.timestamp() if start else None,
        end.timestamp() if end else None,
        isinstance(status, dict) and status.get("status_code", status.get("code")) in _FAILED,
    )


def instant(seconds: float | None) -> datetime | None:
    """Return an instant in UTC; None where it is none."""
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (ValueError, OverflowError, OSError):
        return None


def _records(
    document: Mapping[str, Any], outer: tuple[str, ...], middle: tuple[str, ...], inner: str
) -> Iterator[dict[str, Any]]:
    for resource in _objects(document, outer):
        for scope in _objects(resource, middle):
            yield from _objects(scope, (inner,))


def _objects(table: Mapping[str, Any], names: tuple[str, ...]) -> list[dict[str, Any]]:
    listed = next((table[name] for name in names if isinstance(table.get(name), list)), None)
    return [item for item in listed or () if isinstance(item, dict)]


def _span(row: dict[str, Any]) -> Span:
    status = row.get("status")
    return Span(
        _text(row, "name"),
        _attributes(row),
        [_event(item) for item in _objects(row, ("events",))],
        _text(row, "traceId", "trace_id"),
        _text(row, "spanId", "span_id"),
        _seconds(row.get("startTimeUnixNano")),
        _seconds(row.get("endTimeUnixNano")),
        isinstance(status, dict) and status.get("code") in _FAILED,
    )


def _event(row: dict[str, Any]) -> Event:
    attributes = _attributes(row)
    name = _text(row, "eventName", "event_name", "name") or str(attributes.get("event.name", ""))
    return Event(name, attributes, _value(row.get("body")))


def _attributes(row: Mapping[str, Any]) -> dict[str, Any]:
    return {item["key"]: _value(item.get("value")) for item in _objects(row, ("attributes",)) if _text(item, "key")}


def _value(stored: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return what an `AnyValue` holds. A 64-bit integer stands as text."""
    if not isinstance(stored, dict):
        return stored
    for kind, value in stored.items():
        if kind == "intValue":
            return int(value) if isinstance(value, (int, str)) and str(value).lstrip("-").isdecimal() else value
        if kind in {"stringValue", "boolValue", "doubleValue", "bytesValue"}:
            return value
        if kind == "arrayValue":
            listed = value.get("values") if isinstance(value, dict) else None
            return [_value(item) for item in listed] if isinstance(listed, list) else []
        if kind == "kvlistValue":
            table = {"attributes": value.get("values")} if isinstance(value, dict) else {}
            return _attributes(table)
    return None


def _text(row: Mapping[str, Any], *names: str) -> str:
    return next((row[name] for name in names if isinstance(row.get(name), str)), "")


def _seconds(nanoseconds: Any) -> float | None:  # noqa: ANN401 - any JSON
    text = str(nanoseconds)
    return int(text) / 1e9 if text.isdecimal() and len(text) < 20 and int(text) else None  # noqa: PLR2004 - of 64 bits
