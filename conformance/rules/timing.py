"""When things arrived: budgets in seconds, judged on recorded arrivals.

A stall of the network looks like one of the server; so these are warnings. A regression is one of recorded runs, never of a single answer.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule
from conformance.rules.views.latency import ComparedRuns, compared_runs
from conformance.rules.views.timing import TimedStream, timed_stream

if TYPE_CHECKING:
    from collections.abc import Iterator

_SSE = "https://html.spec.whatwg.org/multipage/server-sent-events.html#authoring-notes (read 2026-11-21)"
_TTFT_BUDGET = 20.0  # seconds; two thirds of the 30 s at which common proxies give up (Heroku H12)
_AFTER_HEADERS_BUDGET = 15.0  # seconds; a client that got its 200 thinks the answer has begun
_GAP_BUDGET = (
    5.0  # seconds; pipecat's users heard nothing for 3.5 to 8.9 s and took the call for dead (pipecat-ai/pipecat#5842)
)
_SILENCE_BUDGET = 15.0  # seconds; the standard asks for a comment line "every 15 seconds or so"
_BURST_EVENTS, _BURST_WAIT = 32, 1.0


@rule(
    "timing.ttft_budget",
    over=timed_stream,
    severity=Severity.WARNING,
    source="https://devcenter.heroku.com/articles/request-timeout (read 2026-11-21): 30 s to the first byte",
    breaks="proxies answer 503 in the provider's place",
    example="the first token after 37 seconds",
)
def ttft_budget(timed: TimedStream) -> Iterator[Finding]:
    """The first output arrives within 20 seconds."""
    if timed.wait > _TTFT_BUDGET:
        yield Finding(
            "", f"first output after {timed.wait:.1f} s", f"at most {_TTFT_BUDGET:.0f} s", timed.outputs[0][0]
        )


@rule(
    "timing.headers_to_first_output",
    over=timed_stream,
    severity=Severity.WARNING,
    source=_SSE,
    breaks="read time-outs, which start anew with the headers, end calls that a 503 would have sent to a fallback",
    example="200 at once, the first token 30 seconds later",
)
def headers_to_first_output(timed: TimedStream) -> Iterator[Finding]:
    """The first output follows the response's headers within 15 seconds."""
    headers = timed.timing.headers
    if headers is not None and timed.wait - headers > _AFTER_HEADERS_BUDGET:
        received = f"first output {timed.wait - headers:.1f} s after the headers"
        yield Finding("", received, f"at most {_AFTER_HEADERS_BUDGET:.0f} s", timed.outputs[0][0])


@rule(
    "timing.interchunk_gap",
    over=timed_stream,
    severity=Severity.WARNING,
    source="https://github.com/pipecat-ai/pipecat/issues/5842 (read 2026-11-21): 3.5 to 8.9 s without a sentence",
    breaks="voice and chat front ends take the answer for finished",
    example="8.9 seconds between two deltas",
)
def interchunk_gap(timed: TimedStream) -> Iterator[Finding]:
    """Once output flows, no two pieces of it are more than 5 seconds apart."""
    for (_, before), (event, after) in zip(timed.outputs, timed.outputs[1:], strict=False):
        if after - before > _GAP_BUDGET:
            yield Finding("", f"a gap of {after - before:.1f} s", f"at most {_GAP_BUDGET:.0f} s", event)
            return


@rule(
    "timing.incremental_delivery",
    over=timed_stream,
    severity=Severity.WARNING,
    source=_SSE,
    breaks="nothing: the stream is a slow plain answer",
    example="40 deltas in one read, three seconds after the request",
)
def incremental_delivery(timed: TimedStream) -> Iterator[Finding]:
    """A longer answer arrives while it is generated, not in one burst at the end.

    Judged from 32 pieces of output on: fewer may come out of a fast server at once. A burst is two reads or fewer after a wait
    of a second or more.
    """
    arrivals = {arrival for _, arrival in timed.outputs}
    if len(timed.outputs) >= _BURST_EVENTS and len(arrivals) <= 2 and timed.wait >= _BURST_WAIT:  # noqa: PLR2004 - two reads
        received = f"{len(timed.outputs)} pieces in {len(arrivals)} reads after {timed.wait:.1f} s"
        yield Finding("", received, "pieces spread over the generation", timed.outputs[0][0])


@rule(
    "sse.keepalive_during_silence",
    over=timed_stream,
    severity=Severity.WARNING,
    source=_SSE,
    breaks="load balancers cut idle connections at 60 s (AWS ALB, nginx), some at 30 s",
    example="no byte for 26 seconds while the model reasons",
)
def keepalive_during_silence(timed: TimedStream) -> Iterator[Finding]:
    """No silence on the wire is longer than 15 seconds: comments fill it."""
    reads = timed.reads
    longest = max((after - before for before, after in itertools.pairwise(reads)), default=0.0)
    if longest > _SILENCE_BUDGET:
        yield Finding("", f"{longest:.1f} s without a byte", f"a comment line within {_SILENCE_BUDGET:.0f} s")


@rule(
    "timing.regression",
    over=compared_runs,
    when_seen="runs that `conformance latency TARGET --record` recorded",
    over_target=True,
    severity=Severity.ERROR,
    source="https://doi.org/10.2202/1544-6115.1027 (Smyth 2004, the moderated t; read 2026-11-21); benchmarks/latency_power.py",
    breaks="nothing: users wait longer, and time-outs that were set in better days come nearer",
    example="TTFT x1.52 (90 % 1.31 to 1.76) over 5 baseline runs, up in 2 of 2 candidate runs",
)
def regression(compared: ComparedRuns) -> Iterator[Finding]:
    """The newest recorded runs of a target are not slower than its past, and fail no more often.

    The unit is the run: two of them have to be up before it is a regression. Without recorded runs of two labels there is nothing
    to compare. What the server says that it took, and the tails, are shown by `conformance latency`, and decide nothing.
    """
    for cell, metric, entry in compared.deciding():
        if entry.verdict == "regression":
            interval = f" (90 % {entry.ci[0]:.2f} to {entry.ci[1]:.2f})" if entry.ci else ""
            ratio = f"is x{entry.ratio:.2f}{interval}: " if entry.ratio else "are more: "
            yield Finding(f"/{cell.workload}/{metric}", f"{ratio}{entry.reason}", "no change that users notice")
