"""Answers that broke clients are caught, and the traffic of good providers raises no false error."""

from __future__ import annotations

import io
import json
from collections import Counter, defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from conformance.providers import load_providers
from conformance.rules.table import Severity
from conformance.runs.audit import audit
from tests.samples.material import SAMPLE, at_hand, rows_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.samples.material import Material

#: Bugs whose exchange does not show them, or shows what another bug calls legal.
OUT_OF_REACH = {
    "B061": "a forced call that ends 'stop' is documented as legal",
    "B094": "its framing is the one that Cohere documents for v1",
    "B258": "the exchange carries no timing",
    "B265": "it takes two hosts of one model: a matter of `diff`, not of a cell",
    "B268": "whether a link resolves takes the network: a matter of `grounding`",
}
#: Error findings on successful, full, not synthetic exchanges, each looked at: all are what was sent, none is false.
EXPLAINED: dict[str, dict[str, dict[str, int]]] = {
    "sample": {"openai": {}, "anthropic": {}, "groq": {}, "mistral": {"content.string_or_null": 1}},
    "beside": {
        "openai": {
            "finish_reason.terminal_required": 1,  # gpt-4-vision-preview sent finish_details in its place
            "usage.final_chunk_when_requested": 2,  # two streams of one recording end without the usage chunk
        },
        "anthropic": {},
        "mistral": {
            "content.string_or_null": 10,  # reasoning models answer with a list of parts
            "tool_call.index_required": 1,
            "tool_call.first_delta_complete": 1,
        },
    },
}
PROVIDERS = [
    pytest.param(material, provider, id=f"{material}-{provider}")
    for material in at_hand("traffic")
    for provider in sorted(EXPLAINED[material.name])
]


def lines_of(path: Path) -> list[dict[str, Any]]:
    out = io.StringIO()
    providers = load_providers()
    audit([path], fail_on=Severity.ERROR, as_of=date(2026, 11, 21), providers=providers, format="jsonl", out=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


class Audited(NamedTuple):
    """A place, and the rules that fire on each session of its answers, without notes."""

    material: Material
    rules: dict[str, list[str]]

    def sessions(self, *, control: bool) -> set[str]:
        """Return the sessions that are good answers, or those that broke a client."""
        rows = rows_of(self.material.answers)
        return {row["session"] for row in rows if row["meta"]["negative_control"] is control}


@pytest.fixture(scope="module", params=at_hand("answers"), ids=str)
def audited(request: pytest.FixtureRequest) -> Audited:
    path = request.param.answers
    rules: dict[str, list[str]] = defaultdict(list)
    for row, line in zip(rows_of(path), lines_of(path), strict=True):
        rules[row["session"]] += [finding["rule"] for finding in line["findings"] if finding["severity"] != "note"]
    return Audited(request.param, rules)


def test_answers_that_broke_clients_are_caught_but_for_those_out_of_reach(audited: Audited) -> None:
    broken = audited.sessions(control=False)
    missed = {session for session in broken if not audited.rules[session]}
    assert len(broken) == {"sample": 14, "beside": 158}[audited.material.name]
    assert missed <= OUT_OF_REACH.keys()


def test_no_good_answer_is_flagged(audited: Audited) -> None:
    good = audited.sessions(control=True)
    assert good
    assert {session: audited.rules[session] for session in good if audited.rules[session]} == {}


def test_every_broken_answer_of_the_sample_is_caught_by_the_rule_that_it_names() -> None:
    lines = zip(rows_of(SAMPLE.answers), lines_of(SAMPLE.answers), strict=True)
    rules = {
        row["session"]: (row["meta"].get("rule"), {each["rule"] for each in line["findings"]}) for row, line in lines
    }
    assert {session for session, (rule, fired) in rules.items() if rule and rule not in fired} == set()


@pytest.mark.parametrize(("material", "provider"), PROVIDERS)
def test_errors_on_successful_traffic_are_explained(material: Material, provider: str) -> None:
    path = material.traffic / "exchanges" / f"{provider}.jsonl"
    counts: Counter[str] = Counter()
    for row, line in zip(rows_of(path), lines_of(path), strict=True):
        trusted = row["fidelity"] == "full" and not row["meta"].get("suspect_synthetic")
        if trusted and line["status"] and 200 <= line["status"] < 300:
            counts.update(each["rule"] for each in line["findings"] if each["severity"] == "error")
    assert counts == EXPLAINED[material.name][provider]
