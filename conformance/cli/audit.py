"""`conformance audit PATH...`: recorded traffic of other tools, with the project's providers and rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.providers import load_providers
from conformance.rules.table import Severity
from conformance.runs.audit import audit
from conformance.runs.options import add_options
from conformance.runs.project import Project
from conformance.runs.settings import read_date

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def arguments(parser: ArgumentParser) -> None:
    """Add the paths, the format, and how findings are weighed."""
    parser.epilog = (
        "exit codes: 0 no finding fails, 1 a finding fails, 2 no exchange was judged, 3 a file cannot be read"
    )
    parser.add_argument("paths", nargs="+", metavar="PATH")
    parser.add_argument("--provider", metavar="NAME", help="provider that answered, for its known deviations")
    parser.add_argument("--format", choices=("text", "jsonl"), default="text")
    add_options(parser, "--fail-on", "--as-of", "--providers", "--rules")


def main(options: Namespace) -> int:
    """Judge the traffic and return the exit code.

    Raises:
        UnusableInputError: an option or the project's table is wrong.
    """
    project = Project.here()
    project.load_rules(options.rules)
    return audit(
        options.paths,
        provider=options.provider,
        fail_on=Severity(options.fail_on or project.table.get("fail_on", "error")),
        as_of=read_date(options.as_of),
        format=options.format,
        providers=load_providers(*project.paths("providers", options.providers)),
    )
