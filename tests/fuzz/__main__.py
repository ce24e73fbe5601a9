"""`python -m tests.fuzz [--minutes N] [--jobs N] [NAME...]`: mutated recordings, answers, headers and files, until the time is up.

Prints how many executions there were, the crashes, those over two seconds, and those that came out differently a second time. Each
is kept as a file in tests/fuzz/cases, and the tests read it from then on. Exit code 1 where there is one. `make fuzz MINUTES=N`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.fuzz.campaign import CASES, Told, campaign
from tests.fuzz.harnesses import HARNESSES


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="harnesses (default: all)")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--most", type=int, default=1_000_000_000, help="executions of a process")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--cases", type=Path, default=CASES, metavar="DIR", help="where cases are kept")
    given = parser.parse_args()
    names = tuple(given.names) or tuple(HARNESSES)
    with ProcessPoolExecutor(given.jobs) as pool:
        waits = [
            pool.submit(
                campaign,
                given.seed + number,
                seconds=60 * given.minutes,
                most=given.most,
                names=names,
                cases=given.cases,
            )
            for number in range(given.jobs)
        ]
        told = [wait.result() for wait in waits]
    return _print(told, given.seed)


def _print(told: list[Told], seed: int) -> int:
    sums = {
        what: sum((getattr(entry, what) for entry in told), Counter())
        for what in ("executions", "crashes", "slow", "unsteady")
    }
    for kind, count in sums["crashes"].most_common():
        print(f"crashed {count} times: {kind}")
    for what, words in (("slow", "took over 2 CPU seconds"), ("unsteady", "came out differently a second time")):
        for name, count in sums[what].items():
            print(f"{name}: {count} {words}")
    print(", ".join(f"{name} {count}" for name, count in sorted(sums["executions"].items())))
    seconds, name, data = max((entry.slowest for entry in told), key=lambda slowest: slowest[0])
    print(
        f"seed {seed}: {sums['executions'].total()} executions, {sums['crashes'].total()} crashes, {sums['slow'].total()} over 2 s, "
        f"{sums['unsteady'].total()} of {sum(entry.again for entry in told)} differ; "
        f"slowest {seconds:.2f} CPU s ({name}, {len(data)} bytes)"
    )
    return 1 if sums["crashes"] or sums["slow"] or sums["unsteady"] else 0


if __name__ == "__main__":
    sys.exit(main())
