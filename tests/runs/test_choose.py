"""A choice among targets: only what was measured ranks, a broken target never wins, and the fallback is another provider's."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from conformance.cli import main
from conformance.knowledge.latency.runs import Cell, Run
from conformance.providers import load_providers
from conformance.runs.choose import choose

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 11, 21)
A, B, C = "groq/openai/gpt-oss-120b", "cerebras/gpt-oss-120b", "groq/openai/gpt-oss-20b"


def run(*cells: tuple[str, str, str], evidence: str = "recorded") -> dict[str, Any]:
    return {
        "targets": sorted({target for target, _, _ in cells}), "options": [], "named": [],
        "cells": [
            {"target": target, "rule": rule, "severity": "error", "verdict": verdict, "reason": "", "probes": [], "notices": [],
             "provoking": {"judged": 1, "of": 1}, "evidence": ["emulated" if verdict == "emulated" else evidence], "findings": []}
            for target, rule, verdict in cells
        ],
    }  # fmt: skip


def timed(target: str, ttft: float, tokens: int = 100) -> Run:
    rows = ({"ttft": ttft, "e2e": 1.0, "output_tokens": tokens},)
    return Run(f"r-{target}", Cell(target, "short", "here"), "today", datetime(2026, 11, 20, tzinfo=UTC), "h", rows)


def ranked(results: dict[str, Any], *runs: Run, **options: Any) -> list[str]:
    return [one.target for one in choose(results, load_providers(), runs, DAY, **options).ranked]


def test_emulated_evidence_never_ranks() -> None:
    choice = choose(run((A, "usage.sum", "emulated")), load_providers(), (), DAY)
    assert choice.ranked == ()
    assert choice.left_out[0][0] == A
    assert "conformance record" in choice.left_out[0][2]


def test_a_failing_target_never_stands_before_one_that_conforms() -> None:
    results = run((A, "usage.sum", "fail"), (B, "usage.sum", "pass"))
    assert ranked(results, timed(A, 0.1), timed(B, 9.0), priority="latency") == [B, A]


def test_the_faster_one_wins_where_latency_decides() -> None:
    results = run((A, "usage.sum", "pass"), (B, "usage.sum", "pass"))
    assert ranked(results, timed(A, 0.4), timed(B, 0.2), priority="latency") == [B, A]
    assert ranked(results, timed(A, 0.4, 300), timed(B, 0.2, 100), priority="speed") == [A, B]


def test_what_was_not_measured_does_not_rank_by_that_measure() -> None:
    results = run((A, "usage.sum", "pass"), (B, "usage.sum", "pass"))
    choice = choose(results, load_providers(), (timed(A, 0.4),), DAY, priority="latency")
    assert [one.target for one in choice.ranked] == [A]
    assert choice.left_out == ((B, "its latency was not measured", f"conformance latency {B} --record"),)


def test_a_known_deviation_costs_quality() -> None:
    results = run((A, "usage.sum", "known"), (B, "usage.sum", "pass"))
    assert ranked(results, priority="quality") == [B, A]


def test_the_fallback_is_of_another_provider() -> None:
    results = run((A, "usage.sum", "pass"), (B, "usage.sum", "known"), (C, "usage.sum", "known"))
    choice = choose(results, load_providers(), (), DAY, priority="quality")
    assert choice.fallback is not None
    assert (choice.ranked[0].target, choice.fallback.target) == (A, B)


def test_a_target_without_a_needed_capability_is_left_out() -> None:
    choice = choose(run((A, "usage.sum", "pass")), load_providers(), (), DAY, needs=["telepathy"])
    assert choice.ranked == ()
    assert choice.left_out == ((A, "it has no telepathy", ""),)


@pytest.mark.parametrize(
    ("form", "mark"),
    [
        ("text", "1. groq/"),
        ("json", '"ranked"'),
        ("toml", "[llm]"),
        ("litellm-config", '"model_list"'),
        ("env", "LLM_MODEL=groq/"),
    ],
)
def test_the_verb_prints_each_form(form: str, mark: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = {
        "headline": "h", "exit_reason": "r", "judged_on": {}, "tool": "t", "as_of": "2026-11-21", "fail_on": "error", "live": False,
        "exit_code": 0, "selectable": 1, "keywords": {}, **run((A, "usage.sum", "pass")),
    }  # fmt: skip
    path = tmp_path / "results.json"
    path.write_text(json.dumps(results), "utf-8")
    words = ["choose", "--results", str(path), "--reports", str(tmp_path), "--as-of", "2026-11-21", "--format", form]
    assert main(words) == 0
    assert mark in capsys.readouterr().out
    assert main([*words, "--fallback"]) == 2
