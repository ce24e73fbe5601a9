"""Answers per second, on one core: the whole judge of answers to URL prompts, from text to verdict and evidence.

The answers are our own labelled rows (ten languages, all labels) and, as long ones, each thrice in a row.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from conformance.knowledge.grounding import judge
from conformance.knowledge.grounding.model import Answer
from conformance.knowledge.grounding.rows import answer_from, question_from
from tools.train_grounding_judge import rows

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

ROUNDS = 7
GOAL = 1_000  # answers a second


@pytest.mark.benchmark(timer=time.process_time)  # of this process: a busy neighbour is no property of the code
@pytest.mark.parametrize("times", [1, 3])
def test_a_thousand_answers_a_second(benchmark: BenchmarkFixture, times: int) -> None:
    asked = [(question_from(row), Answer("\n".join([answer_from(row["response"]).text] * times))) for row in rows()]

    def work() -> None:
        for question, answer in asked:
            judge(question, answer)

    benchmark.pedantic(work, rounds=ROUNDS, warmup_rounds=1)  # type: ignore[no-untyped-call]
    if benchmark.stats is not None:  # None with --benchmark-disable
        rate = len(asked) / benchmark.stats.stats.min
        benchmark.extra_info["answers_per_second"] = round(rate)
        benchmark.extra_info["characters"] = sum(len(answer.text) for _, answer in asked) // len(asked)
        assert rate >= GOAL
