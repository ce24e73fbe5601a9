"""`conformance rules [RULE]`: the table, or one rule explained."""

from __future__ import annotations

from difflib import get_close_matches

import conformance.rules  # noqa: F401 - registers the built-in rules
from conformance.errors import UnusableInputError
from conformance.ledger import CONFORMS
from conformance.rules.registry import RULES


def show_rules(name: str | None) -> int:
    """Print every rule on a line, those of one subject, or one rule whole.

    Raises:
        UnusableInputError: no rule and no subject has the name.
    """
    if name in RULES:
        rule = RULES[name]
        parts = {
            "severity": rule.severity.value,
            "requires": rule.sentence,
            "limits": " ".join(rule.limits.split()),
            "breaks": rule.breaks,
            "source": rule.source,
            "violated by": rule.example,
        }
        print(rule.id)
        for head, text in parts.items():
            if text:
                print(f"  {head:12} {text}")
        return CONFORMS
    chosen = [rule for rule in RULES.values() if name in {None, rule.subject}]
    if not chosen:
        close = get_close_matches(name or "", RULES, n=3)
        remedy = f"did you mean {', '.join(close)}?" if close else "`conformance rules` lists them"
        raise UnusableInputError(f"rule {name!r} is unknown", remedy=remedy)
    width = max(len(rule.id) for rule in chosen)
    for rule in sorted(chosen, key=lambda each: each.id):
        print(f"{rule.id:{width}}  {rule.severity.value:7}  {rule.sentence}")
    return CONFORMS
