"""`python -m tests.redos [WORD...]`: lists the regular expressions of the product, and holds each against texts made to be slow for it.

Steps of a backtracking matcher are counted, not seconds. One is superlinear where steps grow faster than its text, in the way that its
source uses it: from the beginning alone, or searched everywhere. What is found is shown to Python's own engine, too, with the seconds
of n, 2n and 4n repeats. Exit code 1 where one is superlinear without a reason. Those that the same oracle found linear before are not
tried again; `--all` tries each, and `--keep` writes them into `tests/redos/linear.txt`.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Any

from tests.redos.attacks import growth
from tests.redos.kept import digest, found_linear, keep
from tests.redos.listed import Listed, listed
from tests.redos.reasons import reason

if TYPE_CHECKING:
    from tests.redos.attacks import Growth


def main() -> int:
    """Print those that grow, and the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("words", nargs="*", help="only expressions of files with one of these words in their path")
    options.add_argument("--all", action="store_true", help="also those that were found linear before")
    options.add_argument("--keep", action="store_true", help="write down those that are linear")
    options.add_argument("--jobs", type=int, default=1)
    given = options.parse_args()
    started, known = _cpu_seconds(), frozenset() if given.all else found_linear()
    entries = [entry for entry in listed() if not given.words or any(word in entry.where for word in given.words)]
    tried = [entry for entry in entries if digest(entry) not in known]
    with ProcessPoolExecutor(given.jobs) as pool:
        grown = {entry: found for entry, found in zip(tried, pool.map(_growth, tried), strict=True) if found}
    for entry, found in grown.items():
        because = reason(entry)
        print(_told(entry, found), *([f"    kept: {because}"] if because else []), sep="\n", flush=True)
    if given.keep and not given.words:
        keep(entry for entry in entries if entry not in grown)
    excused = sum(reason(entry) is not None for entry in grown)
    print(
        f"{len(entries)} expressions, {len(grown) - excused} superlinear, {excused} more with a reason; {_cpu_seconds() - started:.0f} CPU s"
    )
    return 1 if len(grown) > excused else 0


def _cpu_seconds() -> float:
    """Return the CPU seconds of this process and of those that it waited for."""
    return sum(os.times()[:4])


def _growth(entry: Listed) -> Growth | None:
    return growth(entry.source, entry.flags, search=not entry.anchored)


def _told(entry: Listed, worst: Growth) -> str:
    text = f"{worst.lead[:30]!r} + {worst.pump[:30]!r} * n + {worst.tail!r}"
    used = "match" if entry.anchored else "search"
    return f"{entry.where}: {text}: {worst.steps} steps ({used})\n    {_measured(entry, worst)}\n    {entry.pattern[:150]!r}"


def _measured(entry: Listed, worst: Growth) -> str:
    """Say how the engine's own time grows, from the first number of repeats that takes a hundredth of a second."""
    engine, times = re.compile(entry.source, entry.flags), 64
    while times < 1 << 20:
        spent = [_seconds(engine, entry, worst.text(times * factor)) for factor in (1, 2, 4)]
        if spent[0] > 0.01:
            return f"engine: {spent[0]:.3f}, {spent[1]:.3f}, {spent[2]:.3f} CPU s for n = {times}, 2n, 4n"
        times *= 2
    return "engine: a million repeats take less than 0.01 s"


def _seconds(engine: re.Pattern[Any], entry: Listed, text: str) -> float:
    given: Any = text.encode("latin-1", "replace") if entry.is_bytes else text
    started = time.process_time()
    if entry.anchored:
        engine.match(given)
    else:
        for _ in engine.finditer(given):
            pass
    return time.process_time() - started


if __name__ == "__main__":
    sys.exit(main())
