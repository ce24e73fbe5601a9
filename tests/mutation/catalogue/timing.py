"""Arrivals: bursts, gaps, silence, a slow first token."""

from __future__ import annotations

from tests.mutation.event_operators import arrivals, insert, one_read
from tests.mutation.mutant import mutant
from tests.mutation.operators import then

SILENT = "sse.keepalive_during_silence"
LATE = "timing.headers_to_first_output"


def _stall(seconds: float, after: int = 3) -> object:
    return arrivals(lambda number: 0.4 + 0.05 * number + (seconds if number > after else 0))


MUTANTS = [
    mutant("burst-in-one-read", one_read(2.5), "stream-timed", "timing.incremental_delivery"),
    mutant(
        "burst-after-the-role",
        arrivals(lambda number: 0.4 if number == 0 else 3.0),
        "stream-timed",
        "timing.incremental_delivery",
    ),
    mutant("gap", _stall(8), "stream-timed", "timing.interchunk_gap"),
    mutant("gap-in-a-call", _stall(8, after=2), "stream-tool-timed", "timing.interchunk_gap"),
    mutant("silence", _stall(20), "stream-timed", "timing.interchunk_gap", SILENT),
    mutant("silence-in-a-call", _stall(20, after=2), "stream-tool-timed", "timing.interchunk_gap", SILENT),
    mutant(
        "first-output-late",
        arrivals(lambda number: 26 + 0.05 * number),
        "stream-timed stream-tool-timed",
        "timing.ttft_budget",
        LATE,
        SILENT,
    ),
    mutant(
        "first-output-late-with-comments",
        then(
            insert(0, b": w\n\n", b": w\n\n"),
            arrivals(lambda number: (9, 18)[number] if number < 2 else 26 + 0.05 * number),
        ),
        "stream-timed stream-tool-timed",
        "timing.ttft_budget",
        LATE,
    ),
    mutant(
        "first-output-late-after-the-headers",
        arrivals(lambda number: (9.0 if number == 0 else 17.0) + 0.05 * number),
        "stream-timed stream-tool-timed",
        LATE,
    ),
    mutant(
        "silence-before-the-end",
        arrivals(lambda number: 0.4 + 0.05 * number + (16 if number > 70 else 0)),
        "stream-timed",
        "timing.interchunk_gap",
        SILENT,
    ),
]
