"""`conformance rules [RULE]`: the table, or one rule explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.errors import UnusableInputError, suggest
from conformance.knowledge.grounding.proportion import needed
from conformance.probes import load_probes
from conformance.rules.table import RULES
from conformance.runs.project import Project
from conformance.verdicts.ledger import CONFORMS

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping

    from conformance.probes import Probe
    from conformance.rules.table import Rate, Rule

_NAMED = 5


def main(options: Namespace) -> int:
    """Print every rule on a line, those of one subject, or one rule whole.

    Raises:
        UnusableInputError: no rule and no subject has the name.
    """
    project = Project.here()
    project.load_rules(options.rules)
    name = options.rule
    if name in RULES:
        _explain(RULES[name], _asked_by(RULES[name], load_probes(*project.paths("probes", None))))
        return CONFORMS
    chosen = [rule for rule in RULES.values() if name in {None, rule.subject}]
    if not chosen:
        known = {*RULES, *(rule.subject for rule in RULES.values())}
        remedy = suggest(name, known, otherwise="`conformance rules` lists them")
        raise UnusableInputError(f"rule {name!r} is unknown", remedy=remedy)
    width = max(len(rule.id) for rule in chosen)
    for rule in sorted(chosen, key=lambda each: each.id):
        print(f"{rule.id:{width}}  {rule.severity.value:7}  {rule.sentence}")
    return CONFORMS


def _rate(rate: Rate) -> str:
    share = f"the share of answers that break it ({rate.of.replace('_', ' ')}), at most {rate.at_most:.0%}"
    return f"{share}; above, it weighs an error; it takes {needed(rate.at_most)} answers"


def _asked_by(rule: Rule, probes: Mapping[str, Probe]) -> str:
    names = [probe.name for probe in probes.values() if probe.provoked([rule.id])]
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if names[_NAMED:] else "")


def _explain(rule: Rule, asked_by: str) -> None:
    print(rule.id)
    parts = {
        "severity": rule.severity.value,
        "requires": rule.sentence,
        "limits": " ".join(rule.limits.split()),
        "decided by": _rate(rule.rate) if rule.rate is not None else "",
        "asked by": asked_by or rule.unprovoked,
        "breaks": rule.breaks,
        "source": rule.source,
        "violated by": rule.example,
    }
    for head, text in parts.items():
        if text:
            print(f"  {head:12} {text}")
