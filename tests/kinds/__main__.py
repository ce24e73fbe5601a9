"""`python -m tests.kinds [WORD] [-v]` prints for each kind (whose name holds the word) how many variants its rules name.

Beside them stand the variants that rules of other kinds flag only, those that nobody flags, and the look-alikes that are flagged.
"""

# ruff: noqa: T201 - a command line prints

from __future__ import annotations

import sys

from tests.kinds.table import ALL, false_alarms, flags, names

COLUMNS = ("variants", "named", "otherwise", "missed", "legal", "flagged")

if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    totals = [0] * len(COLUMNS)
    print(f"{'kind':56}" + "".join(f"{column:>10}" for column in COLUMNS))
    for item in ALL:
        if not all(word in item.name for word in words):
            continue
        unnamed = {name: flags(talk) for name, talk in item.variants.items() if not names(item, talk)}
        flagged = {name: alarms for name, conversation in item.legal.items() if (alarms := false_alarms(conversation))}
        elsewhere = sum(map(bool, unnamed.values()))
        count = len(item.variants)
        row = [count, count - len(unnamed), elsewhere, len(unnamed) - elsewhere, len(item.legal), len(flagged)]
        totals = [a + b for a, b in zip(totals, row, strict=True)]
        print(f"{item.name:56}" + "".join(f"{number:10}" for number in row))
        if "-v" in sys.argv:
            for name, rules in sorted(unnamed.items()):
                print(f"    not named: {name}: {sorted(rules) or 'nothing'}")
            for name, alarms in flagged.items():
                print(f"    false alarm: {name}: {alarms}")
    print(f"{'all':56}" + "".join(f"{number:10}" for number in totals))
