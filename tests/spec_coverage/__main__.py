"""`python -m tests.spec_coverage [--open]`: the vendors' specifications against our schemas, per dialect."""

from __future__ import annotations

import sys

from tests.spec_coverage.ledger import counts, ledger, unexplained
from tests.spec_coverage.specification import FACTS

_COLUMNS = ("covered", "left out", "open", "noted", "unexplained")


def main() -> int:
    """Print the ledger; 0 where nothing is open, 1 where something is, 2 without the specifications."""
    if not FACTS.is_dir():
        print(
            "The paths of the specifications lie beside the checkout, in ../shared/facts: there are none.",
            file=sys.stderr,
        )
        return 2
    if "--open" in sys.argv[1:]:
        for line in filter(unexplained, ledger()):
            print(
                line.root.dialect, line.root.source, line.path.text, line.state, "; ".join(line.differences), sep="\t"
            )
    heads = ("covered", "left out", "open", "differences noted", "differences open")
    print(f"{'dialect':24}" + "".join(f"{head:>20}" for head in heads))
    for dialect, total in sorted(counts().items()):
        print(f"{dialect:24}" + "".join(f"{total[column]:20}" for column in _COLUMNS))
    return int(any(map(unexplained, ledger())))


if __name__ == "__main__":
    sys.exit(main())
