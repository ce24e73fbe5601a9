"""`conformance rules [RULE]`: the table, or one rule explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.errors import UnusableInputError, suggest
from conformance.grounding.proportion import needed
from conformance.ledger import CONFORMS
from conformance.project import Project
from conformance.rules.registry import RULES

if TYPE_CHECKING:
    from argparse import Namespace

    from conformance.rules.registry import Rate, Rule


def main(options: Namespace) -> int:
    """Print every rule on a line, those of one subject, or one rule whole.

    Raises:
        UnusableInputError: no rule and no subject has the name.
    """
    Project.here().load_rules(options.rules)
    name = options.rule
    if name in RULES:
        _explain(RULES[name])
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


def _explain(rule: Rule) -> None:
    print(rule.id)
    parts = {
        "severity": rule.severity.value,
        "requires": rule.sentence,
        "limits": " ".join(rule.limits.split()),
        "decided by": _rate(rule.rate) if rule.rate is not None else "",
        "breaks": rule.breaks,
        "source": rule.source,
        "violated by": rule.example,
    }
    for head, text in parts.items():
        if text:
            print(f"  {head:12} {text}")
