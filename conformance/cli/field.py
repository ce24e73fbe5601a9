"""`conformance field [PATH...]`: show the field record, or count the findings in recorded traffic into one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from conformance.errors import CONFORMS, UNUSABLE, UnusableInputError, counted, suggest
from conformance.knowledge.field import ANY_MODEL, FieldRecord, load_record
from conformance.knowledge.field.words import sentence
from conformance.providers import load_providers
from conformance.runs.options import add_options
from conformance.runs.project import Project

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from conformance.wire.exchange import Exchange


def arguments(parser: ArgumentParser) -> None:
    """Add the paths, the folder, and the provider."""
    parser.description = (
        "Field evidence: how often our rules found something in real recorded exchanges. It is never a pass."
        " Without PATH the record is shown; with PATHs (anything that audit reads) their counts are written to --out."
    )
    parser.epilog = "exit codes: 0 shown or written, 3 something cannot be read"
    parser.add_argument("paths", nargs="*", metavar="PATH", help="recorded traffic to count: files or folders")
    parser.add_argument("--out", metavar="FOLDER", help="where the counts go: one CSV file a provider, without bodies")
    parser.add_argument("--provider", metavar="NAME", help="show this provider, model by model")
    add_options(parser, "--providers", "--rules")


def main(options: Namespace) -> int:
    """Show or write the record; return the exit code.

    Raises:
        UnusableInputError: a provider is unknown to the record, a file cannot be read or written, or an option misses another.
    """
    project = Project.here()
    if bool(options.paths) != bool(options.out):
        given, wanted = ("PATH", "--out FOLDER") if options.paths else ("--out", "PATH")
        raise UnusableInputError(f"{given} needs {wanted}", remedy="conformance field PATH... --out FOLDER")
    if options.paths:
        return _write(options, project)
    record = load_record(project.path("field", None))
    known = sorted({entry.provider for entry in record.entries.values()})
    if options.provider and options.provider not in known:
        raise UnusableInputError(
            f"there is no field record of {options.provider!r}", remedy=suggest(options.provider, known)
        )
    print("\n".join(_lines(record, options.provider)))
    return CONFORMS


def _write(options: Namespace, project: Project) -> int:
    # The engine imports every rule: what only shows the record does without.
    from conformance.runs.field import Tally, tally_files, write_record  # noqa: PLC0415

    project.load_rules(options.rules)
    tally = Tally(load_providers(*project.paths("providers", options.providers)), source_of=_log)
    unreadable = tally_files(tally, options.paths, keep=lambda _: True)
    for item in unreadable:
        print(f"not counted: {item.error}")
    if not tally.exchanges:
        raise UnusableInputError(
            "no exchange there could be judged", remedy="name recordings that `conformance audit` reads"
        )
    files = write_record(tally.entries(), Path(options.out))
    print(
        f"{counted(tally.exchanges, 'exchange')} counted, {tally.skipped} without a dialect or an answer; "
        f"{counted(len(files), 'file')} in {options.out}"
    )
    return UNUSABLE if any(item.passed_over is None for item in unreadable) else CONFORMS


def _log(exchange: Exchange) -> str:
    return exchange.source


def _lines(record: FieldRecord, provider: str | None) -> Iterator[str]:
    """Yield a heading for each provider (for one: each model) and dialect, and a line for each capability."""
    heading = ""
    entries = sorted(entry for entry in record.entries.values() if "." not in entry.rule)
    for entry in entries:
        if entry.provider != provider if provider else entry.model != ANY_MODEL:
            continue
        model = "all models" if entry.model == ANY_MODEL else entry.model
        name = f"{entry.provider}, {model} ({entry.dialect})"
        if name != heading:
            yield f"{'' if not heading else chr(10)}{name}"
            heading = name
        yield f"  {entry.rule}: {sentence(entry)}"
