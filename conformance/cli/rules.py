"""`conformance rules [RULE]`: the table, or one rule explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.faults.table import FAULTS
from conformance.errors import CONFORMS, UnusableInputError, suggest
from conformance.knowledge.grounding.proportion import needed
from conformance.probes import load_probes
from conformance.report.rules_page import page
from conformance.rules.table import RULES
from conformance.runs.options import add_options
from conformance.runs.project import Project
from conformance.wire.dialects import DIALECTS

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping, Sequence

    from conformance.probes import Probe
    from conformance.rules.table import Rate, Rule

_NAMED = 5


def arguments(parser: ArgumentParser) -> None:
    """Add the rule, the matrix and the format."""
    parser.add_argument("rule", nargs="?", metavar="RULE", help="a rule's id, or a subject")
    parser.add_argument("--matrix", action="store_true", help="show in which dialects each rule is judged")
    parser.add_argument("--format", choices=("text", "md"), default="text", help="md is docs/rules.md")
    add_options(parser, "--rules")


def main(options: Namespace) -> int:
    """Print every rule on a line, those of one subject, or one rule whole; as a page, or as a matrix with the dialects.

    Raises:
        UnusableInputError: no rule and no subject has the name.
    """
    project = Project.here()
    project.load_rules(options.rules)
    name = options.rule
    if name in RULES and not options.matrix and options.format == "text":
        _explain(RULES[name], _asked_by(RULES[name], load_probes(*project.paths("probes", None), rules=RULES)))
        return CONFORMS
    chosen = [rule for rule in RULES.values() if name in {None, rule.subject, rule.id}]
    if not chosen:
        known = {*RULES, *(rule.subject for rule in RULES.values())}
        remedy = suggest(name, known, otherwise="`conformance rules` lists them")
        raise UnusableInputError(f"rule {name!r} is unknown", remedy=remedy)
    width = max(len(rule.id) for rule in chosen)
    if options.format == "md":
        print(page(chosen, FAULTS.values()), end="")
        return CONFORMS
    if options.matrix:
        _matrix(chosen, width)
        return CONFORMS
    for rule in sorted(chosen, key=lambda rule: rule.id):
        print(f"{rule.id:{width}}  {rule.severity.value:7}  {rule.sentence}")
    return CONFORMS


def _matrix(rules: Sequence[Rule], width: int) -> None:
    """Print a line a rule and a column a dialect: x where the rule is judged."""
    print(f"{'rule':{width}}  {'  '.join(DIALECTS)}")
    for rule in sorted(rules, key=lambda rule: rule.id):
        marks = (f"{'x' if rule.speaks(name) else '.':^{len(name)}}" for name in DIALECTS)
        print(f"{rule.id:{width}}  {'  '.join(marks)}".rstrip())
    counts = (f"{sum(rule.speaks(name) for rule in rules):^{len(name)}}" for name in DIALECTS)
    print(f"{'rules':{width}}  {'  '.join(counts)}".rstrip())


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
        "dialects": ", ".join(name for name in DIALECTS if rule.speaks(name)) if rule.dialects else "all",
        "requires": rule.sentence,
        "limits": " ".join(rule.limits.split()),
        "decided by": _rate(rule.rate) if rule.rate is not None else "",
        "asked by": asked_by or rule.unprovoked,
        "breaks": rule.breaks,
        "source": rule.source,
        "violated by": rule.example,
        "conforming": rule.conforming,
    }
    for head, text in parts.items():
        if text:
            print(f"  {head:12} {text}")
