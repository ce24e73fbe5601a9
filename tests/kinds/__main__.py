"""`python -m tests.kinds [WORD] [-v]` prints for each kind (whose name holds the word) how many variants its rules name.

Beside them stand the variants that rules of other kinds flag only, those that nobody flags, and the look-alikes that are flagged. The
sixth set has no kinds: its rows stand together, file by file.
"""

# ruff: noqa: T201 - a command line prints

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.kinds import sixth
from tests.kinds.table import ALL, false_alarms, flags, names

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMNS = ("variants", "named", "otherwise", "missed", "legal", "flagged")


def counted() -> Iterator[tuple[str, int, dict[str, set[str]], int, dict[str, list[str]]]]:
    """Yield a name, its variants, those that none of their rules names with what flags them, its look-alikes, and those flagged."""
    for item in ALL:
        unnamed = {name: flags(talk) for name, talk in item.variants.items() if not names(item, talk)}
        flagged = {name: alarms for name, conversation in item.legal.items() if (alarms := false_alarms(conversation))}
        yield item.name, len(item.variants), unnamed, len(item.legal), flagged
    for stem in dict.fromkeys(name.split()[0] for name in sixth.ALL):
        reports, legal = (
            {name: item for name, item in part.items() if name.split()[0] == stem}
            for part in (sixth.REPORTS, sixth.LEGAL)
        )
        unnamed = {name: flags(item.talk) for name, item in reports.items() if not item.rules & flags(item.talk)}
        flagged = {name: sorted(alarms) for name, item in legal.items() if (alarms := sixth.alarms(item))}
        yield f"sixth: {stem}", len(reports), unnamed, len(legal), flagged


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    totals = [0] * len(COLUMNS)
    print(f"{'kind':56}" + "".join(f"{column:>10}" for column in COLUMNS))
    for kind, count, unnamed, likes, flagged in counted():
        if not all(word in kind for word in words):
            continue
        elsewhere = sum(map(bool, unnamed.values()))
        row = [count, count - len(unnamed), elsewhere, len(unnamed) - elsewhere, likes, len(flagged)]
        totals = [a + b for a, b in zip(totals, row, strict=True)]
        print(f"{kind:56}" + "".join(f"{number:10}" for number in row))
        if "-v" in sys.argv:
            for name, rules in sorted(unnamed.items()):
                print(f"    not named: {name}: {sorted(rules) or 'nothing'}")
            for name, alarms in flagged.items():
                print(f"    false alarm: {name}: {alarms}")
    print(f"{'all':56}" + "".join(f"{number:10}" for number in totals))
