"""A provider's own statements about a model's end: headers, warnings in an answer, and the fields of its listing.

RFC 9745 (2025-03) and RFC 8594 (2019-05) describe the resource that was asked, so that a header beside one model's answer is a hint
of the endpoint's end, or of the model's.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from conformance.knowledge.lifecycle.registry import Claim

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: The fields of a listing that hold the day of shutdown: OpenAI, Anthropic, Mistral (Azure: Unix seconds below `inference`), OpenRouter.
#: Sources: openai 3.52.0, anthropic 2.11.0, mistralai 3.7.0 and openrouter's types, a listing of Azure's (read 2026-11-21).
SHUTDOWN: Final = ("shutdown_date", "retires_at", "deprecation", "expiration_date")
#: The fields that hold the day of the announcement (anthropic 2.11.0, read 2026-11-21).
ANNOUNCED: Final = ("deprecated_at",)
_REPLACEMENT = "deprecation_replacement_model"  # mistralai 3.7.0
_LIFECYCLE = "lifecycle"  # anthropic 2.11.0: "active", "deprecated", "retired"

_WARNING_HEADERS = ("x-api-warning", "warning", "x-model-deprecation")
_ENDS = re.compile(
    r"deprecat|\bretir|\bsunset|shut ?down|decommission|end[- ]of[- ]life|will be removed", re.IGNORECASE
)
_INSTANT = re.compile(r"@(-?\d+)")
_IMF = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT"
)


class Notice(NamedTuple):
    """One statement about the end: its place, and its words."""

    pointer: str
    words: str


def deprecation(value: str) -> datetime | None:
    """Read a Deprecation field (RFC 9745 2.1): a structured date, `@` and Unix seconds; None for anything else."""
    match = _INSTANT.fullmatch(value.strip())
    try:
        return datetime.fromtimestamp(int(match[1]), UTC) if match else None
    except (OverflowError, ValueError, OSError):
        return None


def is_draft(value: str) -> bool:
    """Return True if a Deprecation field has a form of the drafts before RFC 9745: `true`, or an HTTP date."""
    return value.strip().lower() == "true" or sunset(value) is not None


def sunset(value: str) -> datetime | None:
    """Read a Sunset field (RFC 8594 3): an HTTP date in the form that is generated today (RFC 9110 5.6.7)."""
    if not _IMF.fullmatch(value.strip()):
        return None
    try:
        return parsedate_to_datetime(value.strip())
    except ValueError:
        return None


def notices(headers: Mapping[str, str], body: Mapping[str, Any]) -> Iterator[Notice]:
    """Yield the statements of an answer about the end of its model or endpoint; `headers` have lower-case names."""
    for name in ("deprecation", "sunset"):
        if name in headers and headers[name].strip().lower() not in {"false", ""}:
            yield Notice(f"/{name}", headers[name])
    for name in _WARNING_HEADERS:
        if _ENDS.search(headers.get(name, "")):
            yield Notice(f"/{name}", headers[name])
    listed = body.get("warnings")
    for number, entry in enumerate(listed if isinstance(listed, list) else ()):
        words = entry.get("message") if isinstance(entry, dict) else entry
        if isinstance(words, str) and _ENDS.search(words):
            yield Notice(f"/warnings/{number}", words)
    status = body.get("modelStatus")  # google-genai 3.4.0, read 2026-11-21
    if isinstance(status, dict):
        stage, day = status.get("modelStage"), status.get("retirementTime")
        if stage in {"LEGACY", "DEPRECATED", "RETIRED"} or day:
            yield Notice("/modelStatus", " ".join(str(word) for word in (stage, day, status.get("message")) if word))


def day_of(value: object) -> date | None:
    """Read a day as listings write it: an ISO date or instant, or Unix seconds (below `inference` at one host)."""
    if isinstance(value, dict):
        value = value.get("inference")
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC).date()
        return datetime.fromisoformat(value).date() if isinstance(value, str) else None
    except (ValueError, OverflowError, OSError):
        return None


def dated_fields(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a listed model that should hold a day, those that are null left out."""
    return {name: entry[name] for name in (*SHUTDOWN, *ANNOUNCED) if entry.get(name) is not None}


def claim_of(entry: Mapping[str, Any], provider: str, source: str, read: date | None) -> Claim | None:
    """Return the claim of a listed model's own fields; None where they make none.

    A day in the past means that the model is overdue, as long as the listing does not call it retired (anthropic 2.11.0).
    """
    days = [day for name in SHUTDOWN if (day := day_of(entry.get(name))) is not None]
    stage = entry.get(_LIFECYCLE)
    announced = next((day for name in ANNOUNCED if (day := day_of(entry.get(name))) is not None), None)
    if (
        not days
        and stage not in {"deprecated", "retired"}
        and entry.get("deprecated") is not True
        and announced is None
    ):
        return None
    replacement = entry.get(_REPLACEMENT)
    name = str(entry.get("id") or entry.get("name") or "")
    shutdown = days[0] if days else (read if stage == "retired" else None)
    overdue = shutdown is not None and read is not None and shutdown < read and stage != "retired"
    return Claim(
        provider,
        name,
        announced.isoformat() if announced else "",
        shutdown,
        "not before" if overdue else "on",
        (replacement,) if isinstance(replacement, str) else (),
        read=read,
        source=source,
    )
