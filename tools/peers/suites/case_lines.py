"""How a suite prints its results: one line of JSON a case, on standard output."""

from __future__ import annotations

import json
import sys

_SHOWN = 400


def print_case(case: str, outcome: str, why: str = "") -> None:
    """Print one case's outcome: passed, failed or skipped, with the reason of the last two."""
    line = {"case": case, "outcome": outcome, "why": " ".join(why.split())[:_SHOWN]}
    sys.stdout.write(f"{json.dumps(line)}\n")
    sys.stdout.flush()
