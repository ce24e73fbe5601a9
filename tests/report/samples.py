"""Results files for the tests of the page and the summary."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import conformance.rules  # noqa: F401 - registers the built-in rules
from conformance.report.headline import headline, standings
from conformance.report.reasons import exit_words
from conformance.rules.table import RULES
from conformance.verdicts.cell import Verdict

PROVOKER = "tools_required_stream"
TARGETS = (
    "cerebras/gpt-oss-120b",
    "groq/llama-3.3-70b-versatile",
    "groq/openai/gpt-oss-120b",
    "huggingface/meta-llama/Llama-3.3-70B-Instruct",
    "llamacpp/smollm2-135m-instruct",
    "mistral/mistral-small-latest",
    "openai/gpt-5.2@openai-responses",
    "openrouter/anthropic/claude-sonnet-4.5",
)


def cell(target: str, rule: str, verdict: str, **more: object) -> dict[str, Any]:
    """Return one cell, with as many findings as its verdict asks for."""
    known = verdict == "known"
    findings = [finding(known=known)] if verdict in {"fail", "known"} else []
    reason = {
        "fail": f"{PROVOKER}: {finding()['message']}",
        "inconclusive": f"{PROVOKER}: status 429",
        "skip": f"{PROVOKER} has no exchange: conformance record {target} --missing",
        "known": "the index is left out of single calls (https://example.com/issues/17)",
        "pass": f"clean on {PROVOKER}",
        "emulated": "emulated evidence only (pass)",
        "n/a": f"no probe provokes {rule}",
    }[verdict]
    evidence = {"skip": [], "n/a": [], "emulated": ["emulated"]}.get(verdict, ["recorded"])
    severity = RULES[rule].severity.value if rule in RULES else "error"
    return {
        "target": target,
        "rule": rule,
        "severity": severity,
        "verdict": verdict,
        "reason": reason,
        "probes": [] if verdict in {"skip", "n/a"} else [PROVOKER],
        "provoking": {"judged": 0 if verdict in {"skip", "n/a"} else 1, "of": 1},
        "evidence": evidence,
        "notices": [],
        "findings": findings,
    } | more


def finding(message: str = "", *, known: bool = False) -> dict[str, Any]:
    """Return one finding."""
    pointer = "/choices/0/delta/tool_calls/0/index"
    said = message or "event 14: choices[0].delta.tool_calls[0].index is missing, expected an integer"
    return {"probe": PROVOKER, "exchange": "x1", "message": said, "pointer": pointer, "event": 14, "known": known}


def run(*cells: dict[str, Any], exit_code: int = 1, live: bool = False, **more: Any) -> dict[str, Any]:
    """Return a results file with these cells."""
    results = {
        "tool": "llm-provider-conformance 0.1.0",
        "as_of": "2026-11-21",
        "fail_on": "error",
        "live": live,
        "options": [],
        "exit_code": exit_code,
        "targets": sorted({each["target"] for each in cells}),
        "named": [],
        "selectable": len(cells),
        "keywords": {},
        "cells": list(cells),
    } | more
    return {
        "headline": headline(results),
        "exit_reason": exit_words(results),
        "judged_on": standings(results),
        **results,
    }


def every_verdict(target: str = TARGETS[0]) -> dict[str, Any]:
    """Return one target with one cell of each verdict."""
    return run(*(cell(target, rule, verdict) for rule, verdict in zip(RULES, Verdict, strict=False)))


def realistic(targets: tuple[str, ...] = TARGETS, seed: int = 7) -> dict[str, Any]:
    """Return every rule for every target with mixed verdicts: one target emulated, one never asked, the rest mostly clean."""
    dice = random.Random(seed)  # noqa: S311 - a sample, no secret
    shares = {"pass": 66, "n/a": 22, "known": 4, "fail": 3, "skip": 3, "inconclusive": 2}
    cells = []
    for number, target in enumerate(targets):
        for rule in RULES:
            verdict = dice.choices(list(shares), list(shares.values()))[0]
            if target.startswith("openai/"):
                verdict = "n/a" if verdict == "n/a" else "emulated"
            elif number % 8 == 5:
                verdict = "n/a" if verdict == "n/a" else "skip"
            elif number % 8 == 0 and verdict != "n/a":
                verdict = "pass"
            more: dict[str, Any] = {}
            if verdict == "known":
                more["notices"] = [
                    "the deviation at groq.toml:41 ended on 2026-11-01: a live run will hold it against the provider"
                ]
            if verdict == "pass" and dice.random() < 0.1:
                more |= {"severity": "note", "findings": [finding("x_groq is unknown, expected no such field")]}
            cells.append(cell(target, rule, verdict, **more))
    return run(*cells)


def counted(results: dict[str, Any], target: str, subject: str) -> Counter[str]:
    """Count a target's verdicts in one subject."""
    return Counter(
        each["verdict"]
        for each in results["cells"]
        if each["target"] == target and each["rule"].partition(".")[0] == subject
    )
