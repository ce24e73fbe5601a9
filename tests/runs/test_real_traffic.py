"""Real bugs are caught and real traffic of good providers raises no false error. It needs the material beside the checkout."""

from __future__ import annotations

import io
import json
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from conformance.providers import load_providers
from conformance.rules.table import Severity
from conformance.runs.audit import audit

SHARED = Path(__file__).parents[3] / "shared"
BUGS = SHARED / "bugs" / "dev.jsonl"
TRAFFIC = SHARED / "traffic" / "exchanges"

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the recorded traffic and bugs are not beside this checkout"
)

#: Bugs whose exchange does not show them, or shows what another bug calls legal.
OUT_OF_REACH = {
    "B061": "a forced call that ends 'stop' is documented as legal",
    "B258": "the exchange carries no timing",
    "B265": "it takes two hosts of one model: a matter of `diff`, not of a cell",
    "B268": "whether a link resolves takes the network: a matter of `grounding`",
}
#: Error findings on successful, full, not synthetic exchanges, each looked at: all are what was sent, none is false.
EXPLAINED = {
    "openai": {
        "finish_reason.terminal_required": 1,  # gpt-4-vision-preview sent finish_details in its place
        "usage.final_chunk_when_requested": 2,  # two streams of one recording end without the usage chunk
    },
    "anthropic": {},
    "mistral": {
        "content.string_or_null": 691,  # reasoning models answer with a list of parts
        "tool_call.index_required": 1,
        "tool_call.first_delta_complete": 1,
    },
}


def lines_of(path: Path) -> list[dict[str, Any]]:
    out = io.StringIO()
    providers = load_providers()
    audit([path], fail_on=Severity.ERROR, as_of=date(2026, 11, 21), providers=providers, format="jsonl", out=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def findings() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row, line in zip(rows_of(BUGS), lines_of(BUGS), strict=True):
        found[row["session"]] += [each["rule"] for each in line["findings"] if each["severity"] != "note"]
    return found


def test_bugs_are_caught_but_for_those_out_of_reach(findings: dict[str, list[str]]) -> None:
    bugs = {row["session"] for row in rows_of(BUGS) if not row["meta"]["negative_control"]}
    missed = {bug for bug in bugs if not findings[bug]}
    assert len(bugs) == 158
    assert missed <= OUT_OF_REACH.keys()


def test_no_negative_control_is_flagged(findings: dict[str, list[str]]) -> None:
    controls = {row["session"] for row in rows_of(BUGS) if row["meta"]["negative_control"]}
    assert {control: findings[control] for control in controls} == {control: [] for control in controls}


@pytest.mark.parametrize("provider", sorted(EXPLAINED))
def test_errors_on_successful_traffic_are_explained(provider: str) -> None:
    path = TRAFFIC / f"{provider}.jsonl"
    counts: Counter[str] = Counter()
    for row, line in zip(rows_of(path), lines_of(path), strict=True):
        trusted = row["fidelity"] == "full" and not row["meta"].get("suspect_synthetic")
        if trusted and line["status"] and 200 <= line["status"] < 300:
            counts.update(each["rule"] for each in line["findings"] if each["severity"] == "error")
    assert counts == EXPLAINED[provider]
