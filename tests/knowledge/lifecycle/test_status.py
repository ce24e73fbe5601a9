"""What becomes of a model on a day: which claim decides, and what is not certain."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.knowledge.lifecycle.registry import Claim
from conformance.knowledge.lifecycle.status import State, status

DAY = date(2026, 8, 16)


def claim(shutdown: date | None = DAY, **more: Any) -> Claim:
    return Claim("example", "m", shutdown=shutdown, **more)


@pytest.mark.parametrize(
    ("days", "state", "fails", "warns"),
    [
        (0, State.RETIRED, True, False),
        (-1, State.RETIRED, True, False),
        (1, State.RETIRING, True, True),
        (14, State.RETIRING, True, True),
        (15, State.RETIRING, False, True),
        (90, State.RETIRING, False, True),
        (91, State.RETIRING, False, False),
    ],
)
def test_a_model_fails_from_fourteen_days_before_its_end(days: int, state: State, fails: bool, warns: bool) -> None:  # noqa: FBT001
    found = status([claim()], DAY - timedelta(days=days))
    assert (found.state, found.days, found.fails(), found.warns()) == (state, days, fails, warns)


def test_the_day_of_the_shutdown_is_the_first_without_an_answer() -> None:
    assert status([claim()], DAY).words == "retired since 2026-08-16"
    assert status([claim()], DAY - timedelta(days=1)).words == "retiring in 1 day (2026-08-16)"


def test_the_higher_confidence_decides_then_the_vendor_then_the_later_day() -> None:
    later = DAY + timedelta(days=5)
    vendor, tracker = claim(kind="vendor"), claim(later, kind="tracker")
    assert status([tracker, vendor], date(2027, 1, 1)).claim == vendor
    assert status([claim(), claim(later)], date(2027, 1, 1)).claim == claim(later)
    sure = claim(confidence="high", kind="tracker")
    assert status([claim(later, confidence="medium"), sure], date(2027, 1, 1)).claim == sure


def test_firm_claims_that_disagree_on_today_are_disputed_and_fail_nothing() -> None:
    found = status([claim(), claim(date(2027, 1, 1), confidence="medium")], date(2026, 11, 21))
    assert (found.state, found.fails(), found.warns()) == (State.DISPUTED, False, True)
    assert found.words == "disputed (2026-08-16, high; 2027-01-01, medium)"


@pytest.mark.parametrize("more", [{"confidence": "low"}, {"bound": "not before"}])
def test_what_is_not_firm_never_retires_a_model(more: dict[str, Any]) -> None:
    found = status([claim(**more)], date(2026, 11, 21))
    assert (found.state, found.fails()) == (State.DISPUTED, False)


def test_an_earliest_day_that_lies_ahead_disputes_a_tracker_that_says_it_is_gone() -> None:
    ahead = claim(date(2026, 12, 1), bound="not before")
    assert status([claim(confidence="medium"), ahead], date(2026, 11, 21)).state is State.DISPUTED


def test_an_announcement_without_a_day_is_deprecated_and_one_of_low_confidence_is_nothing() -> None:
    assert status([claim(None)], DAY).state is State.DEPRECATED
    assert status([claim(None, confidence="low")], DAY).state is State.UNKNOWN
    assert status([], DAY).state is State.UNKNOWN


def test_a_day_before_which_it_was_gone_decides_once_it_has_passed() -> None:
    gone = claim(date(2026, 1, 1), bound="before")
    assert status([gone], date(2026, 1, 1)).state is State.RETIRED
    assert not status([gone], date(2025, 12, 31)).fails()


@given(
    st.lists(
        st.builds(
            claim,
            st.none() | st.dates(date(2024, 1, 1), date(2028, 1, 1)),
            confidence=st.sampled_from(["high", "medium", "low"]),
            kind=st.sampled_from(["vendor", "tracker"]),
            bound=st.sampled_from(["on", "not before", "before"]),
        ),
        max_size=5,
    ),
    st.dates(date(2024, 1, 1), date(2028, 1, 1)),
)
def test_retired_takes_a_firm_claim_and_none_that_says_otherwise(claims: list[Claim], as_of: date) -> None:
    found = status(claims, as_of)
    assert sorted(map(repr, found.claims)) == sorted(map(repr, claims)), "nothing is lost"
    if found.fails(0):
        firm = [
            each
            for each in claims
            if each.shutdown
            and each.confidence != "low"
            and (each.bound == "on" or (each.bound == "before" and each.shutdown <= as_of))
        ]
        assert firm
        assert all(each.shutdown is not None and each.shutdown <= as_of for each in firm)
