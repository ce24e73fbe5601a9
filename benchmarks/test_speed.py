"""Chunks per second, on one core: what judging costs beside what the openai SDK needs only to construct its chunk objects.

The SDK gets parsed dicts and does what its stream does with each (`_streaming.Stream.__stream__` hands it to
`_base_client._process_response_data`, which calls `construct_type`); reading events and JSON is not on its bill, but on ours.
Rates are the best of some rounds in this process (what a busy neighbour takes away is no property of the code), with the
garbage collector on for both sides.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import orjson
import pytest
from corpus import CHUNKS, STREAMS, corpus
from openai._models import construct_type
from openai.types.chat import ChatCompletionChunk

from conformance.rules.judging import judge
from conformance.rules.schema_findings import schema_findings
from conformance.rules.table import Severity
from conformance.wire.case import Case
from conformance.wire.json_text import read_json
from conformance.wire.sse import parse_event_stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_benchmark.fixture import BenchmarkFixture

    from conftest import Corpus

ROUNDS = 9
GOAL = 5.0  # times the SDK's rate
SDK, WHOLE = "openai SDK: construct", "all: parse, schema, every rule"


def measure(benchmark: BenchmarkFixture, streams: Corpus, name: str, work: Callable[[], None]) -> None:
    """Run some work over the whole corpus and note its rate."""
    benchmark.pedantic(work, rounds=ROUNDS, warmup_rounds=1)  # type: ignore[no-untyped-call]
    if benchmark.stats is not None:  # None with --benchmark-disable
        streams.rates[name] = len(streams.texts) / benchmark.stats.stats.min


def test_the_corpus_is_what_it_says_and_conforms(streams: Corpus) -> None:
    assert len(streams.texts) == STREAMS * CHUNKS
    findings = [finding for exchange in streams.exchanges for finding in judge(Case(exchange)).findings]
    assert {finding.severity for finding in findings} <= {Severity.NOTE}, findings[:3]


def test_orjson_loads(benchmark: BenchmarkFixture, streams: Corpus) -> None:
    def work() -> None:
        for text in streams.texts:
            orjson.loads(text)

    measure(benchmark, streams, "orjson.loads", work)


def test_openai_sdk_constructs_its_chunks(benchmark: BenchmarkFixture, streams: Corpus) -> None:
    def work() -> None:
        for chunk in streams.chunks:
            construct_type(type_=ChatCompletionChunk, value=chunk)

    measure(benchmark, streams, SDK, work)


def test_parse(benchmark: BenchmarkFixture, streams: Corpus) -> None:
    bodies = [exchange.response.body for exchange in streams.exchanges if exchange.response]

    def work() -> None:
        for body in bodies:
            for event in parse_event_stream(body).events:
                read_json(event.data)

    measure(benchmark, streams, "parse: events and JSON", work)


def test_schema(benchmark: BenchmarkFixture, streams: Corpus) -> None:
    cases = [Case(exchange) for exchange in streams.exchanges]
    for case in cases:
        assert case.reply.succeeded

    def work() -> None:
        for case in cases:
            schema_findings(case)

    measure(benchmark, streams, "schema", work)


def test_everything(benchmark: BenchmarkFixture, streams: Corpus) -> None:
    def work() -> None:
        for exchange in streams.exchanges:
            judge(Case(exchange))

    measure(benchmark, streams, WHOLE, work)


def test_everything_is_five_times_as_fast_as_the_sdk(streams: Corpus) -> None:
    """Last: it compares what the others measured."""
    if not {SDK, WHOLE} <= streams.rates.keys():
        pytest.skip("needs the rates of the SDK and of everything: run the whole file")
    assert streams.rates[WHOLE] >= GOAL * streams.rates[SDK]


def test_twice_the_stream_takes_twice_the_time() -> None:
    """A bound that only a quadratic cost breaks: eight times the bytes in at most sixteen times the time."""
    (short,), (long,) = corpus(streams=1, chunks=2_000), corpus(streams=1, chunks=16_000)

    def seconds(work: Callable[[], object]) -> float:
        times = []
        for _ in range(5):
            start = time.perf_counter()
            work()
            times.append(time.perf_counter() - start)
        return min(times)

    assert seconds(lambda: judge(Case(long))) < 16 * seconds(lambda: judge(Case(short)))
