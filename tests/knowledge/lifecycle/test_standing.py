"""The cell of `model.not_retired`: what the registry says, and what the provider itself answered."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

import conformance.rules  # noqa: F401 - registers the built-in rules
from conformance.probes import load_probes
from conformance.providers import load_providers, parse_target
from conformance.rules.standing import TargetOnDay
from conformance.rules.table import RULES, Severity
from conformance.verdicts.cell import Policy, Verdict
from conformance.verdicts.decide import decide
from conformance.verdicts.evidence import gather
from conformance.verdicts.observation import Observation
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Request, Response, as_body
from tests.knowledge.lifecycle.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.verdicts.cell import Cell
    from conformance.wire.exchange import Evidence

RULE = RULES["model.not_retired"]
PROVIDERS = load_providers()
PROBES = load_probes()
GONE = "groq/llama-3.3-70b-versatile"
DAY = date(2026, 8, 16)  # from which it does not answer


def answer(model: str, on: date | None, served: str | None = None, evidence: Evidence = "recorded") -> Exchange:
    body = {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": served or model,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}],
    }
    request = Request("POST", "https://x.example/v1/chat/completions", {}, as_body({"model": model, "messages": []}))
    return exchange("answer", request, body, on, evidence)


def listing(entries: list[dict[str, Any]], on: date | None, evidence: Evidence = "recorded") -> Exchange:
    return exchange(
        "listing", Request("GET", "https://x.example/v1/models"), {"object": "list", "data": entries}, on, evidence
    )


def exchange(name: str, request: Request, body: Any, on: date | None, evidence: Evidence) -> Exchange:
    response = Response(200, {"content-type": "application/json"}, json.dumps(body).encode(), "clean")
    moment = datetime(on.year, on.month, on.day, tzinfo=UTC) if on else None
    return Exchange(name, request, response, recorded_at=moment, evidence=evidence, dialect="openai-chat")


def cell(target: str, *exchanges: Exchange, as_of: date = TODAY, live: bool = False) -> Cell:
    seen = [Observation(PROBES["models-list"], tuple(map(Case, exchanges)))] if exchanges else []
    standing = TargetOnDay(parse_target(target, PROVIDERS), as_of, tuple(map(Case, exchanges)))
    return decided(standing, seen, live=live)


def decided(on_day: TargetOnDay, seen: Sequence[Observation] = (), **more: Any) -> Cell:
    policy = Policy(Severity.ERROR, on_day.as_of, **more)
    return decide(RULE, on_day.target, gather(RULE, on_day, seen, {}, policy), policy)


def entry(model: str, **more: Any) -> dict[str, Any]:
    return {"id": model, "object": "model", "created": 1, "owned_by": "x", **more}


def test_a_retired_model_fails_with_its_day_source_and_what_takes_its_place() -> None:
    found = cell(GONE)
    assert found.verdict is Verdict.FAIL
    for words in ("retired since 2026-08-16", "console.groq.com", "high confidence", "use openai/gpt-oss-120b"):
        assert words in found.reason
    assert found.evidence == frozenset()


@pytest.mark.parametrize("evidence", ["emulated", "recorded", "imported"])
def test_a_retirement_fails_whatever_the_evidence(evidence: Evidence) -> None:
    before = DAY - timedelta(days=30)
    found = cell(GONE, answer("llama-3.3-70b-versatile", before, evidence=evidence))
    assert found.verdict is Verdict.FAIL
    assert found.evidence == {evidence} - {"emulated"}, "beside the registry an emulated answer is none"


@pytest.mark.parametrize(
    ("days", "verdict", "notices"),
    [(14, Verdict.FAIL, 0), (15, Verdict.PASS, 1), (90, Verdict.PASS, 1), (91, Verdict.PASS, 0)],
)
def test_an_end_fails_when_near_is_told_when_in_sight_and_passes_before(
    days: int, verdict: Verdict, notices: int
) -> None:
    found = cell(GONE, as_of=DAY - timedelta(days=days))
    assert (found.verdict, len(found.notices)) == (verdict, notices)


def test_what_nobody_knows_is_not_applicable_and_says_so() -> None:
    found = cell("groq/openai/gpt-oss-120b")
    assert found.verdict is Verdict.NOT_APPLICABLE
    assert "not in the registry" in found.reason


def test_a_model_that_answered_or_is_listed_passes() -> None:
    model = "openai/gpt-oss-120b"
    assert cell(f"groq/{model}", answer(model, TODAY)).verdict is Verdict.PASS
    assert cell(f"groq/{model}", listing([entry(model)], TODAY)).verdict is Verdict.PASS
    assert cell(f"groq/{model}", listing([entry("other-1")], TODAY)).verdict is Verdict.NOT_APPLICABLE


def test_a_model_that_only_the_emulator_knows_is_emulated_not_passed() -> None:
    model = "openai/gpt-oss-120b"
    found = cell(f"groq/{model}", answer(model, TODAY, evidence="emulated"))
    assert (found.verdict, found.evidence) == (Verdict.EMULATED, {"emulated"})


@pytest.mark.parametrize("evidence", ["recorded", "live", "imported"])
def test_a_model_that_answered_after_its_day_is_disputed_not_failed(evidence: Evidence) -> None:
    found = cell(GONE, answer("llama-3.3-70b-versatile", TODAY, evidence=evidence))
    assert found.verdict is Verdict.PASS
    assert found.reason.startswith("disputed")
    assert any("it answered" in notice and "2026-08-16" in notice for notice in found.notices)


def test_the_emulator_disputes_nothing() -> None:
    assert cell(GONE, answer("llama-3.3-70b-versatile", TODAY, evidence="emulated")).verdict is Verdict.FAIL


def test_an_answer_of_another_model_is_no_sign_of_life() -> None:
    assert cell(GONE, answer("llama-3.3-70b-versatile", TODAY, served="openai/gpt-oss-120b")).verdict is Verdict.FAIL


def test_a_listing_that_names_it_disputes_a_tracker_and_stands_beside_a_vendor() -> None:
    sure = cell(GONE, listing([entry("llama-3.3-70b-versatile")], TODAY))
    assert sure.verdict is Verdict.FAIL
    assert any("lists it" in notice for notice in sure.notices)
    medium = cell("mistral/zai-glm-5-2", listing([entry("zai-glm-5-2")], TODAY))
    assert (medium.verdict, medium.reason.partition(" ")[0]) == (Verdict.PASS, "disputed")
    assert cell("mistral/zai-glm-5-2").verdict is Verdict.FAIL


@pytest.mark.parametrize(
    "field",
    [
        {"shutdown_date": "2026-12-01"},
        {"retires_at": "2026-12-01T00:00:00Z"},
        {"deprecation": "2026-12-01T12:00:00Z"},
        {"expiration_date": "2026-12-01"},
    ],
)
def test_a_day_in_the_providers_own_listing_fails_as_the_registrys_does(field: dict[str, str]) -> None:
    found = cell(
        "groq/openai/gpt-oss-120b", listing([entry("openai/gpt-oss-120b", **field)], TODAY - timedelta(days=3))
    )
    assert found.verdict is Verdict.FAIL
    assert "the provider's listing (recorded, 2026-11-18)" in found.reason


def test_a_deviation_makes_an_agreement_known() -> None:
    target = parse_target(GONE, PROVIDERS)
    known = replace(
        next(iter(PROVIDERS["cerebras"].deviations), None) or next(iter(PROVIDERS["openai"].deviations)),
        rule="model.not_retired",
        reason="a contract keeps it until 2027",
        models=(target.model,),
        probes=(),
        dialect=None,
        pointer=None,
        message=(),
        statuses=(),
        asks=(),
        expires=date(2027, 6, 1),
    )
    own = replace(target, provider=replace(target.provider, deviations=(known,)))
    found = decided(TargetOnDay(own, TODAY))
    assert (found.verdict, found.findings[0].known) == (Verdict.KNOWN, True)
