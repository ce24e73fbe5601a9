"""`conformance record TARGET...`: the suites by pytest, which ask the targets and write their cassettes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cli import EXIT_CODES
from conformance.cli.run import run_suites
from conformance.runs.options import OPTIONS, PYTEST, add_options

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def arguments(parser: ArgumentParser) -> None:
    """Add the targets, and every option that does not contradict recording."""
    parser.epilog = f"{PYTEST}\n\n{EXIT_CODES}"
    parser.add_argument(
        "targets",
        nargs="*",
        metavar="TARGET",
        help="PROVIDER/MODEL[@DIALECT] (default: `targets` of [tool.conformance])",
    )
    add_options(parser, *(flag for flag in OPTIONS if flag not in {"--target", "--live", "--record"}))


def main(options: Namespace) -> int:
    """Record the targets and return the exit code of the run."""
    return run_suites(["--record", *_with_targets(options.words)], verb="record")


def _with_targets(words: list[str]) -> list[str]:
    """Let `record TARGET` stand for `--target TARGET`: the first words that are no options."""
    named: list[str] = []
    rest = list(words)
    while rest and not rest[0].startswith("-"):
        named += ["--target", rest.pop(0)]
    return [*named, *rest]
