"""Consumer profiles: one run, judged for one kind of client; what was not checked never fits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conformance.cli import main
from conformance.errors import UnusableInputError
from conformance.knowledge.clients import breaks, hit_by
from conformance.rules.table import RULES
from conformance.runs.profile import Fit, Profile, load_profiles, outcomes, read_profile

PROFILE = Profile("p", "a client", frozenset({"usage.sum", "tool_call.id_once"}))
SAMPLES = Path(__file__).parents[1] / "samples" / "traffic" / "exchanges"


def run(**verdicts: str) -> dict[str, Any]:
    cells = [
        {
            "target": "groq/m",
            "rule": rule.replace("__", "."),
            "verdict": verdict,
            "reason": "why",
            "evidence": ["recorded"],
        }
        for rule, verdict in verdicts.items()
    ]
    return {"targets": ["groq/m"], "cells": cells}


@pytest.mark.parametrize(
    ("verdict", "strict", "compat"),
    [
        ("pass", Fit.FITS, Fit.FITS),
        ("fail", Fit.BREAKS, Fit.BREAKS),
        ("known", Fit.BREAKS, Fit.FITS),
        ("skip", Fit.NOT_KNOWN, Fit.NOT_KNOWN),
        ("inconclusive", Fit.NOT_KNOWN, Fit.NOT_KNOWN),
        ("emulated", Fit.NOT_KNOWN, Fit.NOT_KNOWN),
    ],
)
def test_one_needed_rule_decides(verdict: str, strict: Fit, compat: Fit) -> None:
    (outcome,) = outcomes(run(usage__sum=verdict, tool_call__id_once="pass"), PROFILE)
    assert (outcome.strict, outcome.compat) == (strict, compat)


def test_a_rule_that_the_client_does_not_need_breaks_nothing() -> None:
    (outcome,) = outcomes(run(usage__sum="pass", stream__failed_midway="fail"), PROFILE)
    assert outcome.compat is Fit.FITS


def test_a_target_without_a_judged_rule_never_fits() -> None:
    (outcome,) = outcomes(run(usage__sum="n/a"), PROFILE)
    assert outcome.compat is Fit.NOT_KNOWN


def test_every_shipped_profile_needs_rules_of_the_table() -> None:
    profiles = load_profiles()
    assert {"plain-chat", "agent", "extraction", "rag-with-citations", "responses-agent", "openai"} <= profiles.keys()
    for profile in profiles.values():
        assert profile.rules
        assert profile.rules <= RULES.keys()
        assert profile.about


def test_breaks_name_rules_of_the_table_and_the_worst_outcome() -> None:
    assert {entry.rule for entry in breaks()} <= RULES.keys()
    assert hit_by("stream.truncated_without_finish")["openai"] == "hung"
    assert hit_by("no.such_rule") == {}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('rules = ["tool_cal.*"]', "fits no rule"),
        ("rules = 3", "lists of texts"),
        ("", "needs no rule"),
        ('rules = ["usage.*"]\nat_least = "fatal"', "'fatal'"),
        ('ruels = ["usage.*"]', "did you mean rules?"),
    ],
)
def test_a_broken_profile_is_one_error(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(UnusableInputError, match=r"ours\.toml") as raised:
        read_profile(path)
    assert complaint in str(raised.value)


def test_a_profile_is_inferred_from_traffic_and_reads_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = min(SAMPLES.glob("*.jsonl"))
    out = tmp_path / "ours.toml"
    assert main(["profile", "--infer", str(source), "--out", str(out)]) == 0
    assert "exchange" in capsys.readouterr().out
    assert read_profile(out).rules


def test_the_command_says_who_fits_and_exits_as_the_worst(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "results.json"
    cells = [
        {**cell, "severity": "error", "probes": [], "provoking": {"judged": 0, "of": 0}, "notices": [], "findings": []}
        for cell in run(tool_call__id_nonempty="fail", tool_call__id_once="pass")["cells"]
    ]
    results = {
        "headline": "h", "exit_reason": "r", "judged_on": {}, "tool": "t", "as_of": "2026-11-21", "fail_on": "error", "live": False,
        "options": [], "exit_code": 1, "targets": ["groq/m"], "named": [], "selectable": 2, "keywords": {}, "cells": cells,
    }  # fmt: skip
    path.write_text(json.dumps(results), "utf-8")
    assert main(["profile", "agent", "--results", str(path)]) == 1
    assert (
        "groq/m: strict breaks, compat breaks (2 rules judged)\n  fail: tool_call.id_nonempty: why"
        in capsys.readouterr().out
    )
    assert main(["profile", "agnet", "--results", str(path)]) == 3
    assert main(["profile", "agent", "--results", str(path), "--target", "nobody"]) == 3
