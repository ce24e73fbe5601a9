"""Prints the table of rules against mutants, and its figures: `python -m tests.mutation.table [--rows]`.

A mutant is one operator on one kind of exchange. It counts as killed only when the rules that fired are exactly those that its
row of the catalogue names; one finding too many is a miss, like one too few.
"""

# ruff: noqa: T201 - a command line prints

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass

from conformance.rules.http import PERSISTENT
from conformance.rules.table import RULES
from conformance.wire.dialects import DEFAULT_DIALECT
from tests.mutation.catalogue import CATALOGUE
from tests.mutation.conforming import KINDS
from tests.mutation.judging import fired
from tests.mutation.legal import LEGAL


@dataclass(frozen=True)
class Outcome:
    """What came of one mutant."""

    mutant: str
    kind: str
    expected: frozenset[str]
    fired: frozenset[str]

    @property
    def killed(self) -> bool:
        """Whether exactly the expected rules fired."""
        return self.fired == self.expected


def rules_in_scope() -> list[str]:
    """Return the ids of the rules that the catalogue must cover: those over chat exchanges and sessions, in the table's order.

    What only all probes of a target tell together has tests of its own (test_persistent_failure.py).
    """
    return sorted(
        rule.id
        for rule in RULES.values()
        if rule.speaks(DEFAULT_DIALECT) and not rule.over_target and rule.over_single and rule.id != PERSISTENT
    )


def outcomes() -> list[Outcome]:
    """Judge every mutant of the catalogue."""
    return [
        Outcome(row.name, kind, row.fires, frozenset(fired(row.of(kind)))) for row in CATALOGUE for kind in row.kinds
    ]


def figures(results: list[Outcome]) -> dict[str, int | float]:
    """Return the numbers that stand below the table."""
    killed = sum(result.killed for result in results)
    caught = {rule for result in results if result.killed for rule in result.expected}
    scope = rules_in_scope()
    return {
        "operators": len({row.operator for row in CATALOGUE}),
        "kinds of conforming exchange": len(KINDS),
        "legal exchanges that look wrong": len(LEGAL),
        "mutants (operator x kind)": len(results),
        "mutants killed with exactly the expected findings": killed,
        "mutation score, percent": round(100 * killed / len(results), 2),
        "rules in scope": len(scope),
        "rules that catch a mutant": len(caught & set(scope)),
    }


def main(arguments: list[str]) -> int:
    """Print one line a rule: how many mutants it catches, by how many operators, and (with --rows) which."""
    results = outcomes()
    mutants = Counter(rule for result in results for rule in result.fired & result.expected)
    extra = Counter(rule for result in results for rule in result.fired - result.expected)
    operators = {rule: sorted({row.operator for row in CATALOGUE if rule in row.fires}) for rule in rules_in_scope()}
    print(f"{'rule':44} {'mutants':>8} {'operators':>10} {'unrelated':>10}")
    for rule, names in operators.items():
        print(f"{rule:44} {mutants[rule]:8} {len(names):10} {extra[rule]:10}")
        if "--rows" in arguments:
            print(f"    {', '.join(names)}")
    print()
    for name, value in figures(results).items():
        print(f"{name:52} {value}")
    for result in results:
        if not result.killed:
            missing, unexpected = sorted(result.expected - result.fired), sorted(result.fired - result.expected)
            print(f"MISSED {result.mutant}[{result.kind}]: missing {missing}, unexpected {unexpected}")
    return int(not all(result.killed for result in results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
