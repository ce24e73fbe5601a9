"""`conformance probes`: the questions that a target is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.errors import CONFORMS
from conformance.probes import load_probes
from conformance.rules.table import RULES
from conformance.runs.options import add_options
from conformance.runs.project import Project

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def arguments(parser: ArgumentParser) -> None:
    """Add the folders of one's own probes and rules."""
    add_options(parser, "--probes", "--rules")


def main(options: Namespace) -> int:
    """Print one line for each probe: its name, its dialect, and the question in words.

    Raises:
        UnusableInputError: a probe's file is wrong.
    """
    project = Project.here()
    project.load_rules(options.rules)
    for probe in load_probes(*project.paths("probes", options.probes), rules=RULES).values():
        print(f"{probe.name:34} {probe.dialect or 'any dialect':18} {probe.does}")
    return CONFORMS
