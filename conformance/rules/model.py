"""Models: the one that answered, the listing, and what becomes of a model."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from conformance.knowledge.lifecycle.said import day_of, deprecation, is_draft, sunset
from conformance.knowledge.lifecycle.status import FAIL_WITHIN
from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.catalogue import entries, listed_name
from conformance.rules.views.lifecycle import (
    Announced,
    Asked,
    EndHeaders,
    Lifecycle,
    announced,
    answered_known_model,
    dated_entries,
    end_headers,
    known_model,
    lifecycle,
)
from conformance.rules.views.model import Echo, echo, listing
from conformance.wire.dialects.families import CHAT, LISTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Reply

_MODELS = "https://platform.openai.com/docs/api-reference/models"


@rule(
    "model.echo_served",
    over=echo,
    severity=Severity.WARNING,
    source="https://platform.openai.com/docs/api-reference/chat/object#chat/object-model (read 2026-11-21)",
    breaks="nothing: another model answers than the one that was paid for",
    example='asked for "not-a-model", answered by "llama3.2:1b"',
)
def echo_served(result: Echo) -> Iterator[Finding]:
    """`model` names the model that was asked for, a dated snapshot of it, or an alias that shares its name.

    Two names are kin when the letters and digits of one begin or end with the other's, or when they share their first word and
    half of the rest. A silent substitution within a family is not seen.
    """
    if not result.kin:
        yield Finding("/model", shown(result.served), f"{result.asked!r}, or a snapshot of it", result.event)


@rule(
    "model.list_envelope",
    over=listing,
    dialects=CHAT,
    severity=Severity.ERROR,
    source=f"{_MODELS}/list (read 2026-11-21)",
    breaks="openai-python 3.52.0: client.models.list() is empty, or raises",
    example='[{"id": "m"}]',
    conforming='{"object": "list", "data": [{"id": "m", "object": "model", "created": 1750000000, "owned_by": "a"}]}',
    by_schema=True,
)
def list_envelope(reply: Reply) -> None:
    """/models answers {object: "list", data: [...]}, each model with a non-empty id."""


@rule(
    "model.list_ids_unique",
    over=listing,
    dialects=LISTED,
    severity=Severity.WARNING,
    source=f"{_MODELS}/object (read 2026-11-28): the id is the identifier that the API endpoints take",
    breaks="model pickers, and tables of prices and toggles that are keyed by id, take two entries for one",
    example='{"data": [{"id": "m", "owned_by": "a"}, {"id": "m", "owned_by": "b"}]}',
)
def list_ids_unique(reply: Reply) -> Iterator[Finding]:
    """A listing has each model id once."""
    place, items = entries(reply)
    ids = [name for name in map(listed_name, items) if name is not None]
    twice = {name: count for name, count in Counter(ids).items() if count > 1}
    if twice:
        names = ", ".join(f"{name!r} ({count} times)" for name, count in sorted(twice.items())[:3])
        more = f" and {len(twice) - 3} more" if len(twice) > 3 else ""  # noqa: PLR2004 - those that are named
        yield Finding(place, f"lists {names}{more}", "each id once")


@rule(
    "model.fields",
    over=listing,
    dialects=CHAT,
    severity=Severity.WARNING,
    source=f"{_MODELS}/object (read 2026-11-21)",
    breaks="typed clients refuse the listing; sorting by date puts the model in 1970",
    example='{"id": "m", "created": 0}',
    conforming='{"id": "m", "object": "model", "created": 1750000000, "owned_by": "a"}',
    by_schema=True,
)
def fields(reply: Reply) -> None:
    """A listed model has object 'model', created in Unix seconds, and owned_by."""


@rule(
    "model.not_retired",
    over=lifecycle,
    over_target=True,
    severity=Severity.ERROR,
    source="the registry's own sources, line by line (conformance/knowledge/lifecycle/registry, read 2026-11-21), and "
    "the provider's listing: "
    "https://platform.openai.com/docs/deprecations",
    breaks="every client: after its shutdown a model answers 404, 400 or 410, or another model answers in its name",
    example="groq/llama-3.3-70b-versatile on 2026-11-21: retired since 2026-08-16",
)
def not_retired(result: Lifecycle) -> Iterator[Finding]:
    """The target's model is not retired, and is not retired within 14 days.

    What the registry does not hold and no recorded answer shows is n/a. A model that is said to be gone and answered after that day
    is disputed: that is a notice. From 90 days before the end a notice says so.
    """
    status, claim = result.status, result.status.claim
    if status.fails() and claim is not None:
        instead = f"; use {' or '.join(result.replacement)}" if result.replacement else ""
        says = f"is {status.words} ({claim.source}, {claim.confidence} confidence)"
        yield Finding("/model", says, f"a model that is served for another {FAIL_WITHIN} days{instead}")


@rule(
    "model.retired_at_recording",
    over=known_model,
    when_seen="a dated answer to a request for a model that the registry knows",
    severity=Severity.WARNING,
    source="the registry's sources, line by line (conformance/knowledge/lifecycle/registry), among them "
    "https://console.groq.com/docs/deprecations "
    "(read 2026-11-21)",
    breaks="the caller: its requests fail, or another model answers; a typo and a retired model look alike (404 model_not_found)",
    example='asked for "llama-3.3-70b-versatile" on 2026-11-21, answered 404',
)
def retired_at_recording(result: Asked) -> Iterator[Finding]:
    """The model that is asked for had not been retired on the day it was asked.

    By the registry alone: it tells a retired model from a misspelt one. A model that answers in its own name after its day is not
    held against anybody: the registry is wrong there, or the account has an agreement.
    """
    if result.is_gone:
        came = f"status {result.answer}" if result.served is None else f"an answer of {result.served!r}"
        says = f"{result.model!r} was {result.status.words}, and brought {came}"
        yield Finding("", says, f"a model in service on {result.on}")


@rule(
    "model.silent_redirect",
    over=answered_known_model,
    when_seen="a dated answer in the name of a model that the registry knows",
    severity=Severity.WARNING,
    source="https://console.groq.com/docs/deprecations (automatic upgrades) and https://ai.google.dev/gemini-api/docs/deprecations "
    "(requests are routed; read 2026-11-21)",
    breaks="nothing: another model answers, at another price and with other habits",
    example='asked for "gemini-2.5-pro" on 2026-12-02, answered by "gemini-3.8-flash"',
)
def silent_redirect(result: Asked) -> Iterator[Finding]:
    """No other model answers in the name of one that is retired."""
    if result.is_gone:
        yield Finding(
            "/model",
            shown(result.served),
            f"{result.model!r}, which is {result.status.words}, or an error that says so",
        )


@rule(
    "model.sunset_header_form",
    over=end_headers,
    when_seen="a Deprecation or Sunset header",
    severity=Severity.WARNING,
    source="RFC 9745 2.1 and 4, RFC 8594 3, RFC 9110 5.6.7 (read 2026-11-21)",
    breaks="clients that watch for the end of an endpoint read no date, or a wrong one",
    example="Deprecation: true",
    conforming="Deprecation: @1767225600",
)
def sunset_header_form(result: EndHeaders) -> Iterator[Finding]:
    """Deprecation is `@` and Unix seconds, Sunset is an HTTP date, and the sunset is not before the deprecation."""
    since = deprecation(result.deprecation) if result.deprecation is not None else None
    until = sunset(result.sunset) if result.sunset is not None else None
    if result.deprecation is not None and since is None:
        form = " (a form of the drafts before the RFC)" if is_draft(result.deprecation) else ""
        yield Finding("/deprecation", f"{shown(result.deprecation)}{form}", "@ and Unix seconds")
    if result.sunset is not None and until is None:
        yield Finding("/sunset", shown(result.sunset), "an HTTP date: Sat, 31 Dec 2027 23:59:59 GMT")
    if since is not None and until is not None and until < since:
        yield Finding("/sunset", shown(result.sunset), f"no earlier than the deprecation, {since.isoformat()}")


@rule(
    "model.deprecation_announced",
    over=announced,
    severity=Severity.NOTE,
    source="RFC 9745, RFC 8594; https://docs.cohere.com/docs/deprecations (x-api-warning); google-genai 3.4.0 modelStatus "
    "(read 2026-11-21)",
    example="x-api-warning: model 'command' is deprecated and will be removed September 15 2025",
)
def deprecation_announced(result: Announced) -> Iterator[Finding]:
    """The answer does not announce the end of its model or endpoint."""
    for notice in result.notices:
        yield Finding(notice.pointer, shown(notice.words), "nothing said of the end: plan the move")


@rule(
    "model.lifecycle_dates",
    over=dated_entries,
    when_seen="a list of models that dates their ends",
    severity=Severity.WARNING,
    source="openai 3.52.0 Model.shutdown_date, anthropic 2.11.0 ModelInfo.retires_at, mistralai 3.7.0 deprecation (read 2026-11-21)",
    breaks="typed clients refuse the listing; watchers miss the date",
    example='{"id": "m", "shutdown_date": "soon"}',
    conforming='{"id": "m", "shutdown_date": "2027-01-31"}',
)
def lifecycle_dates(result: list[tuple[str, str, Any]]) -> Iterator[Finding]:
    """A listed model's days of deprecation and shutdown are ISO 8601 dates or instants, Unix seconds, or null."""
    for model, name, value in result:
        if day_of(value) is None:
            yield Finding(f"/{name}", f"{shown(value)} for {model!r}", "a date, or null")
