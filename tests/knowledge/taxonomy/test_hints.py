"""Hints: every form reads back to the seconds that it was written from, and what is nonsense is a problem, never an error."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.knowledge.taxonomy.hints import Hint, header_hints, hints_of, longest_wait
from conformance.knowledge.taxonomy.instants import parse_go_duration, parse_instant, parse_iso_duration, parse_wait
from conformance.knowledge.taxonomy.structured import parse_members
from conformance.wire.exchange import Response

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MILLISECONDS = st.integers(0, 400 * 86_400_000)


def go_duration(nanoseconds: int) -> str:
    """Return what Go's time.Duration.String writes."""
    if nanoseconds < 1_000_000_000:
        for unit, size in (("ns", 1), ("µs", 1000), ("ms", 1_000_000)):
            if nanoseconds < size * 1000:
                return f"{nanoseconds / size:.9f}".rstrip("0").rstrip(".") + unit if nanoseconds else "0s"
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    shown = f"{seconds}.{rest:09d}".rstrip("0").rstrip(".") + "s"
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if hours or minutes else "") + shown


@given(st.integers(0, 10**17))
def test_a_go_duration_reads_back(nanoseconds: int) -> None:
    assert parse_go_duration(go_duration(nanoseconds)) == pytest.approx(nanoseconds / 1e9)


@given(st.integers(0, 400), st.integers(0, 23), st.integers(0, 59), st.integers(0, 59_999))
def test_an_iso_duration_reads_back(days: int, hours: int, minutes: int, milliseconds: int) -> None:
    text = f"P{days}DT{hours}H{minutes}M{milliseconds / 1000:.3f}S"
    assert parse_iso_duration(text) == pytest.approx(days * 86400 + hours * 3600 + minutes * 60 + milliseconds / 1000)


@given(st.integers(0, 2**31).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)))
def test_every_form_of_an_http_date_reads_back(instant: datetime) -> None:
    forms = (
        format_datetime(instant, usegmt=True),
        f"{instant:%A, %d-%b-%y %H:%M:%S} GMT",
        f"{instant:%a %b} {instant.day:2d} {instant:%H:%M:%S %Y}",
        instant.isoformat(),
        instant.isoformat().replace("+00:00", "Z"),
    )
    assert {parse_instant(form) for form in forms} == {instant}


@given(MILLISECONDS)
def test_epochs_and_deltas_are_told_apart(milliseconds: int) -> None:
    until = NOON + timedelta(milliseconds=milliseconds)
    for text in (f"{until.timestamp():.3f}", str(round(until.timestamp() * 1000)), until.isoformat()):
        read = parse_wait(text, NOON)
        assert read is not None
        assert read.seconds == pytest.approx(milliseconds / 1000, abs=1e-3)
    assert parse_wait(f"{milliseconds / 1000:.3f}", NOON) == (pytest.approx(milliseconds / 1000, abs=1e-3), False)


def only(headers: dict[str, str]) -> Hint:
    (hint,) = header_hints(headers, NOON)
    return hint


@pytest.mark.parametrize(
    ("name", "value", "kind", "seconds", "what"),
    [
        ("retry-after", "20", "wait", 20.0, ""),
        ("retry-after", "Sat, 21 Nov 2026 12:01:30 GMT", "wait", 90.0, ""),
        ("retry-after", "Sat, 21 Nov 2026 11:00:00 GMT", "wait", 0.0, ""),
        ("retry-after-ms", "1500", "wait", 1.5, ""),
        ("x-ms-retry-after-ms", "250", "wait", 0.25, ""),
        ("x-ratelimit-reset-requests", "2m59.56s", "reset", 179.56, "requests"),
        ("x-ratelimit-reset-tokens", "172ms", "reset", 0.172, "tokens"),
        ("x-ratelimit-reset-tokens-minute", "14.371318", "reset", 14.371318, "tokens-minute"),
        ("x-ratelimit-reset", "1795262460000", "reset", 60.0, "requests"),
        ("anthropic-ratelimit-input-tokens-reset", "2026-11-21T12:00:07Z", "reset", 7.0, "input-tokens"),
        ("ratelimitbysize-reset", "19", "reset", 19.0, "requests"),
        ("x-ratelimit-renewalperiod-tokens", "60", "reset", 60.0, "tokens"),
        ("llm_provider-x-ratelimit-reset-tokens", "1m0s", "reset", 60.0, "tokens"),
        ("x-ratelimit-reset-requests", "PT1M", "reset", 60.0, "requests"),
    ],
)
def test_a_wait_is_read_in_seconds(name: str, value: str, kind: str, seconds: float, what: str) -> None:
    hint = only({name: value})
    assert (hint.kind, hint.seconds, hint.what, hint.problem) == (kind, pytest.approx(seconds), what, None)
    assert (hint.source_header, hint.raw) == (name, value)


@pytest.mark.parametrize(
    ("name", "value", "limit", "remaining"),
    [
        ("x-ratelimit-limit-requests", "14400", 14400, None),
        ("x-ratelimit-remaining-tokens", "29987", None, 29987),
        ("anthropic-ratelimit-output-tokens-limit", "400000", 400000, None),
        ("ratelimit-limit", "100, 100;w=60", 100, None),
        ("x-ratelimit-limit", "0.5", 0.5, None),
    ],
)
def test_a_count_is_read(name: str, value: str, limit: float | None, remaining: float | None) -> None:
    hint = only({name: value})
    assert (hint.limit, hint.remaining, hint.problem) == (limit, remaining, None)


def test_the_ietf_fields_are_read() -> None:
    hints = list(
        header_hints(
            {
                "ratelimit-policy": '"burst";q=100;w=60, "day";q=5000;w=86400;qu="tokens"',
                "ratelimit": '"burst";r=50;t=30',
            }
        )
    )
    assert [(hint.limit, hint.remaining, hint.seconds, hint.what) for hint in hints] == [
        (100, None, 60, "burst"),
        (5000, None, 86400, "tokens"),
        (None, 50, 30, "burst"),
    ]
    older = only({"ratelimit": "limit=100, remaining=50, reset=5"})
    assert (older.limit, older.remaining, older.seconds) == (100, 50, 5)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("x-ratelimit-remaining-tokens-day", "9223372036854767616", "no count"),
        ("x-ratelimit-limit-tokens", "-1", "negative"),
        ("x-ratelimit-limit-tokens", "nan", "no number"),
        ("x-ratelimit-limit-tokens", "unlimited", "no number"),
        ("x-ratelimit-reset-tokens", "-2s", "negative"),
        ("x-ratelimit-reset-tokens", "inf", "days away"),
        ("x-ratelimit-reset-tokens", "soon", "neither a duration nor an instant"),
        ("retry-after", "99999999", "days away"),
        ("retry-after", "later", "no wait"),
        ("ratelimit", '"a";;', "no structured field"),
        ("ratelimit", '"a"', "names no number"),
        ("ratelimit", '"a";r=-3;t=30', "negative"),
    ],
)
def test_nonsense_is_a_problem(name: str, value: str, problem: str) -> None:
    hint = only({name: value})
    assert problem in (hint.problem or "")
    assert hint.seconds is None or hint.seconds >= 0


@pytest.mark.parametrize("value", ["REDACTED", "<REDACTED>", "X-RATELIMIT-RESET-TOKENS-XXX", "***", "[FILTERED]"])
def test_what_a_recorder_withheld_is_no_hint(value: str) -> None:
    assert list(header_hints({"x-ratelimit-reset-tokens": value})) == []


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ({"error": {"message": "Rate limit reached. Please try again in 9m38.016s."}}, 578.016),
        ({"error": {"message": "Please try again in 20s. Contact us."}}, 20.0),
        ({"error": {"message": "Please try again in 6ms."}}, 0.006),
        ({"message": "Too many requests, retry after 20 seconds"}, 20.0),
        ({"detail": "Please wait 1.5 minutes before the next call"}, 90.0),
        ({"error": {"details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "37s"}]}}, 37.0),
        ({"error": {"message": "Slow down", "retry_after": 12}}, 12.0),
        ([{"error": {"metadata": {"headers": {"Retry-After": "3"}}}}], 3.0),
    ],
)
def test_a_wait_in_a_body_is_read(body: Any, seconds: float) -> None:
    assert longest_wait(hints_of(Response(429, {}, json.dumps(body).encode()), NOON)) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "message", ["Try again later.", "Limit 6000, used 20, requested 9", "retry with gpt-5s", "wait for 3 apples"]
)
def test_a_body_that_states_no_wait_has_none(message: str) -> None:
    assert hints_of(Response(429, {}, json.dumps({"error": {"message": message}}).encode()), NOON) == ()


def test_the_longest_of_the_stated_waits_counts() -> None:
    body = b'{"error": {"message": "Please try again in 7.66s."}}'
    assert longest_wait(hints_of(Response(429, {"retry-after": "7", "retry-after-ms": "10"}, body), NOON)) == 7.66
    assert longest_wait(()) is None


def test_the_answers_own_date_stands_in_for_the_time_of_day() -> None:
    headers = {"date": "Sat, 21 Nov 2026 12:00:00 GMT", "retry-after": "Sat, 21 Nov 2026 12:00:09 GMT"}
    assert longest_wait(hints_of(Response(429, headers))) == 9.0
    del headers["date"]
    assert longest_wait(hints_of(Response(429, headers))) is None


FIELDS = [
    "retry-after",
    "retry-after-ms",
    "ratelimit",
    "ratelimit-policy",
    "x-ratelimit-reset-tokens",
    "x-ratelimit-limit",
    "x-ratelimit-remaining-requests",
    "anthropic-ratelimit-tokens-reset",
]
NAMES = st.sampled_from(FIELDS)
ODD = (
    st.text(max_size=60)
    | st.from_regex(r"[0-9a-zA-Z:;=\"., +-]{0,40}", fullmatch=True)
    | st.integers().map(str)
    | st.floats().map(str)
)


@given(NAMES, ODD, st.none() | st.datetimes(timezones=st.just(UTC)))
def test_no_header_makes_it_raise(name: str, value: str, now: datetime | None) -> None:
    for hint in header_hints({name: value}, now):
        assert hint.seconds is None or hint.seconds >= 0
        assert hint.raw == value


@given(ODD)
def test_no_structured_field_makes_it_raise(text: str) -> None:
    parse_members(text)


MEMBERS = st.sampled_from(["message", "headers", "retryDelay", "retry_after", "error"])
BODIES = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=3),
    max_leaves=15,
)


@given(BODIES)
def test_no_body_makes_it_raise(value: Any) -> None:
    hints_of(Response(429, {}, json.dumps(value).encode("utf-8", "surrogatepass")), NOON)
