"""`python -m tests.kinds [-v]` prints for each kind how many variants its rules name, and how many look-alikes are flagged."""

# ruff: noqa: T201 - a command line prints

from __future__ import annotations

import sys

from tests.kinds.table import ALL, false_alarms, flags, names

if __name__ == "__main__":
    totals = [0, 0, 0, 0]
    print(f"{'kind':44} {'variants':>8} {'named':>6} {'legal':>6} {'flagged':>8}")
    for item in ALL:
        named = {name for name, conversation in item.variants.items() if names(item, conversation)}
        flagged = {name: alarms for name, conversation in item.legal.items() if (alarms := false_alarms(conversation))}
        row = [len(item.variants), len(named), len(item.legal), len(flagged)]
        totals = [a + b for a, b in zip(totals, row, strict=True)]
        print(f"{item.name:44} {row[0]:8} {row[1]:6} {row[2]:6} {row[3]:8}")
        if "-v" in sys.argv:
            for name in sorted(item.variants.keys() - named):
                print(f"    not named: {name}: {sorted(flags(item.variants[name])) or 'nothing'}")
            for name, alarms in flagged.items():
                print(f"    false alarm: {name}: {alarms}")
    print(f"{'all':44} {totals[0]:8} {totals[1]:6} {totals[2]:6} {totals[3]:8}")
