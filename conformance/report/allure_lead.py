"""The facts that Allure gets besides the cells: the headline, and that an emulated cell is unknown, not skipped.

Allure's own percentage is that of passed among passed, failed and broken results, whatever else there is (core-api of allure
3.18.0, read 2026-11-28): it can read 100 % over a run in which most targets are not known. In the page that `allure_html`
makes it counts unknown results too; in any other the headline stands beside it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import allure_commons
from allure_commons.model2 import Status

from conformance.recording.files import write_whole
from conformance.report.headline import standings
from conformance.verdicts.cell import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from allure_commons.model2 import TestResult

HEADLINE: Final = "Headline"
_PLUGIN: Final = "conformance"
#: Groups of results by what their message says. Allure 2 reads the file, Allure 3 its own configuration, which `allure_html` writes.
_CATEGORIES: Final = [
    {"name": "emulated only: not known", "matchedStatuses": ["unknown"], "messageRegex": r"[\s\S]*emulated: [\s\S]*"},
    {
        "name": "inconclusive: no answer decides",
        "matchedStatuses": ["skipped"],
        "messageRegex": r"[\s\S]*inconclusive: [\s\S]*",
    },
    {"name": "known deviation", "matchedStatuses": ["skipped"], "messageRegex": r"[\s\S]*known: [\s\S]*"},
    {"name": "not recorded", "matchedStatuses": ["skipped"], "messageRegex": r"[\s\S]*has no exchange[\s\S]*"},
    {"name": "a cell fails", "matchedStatuses": ["failed"]},
]


def write_lead(results: Mapping[str, Any], folder: Path) -> None:
    """Write `environment.properties` and `categories.json` beside Allure's results.

    Args:
        results: a run, as `schemas/results.json` has it.
        folder: the folder of --alluredir.

    Raises:
        UnusableInputError: a file cannot be written.
    """
    groups = standings(results)
    lines = {
        HEADLINE: results["headline"],
        "Exit": f"{results['exit_code']}: {results['exit_reason']}",
        "As of": results["as_of"],
        **{f"Targets {standing}": ", ".join(targets) for standing, targets in groups.items()},
    }
    text = "".join(f"{_key(name)} = {' '.join(value.split())}\n" for name, value in lines.items())
    write_whole(folder / "environment.properties", text)
    write_whole(folder / "categories.json", json.dumps(_CATEGORIES, indent=1) + "\n")


def mark_what_is_not_known() -> None:
    """Let every emulated cell stand in Allure as unknown from now on, whatever pytest calls its outcome."""
    manager = allure_commons.plugin_manager
    if not manager.has_plugin(_PLUGIN):
        manager.register(_NotKnown(), _PLUGIN)


class _NotKnown:
    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result: TestResult) -> None:
        """Change a result before it is written."""
        if any(label.name == "verdict" and label.value == Verdict.EMULATED for label in result.labels):
            result.status = Status.UNKNOWN


def _key(name: str) -> str:
    """Return a key of a Java properties file: a space would end it."""
    return name.replace(" ", "\\ ")
