"""The pages of a run that has ended: index.html where the run left none, and Allure's page where its results lie."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Any, Final

from conformance.knowledge.field import load_record
from conformance.providers import parse_target
from conformance.report.allure_html import build_html, default_tools
from conformance.report.site import link_allure, write_site
from conformance.report.timed_plots import target_plots

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conformance.providers import Provider
    from conformance.runs.project import Project

_INDEX: Final = "index.html"
_ALLURE: Final = "allure.html"
_ALLURE_RESULTS: Final = "allure-results"


def build_pages(
    results: Mapping[str, Any], path: Path, folder: Path, project: Project, providers: Mapping[str, Provider]
) -> list[Path]:
    """Write the pages of a run and return their paths. What hinders Allure's page is one line on standard error.

    Args:
        results: a run, as `schemas/results.json` has it.
        path: its file.
        folder: where the pages go. The run's own index.html there stays: it alone knows what the run changed.
        project: whose settings hold.
        providers: all that are known, by name.

    Raises:
        UnusableInputError: a file cannot be written, or a target's provider is unknown.
    """
    index = folder / _INDEX
    if folder.resolve() != path.parent.resolve() or not _is_newer(index, path):
        if (
            folder.resolve() != path.parent.resolve()
            and path.with_name("history").is_dir()
            and not (folder / "history").exists()
        ):
            shutil.copytree(path.with_name("history"), folder / "history")
        targets = {name: parse_target(name, providers) for name in results["targets"]}
        plots = {name: target_plots(target, path.parent, project.slos) for name, target in targets.items()}
        index = write_site(
            results,
            folder,
            latency={name: shown for name, shown in plots.items() if shown},
            field=load_record(project.path("field", None)),
            keys=lambda name: (targets[name].provider.name, targets[name].model, targets[name].dialect),
        )
    pages = [index]
    allure = path.with_name(_ALLURE_RESULTS)
    if not allure.is_dir():
        line = f"no Allure page: {allure} is missing; a run with --alluredir {allure} makes it"
        print(f"conformance: {line}", file=sys.stderr)  # noqa: T201 - a notice, not the answer
    elif build_html(allure, folder / _ALLURE, tools=default_tools()) is not None:
        link_allure(index, _ALLURE)
        pages.append(folder / _ALLURE)
    return pages


def _is_newer(page: Path, results: Path) -> bool:
    return page.is_file() and page.stat().st_mtime_ns >= results.stat().st_mtime_ns
