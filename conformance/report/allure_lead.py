"""The facts that Allure gets besides the cells: the headline, the environment, the executor, and which results stay.

Allure's own percentage is that of passed among passed, failed and broken results, whatever else there is (core-api of allure
3.18.0, read 2026-11-28): it can read 100 % over a run in which most targets are not known. In the page that `allure_html`
makes it counts unknown results too; in any other the headline stands beside it.
"""

from __future__ import annotations

import json
import os
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

import allure_commons

from conformance import __version__
from conformance.errors import counted
from conformance.recording.files import write_whole
from conformance.report.allure_causes import STATUSES, groups_of_allure_2
from conformance.report.headline import standings
from conformance.verdicts.cell import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from allure_commons.model2 import TestResult

HEADLINE: Final = "Headline"
_PLUGIN: Final = "conformance"
#: Labels of allure-pytest that the tree of ours needs no more; Allure's page would repeat them up to four times a result.
_SAME_ON_EACH: Final = {"host", "thread", "framework", "language", "package", "parentSuite", "suite", "subSuite"}
#: Where a machine of CI names the run: GitLab's, Jenkins', and any that is told so. GitHub's is put together.
_RUN_URLS: Final = ("CI_JOB_URL", "BUILD_URL")


def write_lead(results: Mapping[str, Any], folder: Path, *, emulated: bool = False) -> None:
    """Write what stands beside Allure's results, and take out those that only an emulator supports.

    Args:
        results: a run, as `schemas/results.json` has it.
        folder: the folder of --alluredir.
        emulated: keep the emulated cells. They stay too where a run has no other.

    Raises:
        UnusableInputError: a file cannot be written.
    """
    left_out = 0 if emulated else _leave_out_emulated(folder)
    kinds = sorted({kind for cell in results["cells"] for kind in cell.get("evidence", ())})
    lines = {
        HEADLINE: results["headline"],
        "Exit": f"{results['exit_code']}: {results['exit_reason']}",
        "As of": results["as_of"],
        **{f"Targets {standing}": ", ".join(targets) for standing, targets in standings(results).items()},
        "Evidence": ", ".join(kinds),
        "Versions": f"conformance {__version__}, Python {platform.python_version()}, pytest {version('pytest')}",
    }
    if left_out:
        lines["Left out"] = f"{counted(left_out, 'emulated cell')}; --emulated-in-allure brings them in"
    text = "".join(f"{_key(name)} = {' '.join(value.split())}\n" for name, value in lines.items())
    write_whole(folder / "environment.properties", text)
    write_whole(folder / "categories.json", json.dumps(groups_of_allure_2(), indent=1) + "\n")
    write_whole(folder / "executor.json", json.dumps(_executor(results)) + "\n")


def mark_what_is_not_known() -> None:
    """Let a cell that is not known stand so in Allure from now on, whatever pytest calls its outcome."""
    manager = allure_commons.plugin_manager
    if not manager.has_plugin(_PLUGIN):
        manager.register(_NotKnown(), _PLUGIN)


class _NotKnown:
    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result: TestResult) -> None:
        """Change a cell's result before it is written: its status, and labels that would be the same on each."""
        verdict = next((label.value for label in result.labels if label.name == "verdict"), None)
        if verdict is not None:
            result.status = STATUSES.get(verdict, result.status)
            result.labels = [label for label in result.labels if label.name not in _SAME_ON_EACH]


def _leave_out_emulated(folder: Path) -> int:
    """Delete the results that rest on an emulator alone, with their attachments; return how many they were."""
    emulated, real = [], 0
    for path in folder.glob("*-result.json"):
        result = json.loads(path.read_bytes())
        if {"name": "verdict", "value": Verdict.EMULATED.value} in result.get("labels", ()):
            emulated.append((path, result))
        else:
            real += 1
    if not real:
        return 0
    gone = {result["uuid"] for _, result in emulated}
    for path, result in emulated:
        for attachment in result.get("attachments", ()):
            (folder / attachment["source"]).unlink(missing_ok=True)
        path.unlink()
    for path in folder.glob("*-container.json"):
        if gone.issuperset(json.loads(path.read_bytes()).get("children", ())):
            path.unlink()
    return len(emulated)


def _executor(results: Mapping[str, Any]) -> dict[str, str]:
    """Return who ran it: the machine of CI where one says so, else this command."""
    github = os.environ.get("GITHUB_RUN_ID")
    run = "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}"
    url = run.format_map(_Environment()) if github else next(filter(None, map(os.environ.get, _RUN_URLS)), "")
    facts = {"name": f"conformance {__version__}", "buildName": f"as of {results['as_of']}", "buildUrl": url}
    return {name: value for name, value in facts.items() if value}


class _Environment(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return os.environ.get(name, "")


def _key(name: str) -> str:
    """Return a key of a Java properties file: a space would end it."""
    return name.replace(" ", "\\ ")
