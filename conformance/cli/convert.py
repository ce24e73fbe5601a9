"""`conformance convert PATH... --to FORM`: recorded traffic of other tools in one documented form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.providers import load_providers
from conformance.recording.exporters import EXPORTS
from conformance.recording.importers.tables import columns_of
from conformance.runs.convert import convert
from conformance.runs.options import COLUMNS, add_options
from conformance.runs.project import Project

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def arguments(parser: ArgumentParser) -> None:
    """Add the paths, the form and the output."""
    parser.epilog = (
        "Keys, cookies and organisations are redacted, as `record` does it; `audit` of the output gives the same findings.\n\n"
        "exit codes: 0 all was written, 3 something cannot be read or written, or no exchange is there"
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="recordings and logs, of any form that `audit` reads")
    parser.add_argument(
        "--to",
        required=True,
        choices=tuple(EXPORTS),
        help="exchanges: a JSON line each (schemas/exchange.json); har: HTTP archive 1.2; vcr: a cassette of vcrpy",
    )
    parser.add_argument(
        "--output",
        metavar="FILE|DIR/",
        help="a file for all, or a folder for a file of each source (default: standard output)",
    )
    parser.add_argument("--columns", **COLUMNS)
    add_options(parser, "--providers")


def main(options: Namespace) -> int:
    """Convert the traffic and return the exit code.

    Raises:
        UnusableInputError: an option is wrong, or the output cannot be written.
    """
    project = Project.here()
    providers = load_providers(*project.paths("providers", options.providers))
    columns = columns_of(options.columns) if options.columns else None
    return convert(options.paths, to=options.to, output=options.output, providers=providers, columns=columns)
