"""`conformance report`: the last run as pages, or in a form that another page reads: Markdown, SARIF, JUnit."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from conformance.cli.baseline import add_results, results_path
from conformance.errors import CONFORMS
from conformance.providers import load_providers
from conformance.recording.files import write_whole
from conformance.report.job_summary import as_job_summary
from conformance.report.junit import as_junit
from conformance.report.results import read_results
from conformance.report.run_alerts import run_alerts
from conformance.report.sarif import as_sarif
from conformance.runs.options import add_options
from conformance.runs.pages import build_pages
from conformance.runs.project import Project

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping

_FORMATS: Final = ("md", "html", "sarif", "junit")


def arguments(parser: ArgumentParser) -> None:
    """Add the run, the form, and the file."""
    parser.epilog = (
        "html writes index.html beside the results where a run left none, and allure.html where allure-results/ lies there"
        " (a run with --alluredir reports/allure-results brings them).\n\nexit codes: 0 written, 3 the results cannot be read;"
        " the run's own exit code stands in its results"
    )
    add_results(parser)
    parser.add_argument("--format", choices=_FORMATS, default="md", help="form of the report (default md)")
    parser.add_argument(
        "--out",
        metavar="FILE",
        help="the file to write (default: standard output); of html, the folder (default: the results' own)",
    )
    add_options(parser, "--cassettes", "--providers", "--rules")


def main(options: Namespace) -> int:
    """Write the last run in another form.

    Raises:
        UnusableInputError: the results cannot be read, or the file cannot be written.
    """
    project = Project.here()
    project.load_rules(options.rules)
    path = results_path(options, project)
    results = read_results(path)
    if options.format == "html":
        providers = load_providers(*project.paths("providers", options.providers))
        written = build_pages(
            results, path, project.folder / options.out if options.out else path.parent, project, providers
        )
        for page in written:
            print(os.path.relpath(page))
        return CONFORMS
    text = _text(results, options, project)
    if options.out:
        write_whole(project.folder / options.out, text)
    else:
        print(text, end="" if text.endswith("\n") else "\n")
    return CONFORMS


def _text(results: Mapping[str, Any], options: Namespace, project: Project) -> str:
    if options.format == "junit":
        return as_junit(results)
    if options.format == "md":
        return as_job_summary(results)
    providers = load_providers(*project.paths("providers", options.providers))
    return as_sarif(run_alerts(results, options.cassettes or project.table.get("cassettes", "cassettes"), providers))
