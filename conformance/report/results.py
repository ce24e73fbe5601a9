"""Reading a results file that an earlier run wrote."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from conformance.errors import UnusableInputError
from conformance.schemas import load_schema, schema_registry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


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
