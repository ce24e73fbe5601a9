"""The closing lines of `make report`: the headline of the run that was just made, and its exit code in words.

`python -m conformance.report.closing RESULTS CODE`; RESULTS is missing where the input could not be used.
"""

from __future__ import annotations

import sys
from pathlib import Path

from conformance.errors import UNUSABLE, UnusableInputError
from conformance.report.reasons import EXIT_CODES
from conformance.report.results import read_results


def lines(path: Path, code: int) -> list[str]:
    """Return the closing lines.

    Args:
        path: the results file of the run.
        code: the exit code of the run.
    """
    try:
        results = read_results(path) if code != UNUSABLE else {}
    except UnusableInputError:
        results = {}
    if results.get("exit_code") != code:  # of an earlier run, or none
        return [f"exit code {code}: {EXIT_CODES.get(code, EXIT_CODES[UNUSABLE])}"]
    return [results["headline"], f"exit code {code}: {results['exit_reason']}"]


if __name__ == "__main__":
    for line in lines(Path(sys.argv[1]), int(sys.argv[2])):
        print(f"  {line}")  # noqa: T201
