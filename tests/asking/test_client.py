"""Asking: what arrives is kept as it arrived, what decides nothing is asked again, in time and within the budget."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import pytest
from world import KEY, PROBES

from conformance.asking.client import Client
from conformance.asking.limits import Budget, BudgetSpentError, Pace
from conformance.asking.retrying import seconds_before_retry
from conformance.knowledge.usability import Expected, usability
from conformance.probes import Probe, Step
from conformance.providers import Target, load_providers
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Request, Response
from conformance.wire.transport import send

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Answers = Callable[[httpx.Request], httpx.Response]

COMPLETION = Expected("completion")
ANSWER = {"choices": [{"index": 0, "message": {"role": "assistant", "content": "x"}, "finish_reason": "stop"}]}
REQUEST = Request("POST", "https://fake.example/v1/chat/completions", {"content-type": "application/json"}, b"{}")
TARGET = Target(load_providers()["groq"], "m", "openai-chat")


class Stream(httpx.SyncByteStream):
    """Reads that arrive one by one, and how they end."""

    def __init__(self, *reads: bytes, end: Exception | None = None) -> None:
        self.reads, self.end = reads, end

    def __iter__(self) -> Iterator[bytes]:
        """Yield the reads, and end."""
        yield from self.reads
        if self.end is not None:
            raise self.end


def captured(answer: Answers) -> Exchange:
    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        return send(http, REQUEST, "x", decoded=True)


def streamed(*reads: bytes, end: Exception | None = None) -> Exchange:
    headers = {"content-type": "text/event-stream"}
    return captured(lambda _: httpx.Response(200, headers=headers, stream=Stream(*reads, end=end)))


def refuse(error: Exception) -> Answers:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    return answer


def test_each_read_is_kept_with_its_arrival() -> None:
    exchange = streamed(b"data: 1\n\n", b"data: 2\n\n")
    assert exchange.response is not None
    assert exchange.timing is not None
    assert (exchange.response.body, exchange.response.eof) == (b"data: 1\n\ndata: 2\n\n", "clean")
    assert [size for _, size in exchange.timing.chunks] == [9, 9]
    arrivals = [arrival for arrival, _ in exchange.timing.chunks]
    assert arrivals == sorted(arrivals)
    assert exchange.evidence == "live"


@pytest.mark.parametrize(
    ("end", "eof"),
    [
        (httpx.RemoteProtocolError("peer closed connection"), "reset"),
        (httpx.ReadError("connection reset"), "reset"),
        (httpx.DecodingError("not gzip"), "reset"),
        (httpx.ReadTimeout("timed out"), "timeout"),
    ],
)
def test_a_stream_that_breaks_midway_is_kept_as_far_as_it_came(end: Exception, eof: str) -> None:
    exchange = streamed(b"data: 1\n\n", end=end)
    assert exchange.response is not None
    assert (exchange.response.body, exchange.response.eof) == (b"data: 1\n\n", eof)
    assert usability(Case(exchange), COMPLETION).why == f"the connection broke ({eof})"


@pytest.mark.parametrize("error", [httpx.ConnectError("refused"), httpx.ConnectTimeout("timed out")])
def test_a_connection_that_never_answered_has_no_response_and_says_why(error: Exception) -> None:
    exchange = captured(refuse(error))
    assert exchange.response is None
    assert (
        usability(Case(exchange), COMPLETION).why == f"the connection never answered ({type(error).__name__}: {error})"
    )


def test_headers_that_repeat_are_folded() -> None:
    exchange = captured(lambda _: httpx.Response(200, headers=[("X-A", "1"), ("x-a", "2")]))
    assert exchange.response is not None
    assert exchange.response.headers["x-a"] == "1, 2"


@dataclass
class Desk:
    """A client whose transport answers in turn, on a clock that only its own waiting moves."""

    answers: list[httpx.Response | Exception]
    budget: int = 100
    per_minute: int | None = None
    auth: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    jitter: Callable[[float, float], float] = min
    waits: list[float] = field(default_factory=list)
    asked: list[httpx.Request] = field(default_factory=list)

    def ask(self, *steps: Step) -> tuple[Exchange, ...]:
        """Ask a probe of these steps; of none, `plain`."""
        probe = Probe(
            "p", "asks", "openai-chat", (), (), steps or PROBES["plain"].steps, PROBES["plain"].file, "0" * 16
        )
        with httpx.Client(transport=httpx.MockTransport(self._answer)) as http:
            pace = Pace(self.per_minute, now=lambda: sum(self.waits), sleep=self.waits.append)
            given = (self.auth, self.headers, Budget(self.budget), pace)
            client = Client(TARGET, http, "https://fake.example/v1", *given, jitter=self.jitter)
            return client.ask(probe)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0) if self.answers else httpx.Response(200, json=ANSWER)
        if isinstance(answer, Exception):
            raise answer
        return answer


def statuses(exchanges: tuple[Exchange, ...]) -> list[int | None]:
    return [each.response.status if each.response else None for each in exchanges]


def test_what_decides_nothing_is_asked_again_and_kept_as_metadata() -> None:
    desk = Desk([httpx.Response(429), httpx.Response(503), httpx.Response(200, json={})])
    (exchange,) = desk.ask()
    assert statuses((exchange,)) == [200]
    assert [attempt["why"] for attempt in exchange.meta["attempts"]] == ["status 429", "status 503"]
    assert desk.waits == [0.5, 1.0]


def test_a_broken_connection_is_asked_again_too() -> None:
    desk = Desk([httpx.ConnectError("refused"), httpx.Response(200, json={})])
    assert statuses(desk.ask()) == [200]


def test_asking_again_is_bounded_and_the_last_answer_stands() -> None:
    desk = Desk([httpx.Response(500) for _ in range(9)])
    exchanges = desk.ask()
    assert statuses(exchanges) == [500]
    assert len(desk.asked) == 3


def test_an_error_of_the_client_is_an_answer_and_is_not_asked_again() -> None:
    desk = Desk([httpx.Response(400)])
    assert statuses(desk.ask()) == [400]
    assert len(desk.asked) == 1


def test_retry_after_is_honoured() -> None:
    desk = Desk([httpx.Response(429, headers={"retry-after": "7"}), httpx.Response(200, json={})])
    desk.ask()
    assert desk.waits == [7.0]


def test_a_hint_in_the_body_is_honoured_where_no_header_states_one() -> None:
    refusal = {"error": {"message": "Please try again in 1m2.5s.", "code": "rate_limit_exceeded"}}
    desk = Desk(
        [
            httpx.Response(429, json=refusal | {"error": {"message": "Please try again in 7.66s."}}),
            httpx.Response(429, json=refusal),
        ]
    )
    desk.ask()
    assert desk.waits == [7.66], "the second hint is longer than a minute"


def test_chance_makes_a_wait_longer_and_never_shorter() -> None:
    desk = Desk([httpx.Response(429, headers={"retry-after": "8"}), httpx.Response(500)], jitter=max)
    desk.ask()
    assert desk.waits == [10.0, 1.25]


@pytest.mark.parametrize("status", [408, 409, 425, 498])
def test_a_refusal_that_passes_by_itself_is_asked_again(status: int) -> None:
    desk = Desk([httpx.Response(status), httpx.Response(200, json={})])
    (exchange,) = desk.ask()
    assert statuses((exchange,)) == [200]
    assert [attempt["why"] for attempt in exchange.meta["attempts"]] == [f"status {status}"]


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(
            429, json={"error": {"message": "You exceeded your current quota.", "code": "insufficient_quota"}}
        ),
        httpx.Response(500, headers={"x-should-retry": "false"}),
    ],
)
def test_what_waiting_does_not_mend_is_asked_once(answer: httpx.Response) -> None:
    desk = Desk([answer])
    desk.ask()
    assert len(desk.asked) == 1


def test_a_spent_quota_is_not_waited_for() -> None:
    desk = Desk([httpx.Response(429, headers={"retry-after": "3600"})])
    assert statuses(desk.ask()) == [429]
    assert (len(desk.asked), desk.waits) == (1, [])


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("1.5", 1.5),
        ("-3", 0.0),
        ("60", 60.0),
        ("61", None),
        ("inf", None),
        ("Sat, 21 Nov 2026 12:00:30 GMT", 30.0),
        ("Sat, 21 Nov 2026 12:00:30 -0000", 30.0),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0.0),
        ("Sun, 22 Nov 2026 12:00:00 GMT", None),
        ("soon", 0.5),
        ("", 0.5),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    exchange = Exchange("x", REQUEST, Response(429, {"retry-after": value}), recorded_at=noon)
    assert seconds_before_retry(exchange, 0) == seconds


def test_requests_keep_the_interval_that_the_limit_asks_for() -> None:
    desk = Desk([], per_minute=30)
    desk.ask(*[Step(body={"messages": []})] * 3)
    assert desk.waits == [2.0, 2.0]


def test_without_a_limit_nobody_waits() -> None:
    desk = Desk([])
    desk.ask(*[Step(body={"messages": []})] * 3)
    assert desk.waits == []


def test_the_budget_counts_every_request_retries_included() -> None:
    desk = Desk([httpx.Response(500), httpx.Response(500)], budget=2)
    assert statuses(desk.ask()) == [500], "what came is kept, and nothing is sent beyond"
    assert len(desk.asked) == 2


def test_a_conversation_that_the_budget_cuts_is_no_answer() -> None:
    with pytest.raises(BudgetSpentError):
        Desk([], budget=1).ask(*[Step(body={"messages": []})] * 2)


def test_a_conversation_ends_at_an_answer_that_decides_nothing() -> None:
    desk = Desk([httpx.Response(500)] * 3)
    assert statuses(desk.ask(*[Step(body={"messages": []})] * 2)) == [500]


def test_a_conversation_ends_where_it_cannot_be_gone_on_from() -> None:
    desk = Desk([httpx.Response(200, json={"choices": []})])
    steps = (Step(body={"messages": []}), Step(body={"messages": [{"$reply": 0}]}))
    assert statuses(desk.ask(*steps)) == [200]


def test_only_a_step_that_sends_the_key_gets_it_and_every_step_gets_the_users_headers() -> None:
    desk = Desk([], auth={"authorization": f"Bearer {KEY}"}, headers={"x-gateway": "blue"})
    desk.ask(*(Step(body={"messages": []}, auth=auth) for auth in ("key", "none", "invalid")))  # type: ignore[arg-type]
    sent = [request.headers.get("authorization") for request in desk.asked]
    assert sent == [f"Bearer {KEY}", None, "Bearer sk-conformance-invalid-key"]
    assert [request.headers["x-gateway"] for request in desk.asked] == ["blue"] * 3


def test_an_exchange_says_whose_it_is_and_where_in_the_conversation() -> None:
    exchanges = Desk([]).ask(*[Step(body={"messages": []})] * 2)
    assert [(each.provider, each.dialect, each.session, each.interaction) for each in exchanges] == [
        ("groq", "openai-chat", "p", 0),
        ("groq", "openai-chat", "p", 1),
    ]
    assert len({each.id for each in exchanges}) == 2
