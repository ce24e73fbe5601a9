"""Emulating a provider's TOML yields exactly its deviations: what is entered there is found, and nothing that is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from stack import NOW, PROVIDERS, ask_all, asked, default_target, emulated_names

from conformance.emulator.app import Emulator
from conformance.emulator.server import emulated_http
from conformance.rules.table import RULES, Severity
from conformance.verdicts.cell import matching_deviation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.verdicts.observation import Observation

STATED = [
    provider for provider in PROVIDERS.values() if not provider.abstract and provider.wire.source and provider.models
]
#: The targets whose answers the TOMLs state: `provider`, `provider@dialect`, `provider@dialect/model`.
EMULATED = emulated_names(STATED)


def fail_with(lines: Iterable[str]) -> None:
    listed = sorted(lines)
    if listed:
        pytest.fail("\n".join(listed), pytrace=False)


@pytest.mark.parametrize("provider", EMULATED)
def test_nothing_is_found_that_no_deviation_knows(provider: str) -> None:
    target = default_target(provider)
    unknown: dict[str, list[str]] = {}
    for each in asked(provider):
        for finding in (found for judgement in each.judgements for found in judgement.findings):
            known = matching_deviation(finding, each.probe.name, target.deviations, None)
            if RULES[finding.rule].severity is not Severity.NOTE and known is None:
                unknown.setdefault(f"{finding.rule} ({finding.pointer})", []).append(
                    f"{each.probe.name}: {finding.message}"
                )
    fail_with(f"{rule}: {len(found)} findings: {found[0]}" for rule, found in unknown.items())


@pytest.mark.parametrize("provider", EMULATED)
def test_every_deviation_that_always_occurs_is_found(provider: str) -> None:
    missing = []
    for deviation in default_target(provider).deviations:
        rule = deviation.rule
        showing = [
            each for each in asked(provider) if each.shows(rule) and deviation.could_cover(rule, probe=each.probe.name)
        ]
        found = any(deviation.covers(finding, each.probe.name) for each in showing for finding in each.findings(rule))
        if deviation.occurs == "always" and showing and not found:
            probes = ", ".join(each.probe.name for each in showing)
            missing.append(f"{deviation.where}: {rule} ({deviation.reason}): clean on {probes}")
    fail_with(missing)


@pytest.mark.parametrize("provider", EMULATED)
def test_every_probe_gets_an_answer_that_can_be_judged(provider: str) -> None:
    fail_with(f"{each.probe.name}: {each.unusable}" for each in asked(provider) if each.unusable)


@pytest.mark.enable_socket
def test_over_a_real_connection_the_same_is_found() -> None:
    name = EMULATED[0]
    target = default_target(name)
    with emulated_http(Emulator(target, clock=lambda: NOW)) as http:
        served = ask_all(target, http)
    assert found_in(served) == found_in(asked(name))


def found_in(observations: Iterable[Observation]) -> list[tuple[str, str, str, str]]:
    return [
        (each.probe.name, finding.rule, finding.pointer, finding.message)
        for each in observations
        for judgement in each.judgements
        for finding in judgement.findings
    ]
