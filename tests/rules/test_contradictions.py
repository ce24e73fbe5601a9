"""No two rules ask for statuses on one exchange that no answer can have together."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from conformance.recording.importers import Unreadable, read_exchanges
from conformance.rules.judging import judge
from conformance.rules.table import Finding
from conformance.wire.case import Case
from tests.kinds.table import ALL
from tests.mutation.catalogue import CATALOGUE
from tests.samples.material import at_hand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.wire.exchange import Exchange

#: The hundreds of the statuses that an expectation leaves, by its words.
STANCES: dict[str, frozenset[int]] = {
    r"^accepted$|^accepted as history|^an answer$|as other requests got|^the output as it is$|^the answer so far": frozenset(
        {2}
    ),
    r"^accepted, or (?:param|code)|^a 4xx, or an answer$|^either$|output as it is, or an error": frozenset({2, 4, 5}),
    r"^a 4xx(?:, which no SDK sends again)?$|^40\d|^a 400\b|^a 429|^'[a-z_]+'$|^401": frozenset({4}),
    r"^no client error$|^a 4xx or 5xx status$": frozenset({2, 4, 5}),
}


def allowed(findings: Iterable[Finding]) -> frozenset[int]:
    """Return the hundreds of statuses that all findings over a status leave."""
    left = frozenset({2, 4, 5})
    for finding in findings:
        if finding.pointer in {"", "/messages", "/tools", "/tool_choice", "/error/code"}:
            left &= next((hundreds for words, hundreds in STANCES.items() if re.search(words, finding.expected)), left)
    return left


def contradictions(exchanges: Iterable[Exchange]) -> Iterator[str]:
    """Yield each failed exchange on which two rules contradict one another."""
    for exchange in exchanges:
        if exchange.response is None or exchange.response.status is None or exchange.response.status < 300:
            continue
        findings = judge(Case(exchange)).findings
        if not allowed(findings):
            yield f"{exchange.id}: {[finding.rule + ': ' + finding.message[:90] for finding in findings]}"


def test_no_two_rules_contradict_one_another_on_a_variant_or_a_look_alike() -> None:
    material = (
        exchange
        for item in ALL
        for group in (item.variants, item.legal)
        for case in group.values()
        for exchange in case
    )
    assert list(contradictions(material)) == []


def test_no_two_rules_contradict_one_another_on_a_mutant() -> None:
    assert list(contradictions(exchange for row in CATALOGUE for kind in row.kinds for exchange in row.of(kind))) == []


@pytest.mark.parametrize("material", at_hand("traffic"), ids=lambda item: item.name)
def test_no_two_rules_contradict_one_another_on_recorded_traffic(material: object) -> None:
    paths = sorted((material.traffic / "exchanges").glob("*.jsonl"))  # type: ignore[attr-defined]
    read = (item for path in paths for item in islice(read_exchanges(path), 60) if not isinstance(item, Unreadable))
    assert list(contradictions(read)) == []


def test_a_contradiction_is_seen() -> None:
    assert not allowed([Finding("", "status 500", "a 4xx"), Finding("", "status 500", "the output as it is")])
