"""Models that end: asked for after their retirement, answered by another, announced in headers and bodies, dated in listings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.mutation.mutant import mutant
from tests.mutation.operators import add, asked, header, put, then

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange
    from tests.mutation.operators import Change

GONE, LIVING = "llama-3.3-70b-versatile", "openai/gpt-oss-120b"
RETIRED, REDIRECTED = "model.retired_at_recording", "model.silent_redirect"
ANNOUNCED, FORM = "model.deprecation_announced", "model.sunset_header_form"
SUNSET = "Fri, 31 Dec 2027 23:59:59 GMT"
ANSWERS = "plain stream stream-tool"


def _on_its_last_day(exchange: Exchange) -> Exchange:
    """Return an exchange with a provider of the registry, on the first day without the model."""
    return replace(exchange, provider="groq", recorded_at=datetime(2026, 8, 16, 12, 0, tzinfo=UTC))


def _asked_too_late(*changes: Change) -> Change:
    return then(asked(model=GONE), _on_its_last_day, *changes)


MUTANTS = [
    mutant("retired-model-refused", _asked_too_late(), "error-unknown-model error-server", RETIRED),
    mutant(
        "retired-model-answered-by-another",
        _asked_too_late(put("/model", LIVING)),
        ANSWERS,
        RETIRED,
        REDIRECTED,
        "model.echo_served",
    ),
    mutant(
        "retired-model-answered-by-its-kin",
        _asked_too_late(put("/model", "llama-3.4-70b")),
        ANSWERS,
        RETIRED,
        REDIRECTED,
    ),
    mutant(
        "end-announced-in-headers",
        then(header("deprecation", "@1767225600"), header("sunset", SUNSET)),
        ANSWERS,
        ANNOUNCED,
    ),
    mutant("end-announced-in-a-warning", header("x-api-warning", "model 'aurora-2' is deprecated"), ANSWERS, ANNOUNCED),
    mutant(
        "end-announced-in-the-body",
        add("/warnings", ["aurora-2 will be removed on 2027-01-01"]),
        "plain",
        ANNOUNCED,
        "schema.unknown_field",
    ),
    mutant("deprecation-of-a-draft", header("deprecation", "true"), ANSWERS, ANNOUNCED, FORM),
    mutant(
        "deprecation-of-an-older-draft",
        header("deprecation", "Sun, 11 Nov 2026 23:59:59 GMT"),
        ANSWERS,
        ANNOUNCED,
        FORM,
    ),
    mutant("deprecation-bare-seconds", header("deprecation", "1767225600"), "plain", ANNOUNCED, FORM),
    mutant("deprecation-beyond-time", header("deprecation", "@99999999999999999999"), "plain", ANNOUNCED, FORM),
    mutant("sunset-as-an-instant", header("sunset", "2027-12-31T23:59:59Z"), ANSWERS, ANNOUNCED, FORM),
    mutant("sunset-on-no-day", header("sunset", "Fri, 31 Feb 2027 23:59:59 GMT"), "plain", ANNOUNCED, FORM),
    mutant(
        "sunset-before-the-deprecation",
        then(header("deprecation", "@1900000000"), header("sunset", SUNSET)),
        "plain",
        ANNOUNCED,
        FORM,
    ),
    mutant("listed-end-in-words", add("/data/0/shutdown_date", "soon"), "models-list", "model.lifecycle_dates"),
    mutant(
        "listed-end-on-no-day",
        add("/data/1/retires_at", "2027-02-31"),
        "models-list",
        "model.lifecycle_dates",
        "schema.unknown_field",
    ),
    mutant("retrieved-end-in-words", add("/shutdown_date", "Q3"), "models-retrieve", "model.lifecycle_dates"),
]
