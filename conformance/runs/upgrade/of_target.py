"""The material of a target: its cassettes replayed, or its answers to a run that has just asked it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from conformance.errors import command
from conformance.knowledge.usability import Rank
from conformance.probes import probes_for
from conformance.rules.table import RULES
from conformance.runs.run import Run
from conformance.runs.upgrade.material import Material, Sample, states_of_cells
from conformance.verdicts.comparison import Side
from conformance.verdicts.keywords import keyword_states
from conformance.verdicts.ledger import cell_as_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.providers import Target
    from conformance.runs.settings import Settings
    from conformance.verdicts.observation import Observation
    from conformance.wire.case import Case
    from conformance.wire.exchange import Evidence

#: A provider's own answers. Beside one of them no emulated answer counts: the two are never mixed.
REAL: Final[frozenset[Evidence]] = frozenset({"live", "recorded", "imported"})


def material_of_target(run: Run, target: Target, name: str, form: str = "target") -> Material:
    """Return the material of a target.

    Args:
        run: over the folder of its cassettes; or one that has asked it.
        target: the target.
        name: the side as the user named it.
        form: target or cassettes.

    Raises:
        UnusableInputError: a cassette cannot be read, or a rule raised an error.
    """
    run = _unmixed(run, target)
    seen = run.observed(target)
    settings = run.settings
    cells = [cell_as_json(run.cell(target, rule)) for rule in RULES.values() if rule.speaks(target.dialect)]
    cases = [case for observation in seen.observations for case in observation.cases]
    side = Side(name, form, target.id, target.dialect, kinds_of(cases), len(cases), days_of(cases))
    return Material(
        side,
        states_of_cells(cells),
        {observation.probe.name: _sample(observation) for observation in seen.observations if observation.cases},
        target,
        missing=_missing(seen.observations),
        out_of_reach=dict(probes_for(target, settings.probes)[1]),
        keywords=dict(keyword_states(seen.observations)),
        record=command("record", target.id, *_places(settings)),
        options=settings.options,
    )


def kinds_of(cases: Iterable[Case]) -> tuple[str, ...]:
    """Return the kinds of evidence of answers."""
    return tuple(sorted({case.exchange.evidence for case in cases}))


def days_of(cases: Iterable[Case]) -> tuple[str, ...]:
    """Return the first and the last day of answers; empty where none is dated."""
    days = sorted(case.exchange.recorded_at.date().isoformat() for case in cases if case.exchange.recorded_at)
    return (days[0], days[-1]) if days else ()


def _unmixed(run: Run, target: Target) -> Run:
    """Return a run in which no emulated answer stands beside a real one."""
    kinds = set(kinds_of(case for observation in run.observed(target).observations for case in observation.cases))
    if "emulated" not in kinds or not kinds & REAL:
        return run
    real = Run(replace(run.settings, evidence=REAL), run.say)
    kept = [
        observation
        for observation in run.observed(target).observations
        if not any(exchange.evidence == "emulated" for exchange in observation.exchanges)
    ]
    if run.settings.live:
        real.supply(target, kept)
    return real


def _missing(observations: Sequence[Observation]) -> dict[str, str]:
    return {
        observation.probe.name: observation.unusable or "was not asked"
        for observation in observations
        if observation.missing or (observation.unusable and observation.rank is not Rank.REQUEST_REFUSED)
    }


def _sample(observation: Observation) -> Sample:
    probe = observation.probe
    return Sample(
        probe.name,
        observation.cases,
        observation.unusable or "",
        bool(observation.unusable) and observation.rank is Rank.REQUEST_REFUSED,
        probe.needs,
        any(step.greedy for step in probe.steps),
    )


def _places(settings: Settings) -> tuple[str, ...]:
    """Return the options that a recording command needs: where things are, and no day or severity."""
    words = iter(settings.options)
    kept: list[str] = []
    for word in words:
        value = () if word == "--emulated" else (next(words),)
        if word in {"--cassettes", "--providers", "--probes", "--rules", "--base-url"}:
            kept += [word, *value]
    return tuple(kept)
