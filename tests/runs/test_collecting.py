"""An audit looks for cycles seldom, and leaves the process as it was."""

from __future__ import annotations

import gc

from benchmarks.corpus import corpus
from conformance.rules.judging import judge
from conformance.runs.collecting import collected_seldom
from conformance.wire.case import Case


def test_the_collector_is_as_it_was_behind_the_block() -> None:
    before = gc.get_threshold()
    with collected_seldom():
        assert gc.isenabled()
        assert gc.get_threshold()[0] > before[0]
    assert gc.get_threshold() == before


def test_what_was_judged_is_gone_without_a_collection() -> None:
    for exchange in corpus(streams=12, chunks=40):  # each way of writing a stream, calls of tools among them
        judge(Case(exchange))
        gc.collect()
        gc.disable()
        try:
            judge(Case(exchange))
            assert gc.collect() == 0, exchange.id
        finally:
            gc.enable()
