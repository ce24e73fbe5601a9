"""The results file, which other verbs and other tools read.

Many cells rest on the same probes, and a full run repeated their names 60,000 times. Since version 2 the file names each list of
probes once, in `probe_lists`, and a cell has its place there. `read_results` gives the lists back; it reads version 1 too.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from conformance.errors import UnusableInputError
from conformance.recording.files import write_whole
from conformance.report.headline import headline, standings
from conformance.report.reasons import exit_words
from conformance.schemas.validators import explain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conformance.verdicts.ledger import Ledger

_VERSION: Final = 2


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
    """Write the results file, a cell on a line.

    Raises:
        UnusableInputError: it cannot be written.
    """
    cells = results["cells"]
    places = {names: place for place, names in enumerate(dict.fromkeys(tuple(cell["probes"]) for cell in cells))}
    head = {name: value for name, value in results.items() if name != "cells"} | {"version": _VERSION}
    lists = ",\n".join(map(_line, places))
    lines = ",\n".join(_line({**cell, "probes": places[tuple(cell["probes"])]}) for cell in cells)
    shown = json.dumps(head, indent=1).removesuffix("\n}")
    write_whole(path, f'{shown},\n "probe_lists": [\n{lists}\n ],\n "cells": [\n{lines}\n ]\n}}\n')


def _line(value: object) -> str:
    return "  " + json.dumps(value, separators=(",", ":"))


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
    try:
        return _with_lists(results)
    except IndexError as error:
        remedy = "run the suites again: conformance run"
        raise UnusableInputError("a cell has probes that stand nowhere", where=path, remedy=remedy) from error


def _with_lists(results: dict[str, Any]) -> dict[str, Any]:
    """Return results whose cells have their lists of probes themselves."""
    lists = results.pop("probe_lists", [])
    results.pop("version", None)
    for cell in results["cells"]:
        if isinstance(cell["probes"], int):
            cell["probes"] = list(lists[cell["probes"]])
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
