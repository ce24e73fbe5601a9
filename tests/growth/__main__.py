"""`python -m tests.growth`: the CPU seconds of each reader over each family, where twice the text takes far more than twice as many.

The tests count byte-code instructions; what C does with a whole text in each step (a slice, a count, a search) shows in seconds alone.
Exit code 1 where one grows.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from tests.growth.readers import FAMILIES, READERS

if TYPE_CHECKING:
    from collections.abc import Callable

_SIZES = (50_000, 100_000)  # characters
_GROWN, _NOISE, _ENDLESS = 2.8, 0.1, 5.0  # times, and CPU seconds


def main() -> int:
    """Print those that grow, and how many there are."""
    grown = 0
    for reader, read in READERS.items():
        for family, unit in FAMILIES.items():
            spent = [_seconds(read, unit * (_SIZES[0] // len(unit)))]
            if spent[0] < _ENDLESS:
                spent.append(_seconds(read, unit * (_SIZES[1] // len(unit))))
            if spent[-1] > _NOISE and (len(spent) == 1 or spent[1] > _GROWN * spent[0]):
                grown += 1
                print(f"{reader}, {family}: {', '.join(f'{seconds:.2f}' for seconds in spent)} CPU s", flush=True)
    print(f"{len(READERS)} readers, {len(FAMILIES)} families, {grown} grow")
    return 1 if grown else 0


def _seconds(read: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    read(text)
    return time.process_time() - started


if __name__ == "__main__":
    sys.exit(main())
