"""`python -m tests.redos [WORD...]`: lists the regular expressions of the product, and holds each against texts made to be slow for it.

Steps of a backtracking matcher are counted, not seconds. One is superlinear where twice the text takes more than three times the steps,
in the way that its source uses it: from the beginning alone, or searched everywhere. Exit code 1 where one is, without a reason.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.redos.attacks import growth
from tests.redos.listed import Listed, listed
from tests.redos.reasons import reason


def main() -> int:
    """Print those that grow, and the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("words", nargs="*", help="only expressions of files with one of these words in their path")
    options.add_argument("--part", type=int, nargs=2, default=(0, 1), metavar=("N", "OF"), help="only each OF-th")
    given = options.parse_args()
    entries = [entry for entry in listed() if not given.words or any(word in entry.where for word in given.words)]
    entries = entries[given.part[0] :: given.part[1]]
    bad, excused, started = 0, 0, time.process_time()
    for entry in entries:
        why = _grown(entry)
        if why is None:
            continue
        because = reason(entry)
        bad, excused = bad + (because is None), excused + (because is not None)
        print(
            f"{entry.where}: {why}\n    {entry.pattern[:150]!r}{f'{chr(10)}    kept: {because}' if because else ''}",
            flush=True,
        )
    print(
        f"{len(entries)} expressions, {bad} superlinear, {excused} more with a reason; {time.process_time() - started:.0f} CPU s"
    )
    return 1 if bad else 0


def _grown(entry: Listed) -> str | None:
    worst = growth(entry.source, entry.flags, search=not entry.anchored)
    if worst is None:
        return None
    text = f"{worst.lead[:30]!r} + {worst.pump[:30]!r} * n + {worst.tail!r}"
    return f"{text}: {worst.short} steps, {worst.long} for twice as many ({'match' if entry.anchored else 'search'})"


if __name__ == "__main__":
    sys.exit(main())
