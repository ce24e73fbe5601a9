"""`conformance models [TARGET...] [--scan PATH...]`: the day on which models retire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.errors import UnusableInputError, suggest
from conformance.knowledge.lifecycle import lookup
from conformance.knowledge.lifecycle.registry import load_registry
from conformance.knowledge.lifecycle.report import Report, Row, as_json, as_markdown, as_text, rows_of
from conformance.knowledge.lifecycle.scan.files import LARGEST, find_files, literals_of
from conformance.knowledge.lifecycle.scan.mention import mention
from conformance.knowledge.lifecycle.status import State, Status, status
from conformance.providers import load_providers
from conformance.report.models_sarif import models_sarif
from conformance.rules.views.lifecycle import lifecycle
from conformance.runs.options import add_options
from conformance.runs.project import Project
from conformance.runs.run import Run
from conformance.runs.settings import settings_from

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from conformance.knowledge.lifecycle.scan.mention import Mention
    from conformance.providers import Provider

_FORMATS = {"text": as_text, "json": as_json, "md": as_markdown, "sarif": models_sarif}


def arguments(parser: ArgumentParser) -> None:
    """Add the targets, the paths, and how near a retirement may be."""
    targets = "PROVIDER/MODEL (default without --scan: `targets` of [tool.conformance], else the whole registry)"
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=targets)
    scan = "find model names in files and folders"
    parser.add_argument("--scan", nargs="+", action="extend", default=[], metavar="PATH", help=scan)
    fail_within = "fail models that retire within DAYS days (default 14)"
    parser.add_argument("--fail-within", type=int, default=14, metavar="DAYS", help=fail_within)
    warn_within = "report models that retire within DAYS days (default 90)"
    parser.add_argument("--warn-within", type=int, default=90, metavar="DAYS", help=warn_within)
    parser.add_argument(
        "--format", choices=tuple(_FORMATS), default="text", help="sarif is for code scanning (default text)"
    )
    add_options(parser, "--as-of", "--cassettes", "--providers", "--probes", "--rules")


def main(options: Namespace) -> int:
    """Print the status of targets, of the models that files name, or of the whole registry; return 0, 1 or 2.

    Raises:
        UnusableInputError: a target, a path, a date or a number of days cannot be used.
    """
    for name in ("fail_within", "warn_within"):
        if getattr(options, name) < 0:
            raise UnusableInputError(f"--{name.replace('_', '-')} is below 0", remedy="write a number of days")
    project = Project.here()
    project.load_rules(options.rules)
    providers = load_providers(*project.paths("providers", options.providers))
    as_of = project.as_of(options.as_of)
    targets = options.targets or ([] if options.scan else project.table.get("targets", []))
    rows = [row for text in targets for row in _asked(text, providers, options, project)]
    files, skipped = 0, []
    if options.scan:
        scanned = _Scan(as_of, providers)
        rows += rows_of(scanned.mentions(find_files([project.folder / path for path in options.scan]), project.folder))
        files, skipped = scanned.files, scanned.skipped
    asked = bool(targets or options.scan)
    report = Report(
        rows if asked else _everything(as_of),
        as_of,
        asked,
        options.fail_within,
        options.warn_within,
        files,
        skipped,
        scanned=bool(options.scan),
    )
    print(_FORMATS[options.format](report))
    return report.exit_code


def _everything(as_of: date) -> list[Row]:
    return [
        Row(model, (provider,), status((claim for claim in claims if claim.model == model), as_of))
        for provider, claims in load_registry().items()
        for model in dict.fromkeys(claim.model for claim in claims)
    ]


def _asked(text: str, providers: Mapping[str, Provider], options: Namespace, project: Project) -> Iterator[Row]:
    """Yield the rows of a user's word: a target that the suites know, with its recordings, or a model of the registry."""
    name, _, model = text.partition("/")
    if name in providers and not providers[name].abstract:
        run = Run(settings_from({**vars(options), "target": [text]}, project))
        for target in run.settings.targets:
            seen = lifecycle(run.on_day(target))
            listed = target.model in target.provider.models
            unknown = Status(State.ACTIVE if listed else State.UNKNOWN, certain=listed)
            outcome, notices = (unknown, ()) if isinstance(seen, str) else (seen.status, seen.contradictions)
            if outcome.state is State.UNKNOWN:
                notices = (*notices, *_close(name, target.model))
            yield Row(target.model, (name,), outcome, notices=notices)
        return
    if name not in lookup.providers() or not model:
        remedy = suggest(
            name,
            {*providers, *lookup.providers()},
            otherwise="write PROVIDER/MODEL, as in groq/llama-3.3-70b-versatile",
        )
        what = f"{text!r} names no model" if name in lookup.providers() else f"provider {name!r} is unknown"
        raise UnusableInputError(
            what, remedy=remedy if model or name not in lookup.providers() else f"write {name}/MODEL"
        )
    entry = lookup.find(name, model)
    outcome = entry.status(project.as_of(options.as_of)) if entry else Status(State.UNKNOWN, certain=False)
    yield Row(model, (name,), outcome, notices=() if entry else tuple(_close(name, model)))


def _close(provider: str, model: str) -> Iterator[str]:
    """Yield names of the registry that a misspelt one may have meant: a retired model and a typo look alike to a provider."""
    known = {claim.model for claim in load_registry().get(provider, ())}
    close = suggest(model, known, otherwise=" ")
    if close.strip():
        yield f"not in the registry; {close}"


class _Scan:
    """Reads files, and counts them."""

    def __init__(self, as_of: date, providers: Mapping[str, Provider]) -> None:
        self.files = 0
        self.skipped: list[str] = []
        self._as_of = as_of
        self._known = {name: frozenset(provider.models) for name, provider in providers.items()}

    def mentions(self, files: Iterable[Path], folder: Path) -> Iterator[Mention]:
        """Yield the models that the files name, in order. A path inside `folder` is relative to it."""
        for path in files:
            shown = str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)
            literals = literals_of(path)
            if literals is None:
                self.skipped.append(f"{shown}: no text, no plain file, or more than {LARGEST} bytes")
                continue
            self.files += 1
            for literal in sorted(literals, key=lambda one: one.line):
                named = mention(literal, shown, self._as_of, self._known)
                if named is not None:
                    yield named
