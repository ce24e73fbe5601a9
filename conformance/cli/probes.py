"""`conformance probes [PROBE]`: the questions that a target is asked, or one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.errors import CONFORMS, UnusableInputError, suggest
from conformance.probes import load_probes
from conformance.rules.table import RULES
from conformance.runs.options import add_options
from conformance.runs.project import Project

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from conformance.probes import Probe


def arguments(parser: ArgumentParser) -> None:
    """Add the probe, and the folders of one's own probes and rules."""
    parser.add_argument("probe", nargs="?", metavar="PROBE", help="one probe, e.g. plain (default: a line for each)")
    add_options(parser, "--probes", "--rules")


def main(options: Namespace) -> int:
    """Print one line for each probe: its name, its dialect, and the question in words; or one probe with what it provokes.

    Raises:
        UnusableInputError: a probe's file is wrong, or the probe is unknown.
    """
    project = Project.here()
    project.load_rules(options.rules)
    probes = load_probes(*project.paths("probes", options.probes), rules=RULES)
    if options.probe is not None:
        if options.probe not in probes:
            remedy = suggest(options.probe, probes, otherwise="`conformance probes` lists them")
            raise UnusableInputError(f"probe {options.probe!r} is unknown", remedy=remedy)
        print("\n".join(_explained(probes[options.probe])))
        return CONFORMS
    for probe in probes.values():
        print(f"{probe.name:34} {probe.dialect or 'any dialect':18} {probe.does}")
    return CONFORMS


def _explained(probe: Probe) -> Iterator[str]:
    yield probe.name
    parts = {
        "asks": probe.does,
        "dialect": probe.dialect or "any",
        "needs": ", ".join(sorted(probe.needs)),
        "requests": str(len(probe.steps)),
        "provokes": ", ".join(sorted(probe.provoked(RULES))),
    }
    yield from (f"  {head:10} {text}" for head, text in parts.items() if text)
