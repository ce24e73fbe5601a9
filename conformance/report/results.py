"""The results file, which other verbs and other tools read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.errors import UnusableInputError
from conformance.recording.files import write_whole
from conformance.report.headline import headline, standings
from conformance.report.reasons import exit_words
from conformance.schemas.validators import explain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conformance.verdicts.ledger import Ledger


def results_of(ledger: Ledger) -> dict[str, Any]:
    """Return a run as `schemas/results.json` has it: its headline first, then the ledger."""
    results = ledger.as_json()
    return {
        "headline": headline(results),
        "exit_reason": exit_words(results),
        "judged_on": standings(results),
        **results,
    }


def write_results(results: Mapping[str, Any], path: Path) -> None:
    """Write the results file.

    Raises:
        UnusableInputError: it cannot be written.
    """
    write_whole(path, json.dumps(results, indent=1) + "\n")


def read_results(path: Path) -> dict[str, Any]:
    """Return a results file.

    Raises:
        UnusableInputError: there is none, or it is none of ours.
    """
    try:
        results: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise UnusableInputError(
            "there is no results file", where=path, remedy="run the suites first: conformance run"
        ) from error
    except ValueError as error:
        raise UnusableInputError(
            f"no JSON: {error}", where=path, remedy="run the suites again: conformance run"
        ) from error
    wrong = explain("results", results)
    if wrong is not None:
        remedy = "run the suites again: conformance run"
        raise UnusableInputError(wrong, where=path, remedy=remedy)
    return results


def undecided_cells(path: Path) -> set[tuple[str, str]]:
    """Return target and rule of every inconclusive cell, and of every cell that an interrupted run left unasked.

    Raises:
        UnusableInputError: there is no results file.
    """
    cells = read_results(path)["cells"]
    return {(cell["target"], cell["rule"]) for cell in cells if _is_undecided(cell)}


def _is_undecided(cell: Mapping[str, Any]) -> bool:
    interrupted = cell["verdict"] == "skip" and "interrupted; " in cell["reason"]
    return interrupted or cell["verdict"] == "inconclusive"
