"""`conformance audit PATH...`: recorded traffic of other tools, with the project's providers and rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.providers import load_providers
from conformance.rules.table import Severity
from conformance.runs.audit import audit
from conformance.runs.project import Project
from conformance.runs.settings import read_date

if TYPE_CHECKING:
    from argparse import Namespace


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
