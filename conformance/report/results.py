"""The results file: what a run leaves for other verbs and other tools."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from conformance.errors import UnusableInputError
from conformance.report.headline import headline, standings
from conformance.report.reasons import exit_words
from conformance.schemas import load_schema, schema_registry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conformance.verdicts.ledger import Ledger


def results_of(ledger: Ledger) -> dict[str, Any]:
    """Return a run as `schemas/results.json` has it: its headline first, then the ledger."""
    found = ledger.as_json()
    return {"headline": headline(found), "exit_reason": exit_words(found), "judged_on": standings(found), **found}


def write_results(results: Mapping[str, Any], path: Path) -> None:
    """Write the results file.

    Raises:
        UnusableInputError: it cannot be written.
    """
    write_whole(path, json.dumps(results, indent=1) + "\n")


def write_whole(path: Path, text: str) -> None:
    """Write a file of a report, whole or not at all.

    Raises:
        UnusableInputError: it cannot be written.
    """
    partial = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A lone surrogate in a provider's JSON is no reason to have no page.
        partial.write_text(text, "utf-8", errors="backslashreplace")
        partial.replace(path)
    except OSError as error:
        remedy = "name a folder that can be written: --reports DIR"
        raise UnusableInputError(f"cannot be written: {error.strerror}", where=path, remedy=remedy) from error


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
    wrong = next(Draft202012Validator(load_schema("results"), registry=schema_registry()).iter_errors(results), None)
    if wrong is not None:
        remedy = "run the suites again: conformance run"
        raise UnusableInputError(f"{wrong.json_path}: {wrong.message[:120]}", where=path, remedy=remedy)
    return results


def undecided_cells(path: Path) -> set[tuple[str, str]]:
    """Return target and rule of every inconclusive cell, and of every one that an interrupted run did not come to ask.

    Raises:
        UnusableInputError: there is no results file.
    """
    cells = read_results(path)["cells"]
    return {(cell["target"], cell["rule"]) for cell in cells if _is_undecided(cell)}


def _is_undecided(cell: Mapping[str, Any]) -> bool:
    interrupted = cell["verdict"] == "skip" and "interrupted; " in cell["reason"]
    return interrupted or cell["verdict"] == "inconclusive"
