"""Counts of a prompt's tokens: beside those of a cache, and before the prompt is sent."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.rules.judging import judge_session
from conformance.wire.case import Session
from tests.native import ANTHROPIC, ANTHROPIC_MESSAGE, ANTHROPIC_REQUEST, broken, case, judged

USAGE = {"input_tokens": 12, "output_tokens": 30, "cache_read_input_tokens": 1800, "cache_creation_input_tokens": 9}


@pytest.mark.parametrize(
    ("usage", "rules"),
    [
        (USAGE, set()),
        ({**USAGE, "input_tokens": 1809}, {"usage.cache_apart"}),
        ({**USAGE, "input_tokens": 1800, "cache_creation_input_tokens": 0}, {"usage.cache_apart"}),
        ({**USAGE, "input_tokens": 9, "cache_read_input_tokens": 0}, set()),  # few: the same by chance
    ],
)
def test_the_tokens_of_a_cache_are_counted_apart(usage: dict[str, Any], rules: set[str]) -> None:
    assert broken(judged(ANTHROPIC, ANTHROPIC_REQUEST, {**ANTHROPIC_MESSAGE, "usage": usage})) == rules


@pytest.mark.parametrize(("counted", "rules"), [(1700, set()), (2500, set()), (120, {"usage.count_agrees"})])
def test_a_count_is_near_what_the_answer_counts(counted: int, rules: set[str]) -> None:
    asked = {key: value for key, value in ANTHROPIC_REQUEST.items() if key != "stop_sequences"}
    cases = (
        case(
            f"{ANTHROPIC}/count_tokens",
            {key: asked[key] for key in ("model", "messages", "tools")},
            {"input_tokens": counted},
        ),
        case(ANTHROPIC, asked, {**ANTHROPIC_MESSAGE, "usage": USAGE}),
    )
    assert {finding.rule for finding in judge_session(Session(cases)).findings} == rules
