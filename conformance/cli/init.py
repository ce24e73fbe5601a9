"""`conformance init`: settings, a CI job, a hook and an example test, written into the project that the working folder is in."""

from __future__ import annotations

import os
import sys
import tomllib
from textwrap import indent
from typing import TYPE_CHECKING, Final

from conformance.asking.cassettes import recorded_targets
from conformance.errors import CONFORMS, UnusableInputError, command
from conformance.providers import default_targets, load_providers, parse_target
from conformance.runs.options import add_options
from conformance.runs.project import Project
from conformance.runs.starter.pieces import pieces
from conformance.runs.starter.source import requirement
from conformance.runs.starter.write import done

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from conformance.providers import Provider, Target
    from conformance.runs.starter.write import Deed, Done

_CI: Final = ("github", "gitlab", "none")
_DONE: Final[dict[Deed, str]] = {"write": "wrote", "add to": "added to", "leave": "left alone"}


def arguments(parser: ArgumentParser) -> None:
    """Add the targets, the CI system, and the rehearsal."""
    parser.epilog = (
        "No file is overwritten: the text for a file that is"
        " there is printed.\n\nexit codes: 0 written, 3 the input cannot be used"
    )
    parser.add_argument(
        "targets",
        nargs="*",
        metavar="TARGET",
        help="PROVIDER/MODEL[@DIALECT], or PROVIDER for its usual models (default: those that have cassettes; else the"
        " providers whose key is set; a terminal is asked)",
    )
    parser.add_argument(
        "--ci", choices=_CI, help="the CI job to write (default: gitlab beside .gitlab-ci.yml, else github)"
    )
    parser.add_argument(
        "--requirement",
        metavar="TEXT",
        help="what pip installs in CI (default: this version, or the commit it came from)",
    )
    parser.add_argument("--dry-run", action="store_true", help="write nothing, show every text")
    add_options(parser, "--providers")


def main(options: Namespace) -> int:
    """Write what is missing, say what was left alone, and name the next commands.

    Raises:
        UnusableInputError: a target is unknown, pyproject.toml is no TOML, or a file cannot be written.
    """
    project = Project.here()
    providers = load_providers(*project.paths("providers", options.providers))
    targets = _targets(options, project, providers)
    repository = next(
        (entry for entry in (project.root, *project.root.parents) if (entry / ".git").exists()), project.root
    )
    ci = options.ci or ("gitlab" if (repository / ".gitlab-ci.yml").exists() else "github")
    wanted = options.requirement or requirement()
    try:
        planned = list(pieces(project.root, repository, targets, ci=ci, requirement=wanted))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnusableInputError(
            f"no TOML: {error}", where=project.root / "pyproject.toml", remedy="mend it"
        ) from error
    results = [done(piece, dry_run=options.dry_run) for piece in planned]
    for result in results:
        _print(result, project.folder, dry_run=options.dry_run)
    _print_next(targets, ci, dry_run=options.dry_run)
    return CONFORMS


def _targets(options: Namespace, project: Project, providers: Mapping[str, Provider]) -> Sequence[Target]:
    if options.targets:
        return _parsed(options.targets, providers)
    if "targets" in project.table:
        return _parsed(project.table["targets"], providers)
    cassettes = project.path("cassettes", None) or project.root / "cassettes"
    usual = recorded_targets(cassettes, providers) or tuple(
        target
        for provider in providers.values()
        if not provider.abstract and provider.auth and os.environ.get(provider.auth.env)
        for target in default_targets(provider)
    )
    if options.dry_run or os.environ.get("CI") or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return usual
    shown = " ".join(target.id for target in usual) or "none yet"
    print(f"targets, as PROVIDER/MODEL with blanks between them [{shown}]: ", end="", flush=True)
    return _parsed(sys.stdin.readline().split(), providers) or usual


def _parsed(names: Iterable[str], providers: Mapping[str, Provider]) -> tuple[Target, ...]:
    result: list[Target] = []
    for name in names:
        known = providers.get(name)
        result += (default_targets(known) if known and not known.abstract else ()) or [parse_target(name, providers)]
    return tuple(dict.fromkeys(result))


def _print(result: Done, folder: Path, *, dry_run: bool) -> None:
    path = os.path.relpath(result.path, folder)
    if result.deed == "leave":
        print(
            f"{'leave' if dry_run else 'left'} {path} alone: {result.why}"
            + ("; add this if you want it:" if result.text else "")
        )
    else:
        print(f"would {result.deed} {path}:" if dry_run else f"{_DONE[result.deed]} {path}")
    if result.text and (dry_run or result.deed == "leave"):
        print(indent(result.text.strip("\n"), "    "))


def _print_next(targets: Sequence[Target], ci: str, *, dry_run: bool) -> None:
    if dry_run:
        print("nothing was written; leave out --dry-run to write it")
        return
    first = targets[0] if targets else None
    auth = first.auth if first else None
    print("next:")
    if first is None:
        print('  name your targets: targets = ["PROVIDER/MODEL"]; `conformance providers` lists the providers')
    record = command("record", *([first.id] if first else ["PROVIDER/MODEL"]))
    print(
        f"  {f'export {auth.env}=...; ' if auth else ''}{record}  # asks the provider: the plan and its cost come first"
    )
    print("  conformance run        # replays what was recorded, offline; reports/index.html is the page")
    print("  conformance baseline   # accepts what fails today, so that CI fails on what is new; commit it")
    if ci == "gitlab":
        print("  include: {local: conformance.gitlab-ci.yml}  # in .gitlab-ci.yml")
