"""What a provider itself says: header grammars, warnings, and the fields of listings."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.knowledge.lifecycle.said import claim_of, day_of, deprecation, is_draft, notices, sunset

MOMENTS = st.integers(0, 32_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(MOMENTS)
def test_a_deprecation_reads_back(moment: datetime) -> None:
    assert deprecation(f"@{int(moment.timestamp())}") == moment


@given(MOMENTS)
def test_a_sunset_reads_back(moment: datetime) -> None:
    assert sunset(format_datetime(moment, usegmt=True)) == moment


@given(st.text(max_size=40))
def test_no_text_crashes_a_reader(text: str) -> None:
    deprecation(text)
    sunset(text)
    is_draft(text)
    day_of(text)


@pytest.mark.parametrize(
    "text", ["true", "1688169599", "@1.5", "@", "Sun, 11 Nov 2018 23:59:59 GMT", "@99999999999999999999"]
)
def test_other_forms_are_no_deprecation(text: str) -> None:
    assert deprecation(text) is None


@pytest.mark.parametrize(
    "text", ["2027-12-31T23:59:59Z", "@1688169599", "Friday, 31-Dec-27 23:59:59 GMT", "Fri, 31 Dec 2027", ""]
)
def test_other_forms_are_no_sunset(text: str) -> None:
    assert sunset(text) is None


def test_the_drafts_forms_are_told_apart() -> None:
    assert is_draft("true")
    assert is_draft("Sun, 11 Nov 2018 23:59:59 GMT")
    assert not is_draft("soon")


@pytest.mark.parametrize(
    ("headers", "body", "count"),
    [
        ({"x-api-warning": "model 'a' is deprecated and will be removed"}, {}, 1),
        ({"x-api-warning": "unknown field: parameter 'model' is not a valid field"}, {}, 0),
        ({"deprecation": "@1", "sunset": "x"}, {}, 2),
        ({"deprecation": "false"}, {}, 0),
        ({}, {"warnings": ["retires on Monday", {"message": "shut down soon"}, "all is well", 3]}, 2),
        ({}, {"modelStatus": {"modelStage": "DEPRECATED", "retirementTime": "2026-12-01T00:00:00Z"}}, 1),
        ({}, {"modelStatus": {"modelStage": "STABLE"}}, 0),
    ],
)
def test_an_announcement_is_seen_wherever_it_stands(headers: dict[str, str], body: dict[str, Any], count: int) -> None:
    assert len(list(notices(headers, body))) == count


@pytest.mark.parametrize(
    ("entry", "day", "replacement"),
    [
        ({"shutdown_date": "2027-01-14"}, date(2027, 1, 14), ()),
        ({"retires_at": "2026-11-30T00:00:00Z", "lifecycle": "deprecated"}, date(2026, 11, 30), ()),
        ({"deprecation": "2026-12-31T12:00:00Z", "deprecation_replacement_model": "n"}, date(2026, 12, 31), ("n",)),
        ({"deprecation": {"inference": 1798761600}}, date(2027, 1, 1), ()),
        ({"expiration_date": "2026-12-01"}, date(2026, 12, 1), ()),
    ],
)
def test_a_listing_claims_what_its_fields_say(entry: dict[str, Any], day: date, replacement: tuple[str, ...]) -> None:
    claim = claim_of({"id": "m", **entry}, "example", "its listing", date(2026, 11, 1))
    assert claim is not None
    assert (claim.shutdown, claim.bound, claim.replacement, claim.confidence) == (day, "on", replacement, "high")


def test_a_day_in_the_past_of_a_model_that_is_still_listed_is_overdue_not_gone() -> None:
    entry = {"id": "m", "retires_at": "2026-10-01T00:00:00Z", "lifecycle": "deprecated"}
    claim = claim_of(entry, "example", "its listing", date(2026, 11, 1))
    assert claim is not None
    assert claim.bound == "not before"


@pytest.mark.parametrize("entry", [{}, {"shutdown_date": None}, {"deprecated": False}, {"lifecycle": "active"}])
def test_a_listing_that_says_nothing_claims_nothing(entry: dict[str, Any]) -> None:
    assert claim_of({"id": "m", **entry}, "example", "its listing", None) is None


def test_a_flag_without_a_day_is_an_announcement() -> None:
    claim = claim_of({"id": "m", "deprecated": True}, "example", "its listing", None)
    assert claim is not None
    assert claim.shutdown is None
