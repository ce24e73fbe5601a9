"""Claims about the clock: when events arrive, how far our stamps are off, and what is no sample."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.asking.latency.calibration import errors, summary
from conformance.asking.latency.heartbeat import Heartbeat
from conformance.asking.latency.metronome import Schedule, chunk, metronome, written
from conformance.knowledge.latency.sample_rows import row
from conformance.wire.case import Case
from conformance.wire.exchange import EVIDENCE_HEADER, Request
from conformance.wire.transport import send

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The metronome's address, for all tests of the module."""
    with metronome() as found:
        yield found


def ask(http: httpx.Client, address: str, schedule: Schedule) -> Case:
    request = Request("POST", f"{address}?{schedule.query}", {"content-type": "application/json"}, b"{}")
    return Case(send(http, request, "x", decoded=False, emulated=True))


def test_each_event_has_an_arrival_after_it_was_written(address: str) -> None:
    schedule = Schedule(first=0.02, gap=0.01, events=10)
    with httpx.Client(trust_env=False) as http:
        case = ask(http, address, schedule)
    stream, timing = case.reply.stream, case.exchange.timing
    assert stream is not None
    assert timing is not None
    came = [event.arrival or 0.0 for event in stream.events]
    assert came == sorted(came)
    assert len(written(case.reply.choices[0].text)) == 10
    assert came[0] >= (timing.sent or 0.0)
    assert sum(size for _, size in timing.chunks) == len(case.exchange.response.body if case.exchange.response else b"")
    assert timing.end is not None
    assert timing.end >= came[-1]


def test_our_own_server_makes_no_sample_and_neither_does_who_claims_to_be_one(address: str) -> None:
    request = Request("POST", f"{address}?{Schedule(0.0, 0.0, 3).query}", {"content-type": "application/json"}, b"{}")
    with httpx.Client(trust_env=False) as http:
        ours, claimed = (Case(send(http, request, decoded=False, emulated=known)) for known in (True, False))
    assert (ours.exchange.evidence, claimed.exchange.evidence) == ("emulated", "live")
    assert EVIDENCE_HEADER not in (claimed.exchange.response.headers if claimed.exchange.response else {})
    assert (row(ours)["error"], row(claimed)["error"]) == ("no output", "claims to be emulated")


def test_errors_of_the_clock_are_what_we_read_minus_what_was_written(address: str) -> None:
    with httpx.Client(trust_env=False) as http:
        found = [errors(http, address, Schedule(0.01, 0.002, 20)) for _ in range(2)]
    assert [len(gaps) for _, gaps in found] == [19, 19]
    calibration = summary(found)
    assert calibration.streams == 2
    assert calibration.gap_error_p95 >= 0
    assert "calibration on the loopback, 2 streams" in calibration.words


def test_nobody_at_the_address_is_an_exchange_without_an_answer() -> None:
    with httpx.Client(trust_env=False) as http:
        exchange = send(http, Request("POST", "http://127.0.0.1:9/v1/chat/completions", {}, b"{}"), decoded=False)
    assert exchange.response is None
    assert exchange.meta["error"].startswith("ConnectError")
    assert row(Case(exchange))["error"] == "no answer"


def test_an_event_says_when_it_was_written() -> None:
    assert b'"content":"3:0.250000 "' in chunk(3, 0.25)
    assert written("0:0.100000 1:0.200000 ") == [0.1, 0.2]


def test_lag_is_that_of_the_beats_within_the_window() -> None:
    heart = Heartbeat()
    heart._late = [(1.0, 0.5), (2.0, 0.1), (3.0, 0.3)]  # noqa: SLF001 - beats that were made up
    assert heart.lag(1.5, 2.5) == 0.1
    assert heart.lag(1.5, 3.0) == 0.3
    assert heart.lag(5.0, 6.0) == 0.0


def test_a_heart_beats_while_it_is_held() -> None:
    with Heartbeat() as heart:
        before = len(heart._late)  # noqa: SLF001 - that it beats
        while len(heart._late) < before + 3:  # noqa: SLF001
            pass
    times = [at for at, _ in heart._late]  # noqa: SLF001
    assert all(later > earlier for earlier, later in itertools.pairwise(times))
