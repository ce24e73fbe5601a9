"""`conformance upgrade A B`: may we upgrade from A to B? One verdict, one exit code, one page."""

from __future__ import annotations

import json
import shutil
import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.cli.upgrade.from_git import changes_of_range
from conformance.errors import CONFORMS, FAILS, UNDECIDED, UNUSABLE, UnusableInputError
from conformance.knowledge.latency.runs import BASELINES, RUNS
from conformance.providers import load_providers, parse_target
from conformance.report.upgrade.as_json import as_json
from conformance.report.upgrade.markdown import as_markdown
from conformance.report.upgrade.page import write_page
from conformance.report.upgrade.rows import write_rows
from conformance.report.upgrade.terminal import terminal_lines
from conformance.rules.table import Severity
from conformance.runs.lines import Lines
from conformance.runs.options import add_options, repeated
from conformance.runs.project import Project
from conformance.runs.settings import settings_from
from conformance.runs.upgrade.compare import compare
from conformance.runs.upgrade.sides import Named, Reader
from conformance.runs.upgrade.traffic.compare import TrafficOptions, compare_traffic

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from conformance.verdicts.comparison import Comparison

_SIDE = "PROVIDER/MODEL[@DIALECT], a results.json, a folder of cassettes, or a recording that audit reads; PATH#TARGET names one of several"
_WIDE = 100  # columns, where nobody looks at a terminal


def arguments(parser: ArgumentParser) -> None:
    """Add both sides, the output, and where things are."""
    parser.epilog = (
        "exit codes: 0 safe, with or without changes, 1 breaks, 2 not known or a side is only emulated,"
        " 3 a side cannot be used"
    )
    parser.add_argument("a", metavar="A", nargs="?", help=f"in use today: {_SIDE}")
    parser.add_argument("b", metavar="B", nargs="?", help="to be used in its place: the same")
    parser.add_argument(
        "--format", choices=("text", "json", "md"), default="text", help="form of the answer (default text)"
    )
    parser.add_argument("--html", metavar="FILE", help="also write the page for people, e.g. upgrade.html")
    parser.add_argument(
        "--from-git",
        metavar="BASE..HEAD",
        help="in place of A and B: compare each model that these commits put in another's place, and name the SDKs that they change",
    )
    traffic = parser.add_argument_group("your own traffic")
    traffic.add_argument(
        "--traffic", metavar="PATH", help="ask B these recorded requests, and compare with the answers in the recording"
    )
    traffic.add_argument("--sample", type=int, metavar="N", help="ask N of them, every shape first (default all)")
    traffic.add_argument("--seed", type=int, default=0, metavar="N", help="of the sample (default 0)")
    traffic.add_argument(
        "--fields",
        action="append",
        default=[],
        metavar="PATH",
        help="look at these JSON fields only: items[].price, user.*",
    )
    traffic.add_argument(
        "--answers",
        metavar="DIR",
        help="keep B's answers here; a second run asks nothing again (default traffic-answers)",
    )
    traffic.add_argument("--rows", metavar="FILE", help="also write how each answer compares, a JSON line a request")
    add_options(parser, "--live", "--emulated", "--max-requests", "--evidence")
    add_options(parser, "--fail-on", "--as-of", "--cassettes", "--reports", "--providers", "--probes", "--rules")


def main(options: Namespace) -> int:
    """Compare both sides, or those of every change of a range of commits; print the answers, and return the exit code.

    Raises:
        UnusableInputError: a side or an option cannot be used.
    """
    if options.from_git:
        return _of_range(options)
    if not options.a or not options.b:
        raise UnusableInputError(
            "two sides are needed", remedy="write conformance upgrade A B, or --from-git BASE..HEAD"
        )
    comparison = compared(options)
    if options.html:
        write_page(comparison, Path(options.html))
    print("\n".join(_printed(options, comparison)))
    return comparison.exit_code


def _of_range(options: Namespace) -> int:
    """Answer for every change of a range: 1 where one breaks, else 3 where one cannot be used, else 2 where one is not known, else 0.

    Raises:
        UnusableInputError: the range or an option cannot be used.
    """
    if options.a or options.html or options.rows:
        remedy = "leave out A, B, --html and --rows, or run the commands that it prints"
        raise UnusableInputError("--from-git names the sides itself", remedy=remedy)
    project = Project.here()
    providers = load_providers(*project.paths("providers", options.providers))
    changes = changes_of_range(project.folder, options.from_git, project.as_of(options.as_of), providers)
    say = sys.stdout if options.format != "json" else sys.stderr
    replaced = [entry for entry in changes if entry.before]
    if not replaced:
        added = f" ({len(changes)} named for the first time)" if changes else ""
        print(f"{options.from_git}: no model or SDK version is replaced{added}", file=say)
        if options.format == "json":
            print("[]")
        return CONFORMS
    codes: list[int] = []
    documents: list[str] = []
    for entry in replaced:
        print(entry.words, file=say)
        if entry.sides is None:
            print(f"  not known; ask it with: {entry.command}", file=say)
            codes.append(UNDECIDED)
            continue
        sides: dict[str, str | None] = {"a": entry.sides[0], "b": entry.sides[1]}
        if "==" in entry.after:
            sides |= {"traffic": None}  # an SDK's version is asked nothing
        try:
            comparison = compared(Namespace(**{**vars(options), **sides}))
        except UnusableInputError as error:  # the other changes may break
            print(f"conformance: {error}", file=sys.stderr)
            codes.append(UNUSABLE)
            continue
        codes.append(comparison.exit_code)
        if options.format == "json":
            documents += _printed(options, comparison)
        else:
            print("\n".join(_printed(options, comparison)))
    if options.format == "json":
        print(f"[{','.join(documents)}]")
    return FAILS if FAILS in codes else max(codes)


def compared(options: Namespace) -> Comparison:
    """Return the comparison that the options ask for.

    Raises:
        UnusableInputError: a side or an option cannot be used.
    """
    project = Project.here()
    project.load_rules(options.rules)
    if options.traffic:
        return _of_traffic(options, project)
    given = {
        name: value
        for name, value in vars(options).items()
        if name not in {"a", "b", "format", "from_git", "html", "verb"}
    }
    reader = Reader(
        project,
        given,
        load_providers(*project.paths("providers", options.providers)),
        lambda line: print(line, file=sys.stderr),
    )
    named = Named.of(options.a, project.folder), Named.of(options.b, project.folder)
    a, b = reader.read(named[0], named[1]), reader.read(named[1], named[0])
    reports = project.path("reports", options.reports) or project.root / "reports"
    return compare(
        a,
        b,
        as_of=project.as_of(options.as_of),
        fail_on=Severity(options.fail_on or project.table.get("fail_on", "error")),
        runs=(reports / BASELINES, reports / RUNS),
        options=repeated(given),
    )


def _of_traffic(options: Namespace, project: Project) -> Comparison:
    """Return what the user's own traffic says of B.

    Raises:
        UnusableInputError: a side, the traffic or an option cannot be used.
    """
    if options.sample is not None and options.sample < 1:
        raise UnusableInputError(f"--sample {options.sample} asks nothing", remedy="write a number above 0")
    path = project.folder / Path(options.traffic).expanduser()
    if not path.exists():
        remedy = "name a file or folder that `conformance audit` reads"
        raise UnusableInputError("there is no such file or folder", where=options.traffic, remedy=remedy)
    providers = load_providers(*project.paths("providers", options.providers))
    named = Named.of(options.a, project.folder)
    given = {**vars(options), "target": [options.b], "live": options.live or options.emulated}
    settings = settings_from(given, project)
    if len(settings.targets) != 1:
        remedy = f"name one, such as {settings.targets[0].id}"
        raise UnusableInputError(f"{options.b!r} stands for {len(settings.targets)} targets", remedy=remedy)
    words = ["--traffic", options.traffic, *(["--sample", str(options.sample)] if options.sample else [])]
    words += ["--seed", str(options.seed)] if options.seed else []
    words += [word for field in options.fields for word in ("--fields", field)]
    words += ["--answers", options.answers] if options.answers else []
    answers = project.folder / Path(options.answers or "traffic-answers").expanduser()
    wanted = TrafficOptions(path, answers, options.sample, options.seed, tuple(options.fields), tuple(words))
    result = compare_traffic(
        (options.a, parse_target(options.a, providers) if named.path is None else None),
        settings.targets[0],
        wanted,
        settings=settings,
        providers=providers,
        runs=(settings.reports / BASELINES, settings.reports / RUNS),
        say=Lines.on(sys.stderr),
    )
    if options.rows:
        write_rows((row.as_json() for row in result.rows), project.folder / Path(options.rows).expanduser())
    return result.comparison


def _printed(options: Namespace, comparison: Comparison) -> list[str]:
    if options.format == "json":
        return [json.dumps(as_json(comparison), indent=1)]
    if options.format == "md":
        return [as_markdown(comparison).rstrip("\n")]
    width = shutil.get_terminal_size((_WIDE, 24)).columns if sys.stdout.isatty() else _WIDE
    return terminal_lines(comparison, width)
