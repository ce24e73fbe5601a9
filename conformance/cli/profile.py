"""`conformance profile [NAME]`: whether the targets of the last run fit one kind of client, or a profile of recorded traffic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.cli.baseline import results_path
from conformance.errors import CONFORMS, FAILS, UNDECIDED, UNUSABLE, UnusableInputError, counted
from conformance.recording.files import write_whole
from conformance.report.results import read_results
from conformance.runs.options import add_options
from conformance.runs.profile import Fit, load_profiles, named_profile, outcomes
from conformance.runs.profile_of_traffic import infer
from conformance.runs.project import Project

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from conformance.runs.profile import Outcome, Profile

_CODES: Final = {Fit.FITS: CONFORMS, Fit.BREAKS: FAILS, Fit.NOT_KNOWN: UNDECIDED}
#: How many violated rules are named; --all names every one.
SHOWN: Final = 5


def arguments(parser: ArgumentParser) -> None:
    """Add the profile, the run, and what a profile is inferred from."""
    parser.epilog = "exit codes: 0 every judged target fits, 1 one breaks, 2 not known, 3 the input cannot be used"
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help="a profile, or a .toml file; without it, all are listed"
    )
    parser.add_argument("--results", metavar="FILE", help="results.json of the run (default: reports/results.json)")
    parser.add_argument("--target", metavar="TARGET", help="speak of this target alone")
    parser.add_argument("--strict", action="store_true", help="a known deviation breaks the client too")
    parser.add_argument("--all", action="store_true", help="name every violated rule")
    parser.add_argument(
        "--infer", nargs="+", metavar="PATH", help="write a profile of the rules that recorded traffic exercises"
    )
    parser.add_argument("--out", metavar="FILE", help="with --infer: the .toml file to write")
    add_options(parser, "--rules")


def main(options: Namespace) -> int:
    """Print the profiles, or how the targets fit one; or write an inferred one. Return the exit code.

    Raises:
        UnusableInputError: the profile, the results or the traffic cannot be read.
    """
    project = Project.here()
    project.load_rules(options.rules)
    if bool(options.infer) != bool(options.out):
        raise UnusableInputError(
            "--infer needs --out FILE, and --out needs --infer PATH",
            remedy="conformance profile --infer PATH --out FILE.toml",
        )
    if options.infer:
        text, count, unreadable = infer(options.infer)
        write_whole(project.folder / options.out, text)
        print(f"{options.out}: the rules that {counted(count, 'exchange')} exercise")
        for item in unreadable:
            print(f"not read: {item.error}")
        return UNUSABLE if unreadable else CONFORMS
    if not options.name:
        print(
            "\n".join(
                f"{profile.name:20} {counted(len(profile.rules), 'rule'):>9}  {profile.about}"
                for profile in load_profiles().values()
            )
        )
        return CONFORMS
    options.results = options.results or None
    profile = named_profile(options.name, project.folder)
    results = read_results(results_path(options, project))
    chosen = [outcome for outcome in outcomes(results, profile) if options.target in {None, outcome.target}]
    if not chosen:
        raise UnusableInputError(
            f"target {options.target!r} is not in the run", remedy=f"it has {', '.join(results['targets'])}"
        )
    print("\n".join(_lines(profile, chosen, every=options.all)))
    fits = {
        outcome.strict if options.strict else outcome.compat for outcome in chosen if outcome.judged or options.target
    }
    return max((_CODES[fit] for fit in fits), key=(CONFORMS, UNDECIDED, FAILS).index, default=UNDECIDED)


def _lines(profile: Profile, chosen: list[Outcome], *, every: bool) -> Iterator[str]:
    yield f"{profile.name}: {profile.about}"
    for outcome in sorted(chosen, key=lambda outcome: -outcome.judged):
        if not outcome.judged:
            continue
        yield f"\n{outcome.target}: strict {outcome.strict}, compat {outcome.compat} ({counted(outcome.judged, 'rule')} judged)"
        for cell in outcome.violated if every else outcome.violated[:SHOWN]:
            yield f"  {cell['verdict']}: {cell['rule']}: {cell['reason']}"
        if len(outcome.violated) > SHOWN and not every:
            yield f"  ... and {len(outcome.violated) - SHOWN} more; --all names them"
        if outcome.unchecked:
            yield f"  not known: {', '.join(outcome.unchecked[:SHOWN])}{' ...' if len(outcome.unchecked) > SHOWN else ''}"
    idle = [outcome.target for outcome in chosen if not outcome.judged]
    if idle:
        yield f"\nnot known, only emulated or not recorded: {', '.join(idle)}"
