"""`conformance audit PATH...`: recorded traffic of other tools, with the project's providers and rules."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from conformance.errors import UnusableInputError
from conformance.providers import load_providers
from conformance.recording.importers.tables import columns_of
from conformance.rules.table import Severity
from conformance.runs.audit import REPORTS, audit
from conformance.runs.audit_view import DEFAULT_GROUPS, MEMBERS, View, group_names
from conformance.runs.closed import network_closed
from conformance.runs.collecting import collected_seldom
from conformance.runs.options import COLUMNS, add_options
from conformance.runs.project import Project

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable


def arguments(parser: ArgumentParser) -> None:
    """Add the paths, the format, and how findings are weighed and shown."""
    parser.epilog = (
        "exit codes, the first that holds: 3 something cannot be read, 1 a finding fails, 2 no exchange was judged,"
        " 0 no finding fails; the summary names all that hold"
    )
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="recordings and logs: files, or folders that are walked"
    )
    parser.add_argument(
        "--provider",
        action="append",
        default=[],
        metavar="[HOST=]NAME",
        help="provider that answered, for its known deviations: of all traffic, or of one host (also a pattern)",
    )
    parser.add_argument(
        "--strict", action="store_true", help="exit 3 where a file looks like a recording and is of no known form"
    )
    formats = (
        "text, md and json group the findings, lines and csv list them, jsonl has a line an exchange (default text)"
    )
    parser.add_argument("--format", choices=tuple(REPORTS), default="text", help=formats)
    parser.add_argument(
        "--group-by",
        default=",".join(DEFAULT_GROUPS),
        metavar="NAMES",
        help=f"any of {', '.join(MEMBERS)} (default {','.join(DEFAULT_GROUPS)})",
    )
    parser.add_argument(
        "--rule", action="append", default=[], metavar="ID", help="show only this rule (also a pattern)"
    )
    parser.add_argument(
        "--severity", choices=tuple(Severity), default="note", help="lowest severity that is shown (default note)"
    )
    parser.add_argument("--show", action="append", choices=("known",), default=[], help="list known findings, too")
    parser.add_argument("--top", type=int, metavar="N", help="show only the N gravest groups")
    parser.add_argument("--jobs", type=int, metavar="N", help="processes that judge (default: one a core)")
    parser.add_argument("--engine", metavar="dask[://HOST:PORT]", help="judge on a Dask cluster: a local one, or yours")
    parser.add_argument(
        "--output", metavar="DIR", help="also write rows as Parquet, by provider and day (s3://... too)"
    )
    parser.add_argument("--columns", **COLUMNS)
    add_options(parser, "--fail-on", "--as-of", "--providers", "--rules")


def main(options: Namespace) -> int:
    """Judge the traffic and return the exit code.

    Raises:
        UnusableInputError: an option or the project's table is wrong.
    """
    elsewhere = options.engine or any("://" in str(name) for name in (*options.paths, options.output or ""))
    with network_closed(unless=elsewhere), collected_seldom():
        return _audited(options)


def _audited(options: Namespace) -> int:
    project = Project.here()
    project.load_rules(options.rules)
    provider, hosts = _whose(options.provider)
    view = View(
        rules=tuple(options.rule),
        severity=Severity(options.severity),
        show_known="known" in options.show,
        top=options.top,
        group_by=group_names(options.group_by),
    )
    return audit(
        options.paths,
        provider=provider,
        hosts=hosts,
        fail_on=Severity(options.fail_on or project.table.get("fail_on", "error")),
        as_of=project.as_of(options.as_of),
        format=options.format,
        providers=load_providers(*project.paths("providers", options.providers)),
        strict=options.strict,
        view=view,
        jobs=_jobs(options.jobs),
        engine=options.engine,
        output=options.output,
        rules=tuple(options.rules),
        columns=columns_of(options.columns) if options.columns else None,
    )


def _jobs(wanted: int | None) -> int:
    if wanted is not None and wanted < 1:
        raise UnusableInputError(f"--jobs {wanted} is no number of processes", remedy="write 1 or more")
    return wanted or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else wanted or os.cpu_count() or 1


def _whose(values: Iterable[str]) -> tuple[str | None, dict[str, str]]:
    """Return the provider of all traffic, and those of some hosts."""
    provider: str | None = None
    hosts: dict[str, str] = {}
    for value in values:
        host, equals, name = value.rpartition("=")
        if equals and host and name:
            hosts[host.lower()] = name
        elif equals or not name:
            raise UnusableInputError(f"--provider {value!r} names no provider", remedy="write NAME, or HOST=NAME")
        elif provider is not None and provider != name:
            remedy = "write HOST=NAME for some of the traffic"
            raise UnusableInputError(f"--provider names {provider!r} and {name!r} for all traffic", remedy=remedy)
        else:
            provider = name
    return provider, hosts
