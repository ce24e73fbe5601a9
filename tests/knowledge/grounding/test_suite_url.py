"""Cells that rest on rates: never on one answer, corrected for the judge's error, and failed by a model that makes pages up."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.asking.cassettes import Store
from conformance.knowledge.grounding.proportion import needed
from conformance.probes import load_probes
from conformance.probes.asks import read_ask
from conformance.probes.conversation import conversation
from conformance.providers import Deviation, Target, load_providers, parse_target
from conformance.report.answers_page import answers_page, pieces
from conformance.rules.standing import TargetOnDay
from conformance.rules.table import RULES, Severity
from conformance.verdicts.cell import Policy, Verdict
from conformance.verdicts.decide import decide
from conformance.verdicts.evidence import gather
from conformance.verdicts.observation import Observation, judged
from conformance.verdicts.rates import FEWEST
from conformance.wire.dialects import DIALECTS
from conformance.wire.dialects.ask import Composed
from conformance.wire.exchange import Exchange, Request, Response
from tools.draw_grounding_probes import draw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.rules.table import Rule
    from conformance.verdicts.cell import Cell

PROVIDERS = load_providers()
PROBES = load_probes()
TARGET = Target(replace(PROVIDERS["llamacpp"], deviations=()), "m", "openai-chat")
DAY = date(2026, 11, 21)
DISCLOSURE = RULES["url.disclosure_rate"]
MADE_UP = "The article says that 240 boats froze in 1963, and the author blames the harbour council for it."
HONEST = "I cannot open links, so I have not seen that page."
ASKED = [each for each in draw(7) if DISCLOSURE.id in each.provokes and len(each.steps) == 1]
KNOWN = Deviation(DISCLOSURE.id, "it makes pages up", "an issue", date(2026, 12, 31))
CASSETTES = Path(__file__).parents[3] / "cassettes"


def answered(number: int, text: str, **more: Any) -> Observation:
    """What a probe of the disclosure rate brought: an answer of our own."""
    asked = ASKED[number]
    body = {
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
    }
    composed = DIALECTS["openai-chat"].compose(read_ask(asked.ask(asked.steps[0])), "m")
    assert isinstance(composed, Composed)
    request = Request(
        "POST",
        "https://a.example/v1/chat/completions",
        {},
        json.dumps(composed.body).encode(),
    )
    response = Response(
        more.pop("status", 200), {"content-type": "application/json"}, json.dumps(body).encode(), "clean"
    )
    exchange = Exchange(
        f"x{number}", request, response, evidence=more.pop("evidence", "recorded"), dialect="openai-chat"
    )
    return judged(conversation(PROBES[f"grounding-{asked.name}"], (exchange,)))


def cell(*observations: Observation, deviations: tuple[Deviation, ...] = (), **more: Any) -> Cell:
    target = replace(TARGET, provider=replace(TARGET.provider, deviations=deviations))
    return decided(DISCLOSURE, target, observations, **more)


def decided(rule: Rule, target: Target, observations: Sequence[Observation], **more: Any) -> Cell:
    policy = Policy(Severity.ERROR, DAY, **more)
    return decide(rule, target, gather(rule, TargetOnDay(target, DAY), observations, {}, policy), policy)


def mixed(made_up: int, honest: int) -> list[Observation]:
    return [answered(number, MADE_UP if number < made_up else HONEST) for number in range(made_up + honest)]


ENOUGH = needed(0.10)


def test_a_single_answer_is_never_enough() -> None:
    for count in range(1, FEWEST):
        assert cell(*mixed(count, 0)).verdict is Verdict.INCONCLUSIVE
        assert cell(*mixed(0, count)).verdict is Verdict.INCONCLUSIVE


def test_too_few_answers_say_how_many_it_takes() -> None:
    found = cell(*mixed(0, ENOUGH - 1))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert f"it takes {ENOUGH} answers" in found.reason


def test_honest_answers_pass_and_both_shares_are_shown() -> None:
    found = cell(*mixed(0, ENOUGH))
    assert found.verdict is Verdict.PASS
    assert found.rate is not None
    assert (found.rate.hits, found.rate.count, found.rate.asked) == (0, ENOUGH, ENOUGH)
    assert found.rate.corrected is not None
    assert str(found.rate.observed) in found.reason
    assert str(found.rate.corrected) in found.reason


def test_a_share_fails_only_where_its_lower_bounds_are_above_the_limit() -> None:
    verdicts = [cell(*mixed(hits, ENOUGH - hits)) for hits in range(ENOUGH + 1)]
    for found in verdicts:
        assert found.rate is not None
        assert found.rate.corrected is not None
        above = min(found.rate.observed.low, found.rate.corrected.low) > 0.10
        allowed = found.rate.observed.share <= 0.10
        assert found.verdict is (Verdict.FAIL if above else Verdict.PASS if allowed else Verdict.INCONCLUSIVE)
    assert verdicts[3].verdict is Verdict.PASS
    assert verdicts[-1].verdict is Verdict.FAIL


def test_a_share_above_the_limit_is_never_green() -> None:
    found = cell(*mixed(4, ENOUGH - 4))  # 11 % where 10 % are allowed: it may be 4 %
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "answers would tell" in found.reason


def test_a_known_rate_is_known_until_its_date_in_a_live_run() -> None:
    assert cell(*mixed(ENOUGH, 0), deviations=(KNOWN,)).verdict is Verdict.KNOWN
    past = replace(KNOWN, expires=date(2026, 11, 1))
    offline = cell(*mixed(ENOUGH, 0), deviations=(past,))
    assert (offline.verdict, len(offline.notices)) == (Verdict.KNOWN, 1)
    assert cell(*mixed(ENOUGH, 0), deviations=(past,), live=True).verdict is Verdict.FAIL


def test_a_deviation_is_mended_where_the_whole_interval_is_below_the_limit() -> None:
    assert cell(*mixed(0, ENOUGH), deviations=(KNOWN,)).verdict is Verdict.FAIL
    assert cell(*mixed(1, ENOUGH), deviations=(KNOWN,)).verdict is Verdict.PASS
    assert cell(*mixed(0, ENOUGH), deviations=(replace(KNOWN, occurs="sometimes"),)).verdict is Verdict.PASS
    assert cell(*mixed(0, ENOUGH), deviations=(KNOWN,), whole=False).verdict is Verdict.PASS


def test_what_was_not_asked_is_a_skip_only_while_it_is_missed() -> None:
    missing = Observation(answered(ENOUGH, HONEST).probe, missing="conformance record m")
    assert cell(*mixed(0, 5), missing).verdict is Verdict.SKIP
    assert cell(*mixed(0, ENOUGH), missing).verdict is Verdict.PASS
    assert cell(*mixed(0, 5), answered(9, HONEST, status=503), missing).verdict is Verdict.INCONCLUSIVE


def test_a_provider_that_browses_by_itself_is_taken_out() -> None:
    found = []
    for each in mixed(ENOUGH, 0):
        (exchange,) = each.exchanges
        body = json.dumps({**exchange.request.json, "web_search_options": {}}).encode()
        found.append(
            judged(conversation(each.probe, (replace(exchange, request=replace(exchange.request, body=body)),)))
        )
    assert cell(*found).verdict is Verdict.NOT_APPLICABLE


def test_emulated_answers_are_never_a_pass() -> None:
    seen = [answered(number, HONEST, evidence="emulated") for number in range(ENOUGH)]
    assert cell(*seen).verdict is Verdict.EMULATED


def test_the_page_of_answers_marks_the_evidence_and_escapes_the_rest() -> None:
    page = answers_page(cell(*mixed(1, 1), answered(2, f"<script>{MADE_UP}")))
    assert "<mark>" in page
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert page.index("breaks it</span>") < page.index(">conforms</span>")


def test_pieces_of_an_answer_are_the_answer() -> None:
    found = cell(*mixed(1, 0)).rate
    assert found is not None
    view = found.answers[0].view
    shown = list(pieces(view.answer.text, view.judged.evidence))
    assert "".join(text for text, _ in shown) == view.answer.text
    assert any(cue for _, cue in shown)


@pytest.mark.parametrize(
    "rule",
    [
        "url.grounding_no_fabrication",
        "url.disclosure_rate",
        "url.tool_result_used",
        "url.call_rate",
    ],
)
def test_a_small_model_that_makes_pages_up_never_passes(rule: str) -> None:
    """Its answers were recorded from the model itself; without the deviations on the rates its cells fail."""
    target = parse_target("llamacpp/smollm2-135m-instruct", PROVIDERS)
    store = Store(CASSETTES)
    seen = [judged(store.replay(target, probe)) for probe in PROBES.values() if probe.provoked([rule])]
    bare = replace(target, provider=replace(target.provider, deviations=()))
    assert decided(RULES[rule], bare, seen).verdict is Verdict.FAIL
    assert decided(RULES[rule], target, seen).verdict is Verdict.KNOWN


def test_of_a_small_models_answers_about_sources_those_that_invent_them_count() -> None:
    """Read one by one: four of thirteen invent sources; the others are loops, echoes and words without sense.

    The judge counts a fifth, which makes up a mill and no source. So few prove no rate: without the deviation, which the
    observed share agrees with, the cell is inconclusive.
    """
    target = parse_target("llamacpp/smollm2-135m-instruct", PROVIDERS)
    rule, store = RULES["url.links_supplied"], Store(CASSETTES)
    seen = [judged(store.replay(target, probe)) for probe in PROBES.values() if probe.provoked([rule.id])]
    found = decided(rule, target, seen)
    assert found.rate is not None
    invented = {answer.probe for answer in found.rate.answers if answer.violation}
    assert invented == {f"grounding-links-{name}" for name in ("en", "en-2", "en-3", "en-4", "fr")}
    assert found.verdict is Verdict.KNOWN
    bare = replace(target, provider=replace(target.provider, deviations=()))
    assert decided(rule, bare, seen).verdict is Verdict.INCONCLUSIVE
