"""Mutants of every dialect but chat, with what must come of each: `python -m tests.mutation.native_table` prints a line a dialect.

A mutant is one operator (native_operators.py) at one place of a conforming answer (native_kinds.py). It counts as exact only when the rules
that fired are exactly those of native_verdicts.toml.
"""

# ruff: noqa: T201 - a command line prints

from __future__ import annotations

import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

from tests.mutation.native_kinds import NATIVE_KINDS
from tests.mutation.native_operators import mutants

_FILE = Path(__file__).with_name("native_verdicts.toml")


class Verdict(NamedTuple):
    """What must come of a mutant: the rules that fire; `why` says why none does."""

    fires: frozenset[str]
    why: str = ""


class Row(NamedTuple):
    """A mutant, what must come of it and what came."""

    kind: str
    operator: str
    wanted: Verdict | None
    fired: frozenset[str]

    @property
    def exact(self) -> bool:
        """Whether exactly the rules of its verdict fired."""
        return self.wanted is not None and self.fired == self.wanted.fires


def verdicts() -> dict[tuple[str, str], Verdict]:
    """Return the verdicts by kind and operator.

    Raises:
        ValueError: a mutant has two.
    """
    result: dict[tuple[str, str], Verdict] = {}
    for entry in tomllib.loads(_FILE.read_text("utf-8"))["verdict"]:
        for operator in entry["mutants"]:
            key = entry["kind"], operator
            if key in result:
                raise ValueError(f"{key} has two verdicts")
            result[key] = Verdict(frozenset(entry["fires"]), entry.get("why", ""))
    return result


def rows(kind: str, known: dict[tuple[str, str], Verdict]) -> list[Row]:
    """Judge every mutant of a kind."""
    spoilt = mutants(NATIVE_KINDS[kind].conforming)
    return [Row(kind, name, known.get((kind, name)), NATIVE_KINDS[kind].fired(answer)) for name, answer in spoilt]


def figures(results: list[Row]) -> dict[str, dict[str, int]]:
    """Return counts by dialect: mutants, those found by exactly their rules, and those that nothing finds, by why."""
    table: dict[str, dict[str, int]] = defaultdict(
        lambda: dict.fromkeys(("mutants", "found", "optional", "unseen", "open", "not exact"), 0)
    )
    for row in results:
        counts = table[NATIVE_KINDS[row.kind].dialect]
        counts["mutants"] += 1
        word = "not exact" if not row.exact else "found" if row.fired else row.wanted.why if row.wanted else "open"
        counts[word] += 1
    return dict(table)


def main() -> int:
    """Print a line a dialect, then what is not exact."""
    known = verdicts()
    results = [row for kind in NATIVE_KINDS for row in rows(kind, known)]
    table = figures(results)
    names = list(next(iter(table.values())))
    print(f"{'dialect':24}" + "".join(f"{name:>11}" for name in names))
    total: dict[str, Any] = {name: sum(counts[name] for counts in table.values()) for name in names}
    for dialect, counts in [*table.items(), ("all", total)]:
        print(f"{dialect:24}" + "".join(f"{counts[name]:11}" for name in names))
    for row in results:
        if not row.exact:
            print(f"NOT EXACT {row.kind}: {row.operator}: fired {sorted(row.fired)}, wanted {row.wanted}")
    return int(not all(row.exact for row in results))


if __name__ == "__main__":
    sys.exit(main())
