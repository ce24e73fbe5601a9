"""`conformance clients`: real SDKs against the emulated providers, the faults and recordings; `--with` tries another version."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.emulator.clients.catalogue import named
from conformance.emulator.clients.environments import make
from conformance.emulator.clients.fault_questions import question
from conformance.emulator.clients.markdown import as_markdown
from conformance.emulator.clients.matrix import STATUSES, Befallen, MatrixPlan, run
from conformance.emulator.clients.pages import as_json, summary, worse
from conformance.emulator.clients.recordings import Recordings, recordings
from conformance.emulator.faults.table import FAULTS
from conformance.emulator.server import served_target
from conformance.errors import CONFORMS, FAILS, UnusableInputError, suggest
from conformance.probes import load_probes
from conformance.providers import load_providers, parse_target
from conformance.recording.files import write_whole
from conformance.runs.options import add_options
from conformance.runs.project import Project
from conformance.wire.dialects import DEFAULT_DIALECT

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.emulator.clients.catalogue import Client
    from conformance.providers import Provider


def arguments(parser: ArgumentParser) -> None:
    """Add the clients, the questions, and the version to try."""
    parser.add_argument("--client", action="append", default=[], metavar="NAME", help="only this client")
    parser.add_argument("--provider", action="append", default=[], metavar="NAME", help="only this emulated provider")
    parser.add_argument("--fault", action="append", default=[], metavar="NAME", help="only this fault")
    parser.add_argument("--replay", action="append", default=[], metavar="PATH", help="only these recorded answers")
    version = "try this version, e.g. openai==3.60.0, and list the cases that it makes worse (it is downloaded)"
    parser.add_argument("--with", dest="wanted", metavar="PACKAGE==VERSION", help=version)
    install = "make the clients' environments first (they are downloaded)"
    parser.add_argument("--install", action="store_true", help=install)
    parser.add_argument("--format", choices=("text", "md", "json"), default="text", help="md is docs/clients.md")
    parser.add_argument("--json", metavar="FILE", help="write the JSON to this file too")
    add_options(parser, "--providers")


def main(options: Namespace) -> int:
    """Run the clients, print the matrix, and return 1 where `--with` makes one worse, else 0.

    Raises:
        UnusableInputError: a client, provider or fault is unknown, an environment is missing or cannot be made.
    """
    chosen = named(options.client)
    if options.wanted:
        chosen = _those_with(options.wanted, chosen, chosen=bool(options.client))
    left_out: dict[str, str] = {}
    if options.install or options.wanted:
        chosen, left_out = _installed(chosen, options.wanted, all_of_them=bool(options.client or options.wanted))
    plan = _plan(options, chosen, load_providers(*Project.here().paths("providers", options.providers)))
    cells, versions = run(chosen, plan)
    before = cells
    if options.wanted:
        cells, versions = run(chosen, plan, wanted=options.wanted)
    today = datetime.now(UTC).date()
    if options.format == "json":
        print(json.dumps(as_json(cells, versions, today, options.wanted, left_out), indent=1))
    elif options.format == "md":
        print(as_markdown(cells, versions, today, left_out))
    else:
        print(*summary(cells), *(f"{name:20} not tried: {why}" for name, why in left_out.items()), sep="\n")
    if options.json:
        text = json.dumps(as_json(cells, versions, today, options.wanted, left_out), indent=1)
        write_whole(Path(options.json), text + "\n")
    if not options.wanted:
        return CONFORMS
    lost = worse(before, cells)
    out = sys.stdout if options.format == "text" else sys.stderr
    print(f"\n{options.wanted}: {len(lost)} of {len(cells)} cases are worse than with the locked versions", file=out)
    for line in lost:
        print(f"  {line}", file=out)
    return FAILS if lost else CONFORMS


def _installed(
    chosen: Iterable[Client], wanted: str | None, *, all_of_them: bool
) -> tuple[tuple[Client, ...], dict[str, str]]:
    """Make the environments of clients; return the clients that have one, and why the others have none.

    Raises:
        UnusableInputError: one cannot be made, and all of them were asked for, or none can.
    """
    chosen, why_not = tuple(chosen), dict[str, str]()
    for environment in {client.environment.name: client.environment for client in chosen}.values():
        try:
            make(environment)
            if wanted:
                make(environment, wanted=wanted)
        except UnusableInputError as error:
            why_not[environment.name] = str(error)
            if all_of_them or why_not.keys() == {client.environment.name for client in chosen}:
                raise
    made = tuple(client for client in chosen if client.environment.name not in why_not)
    return made, {client.name: why_not[client.environment.name] for client in chosen if client not in made}


def _those_with(wanted: str, clients: Iterable[Client], *, chosen: bool) -> tuple[Client, ...]:
    """Return the clients that a requirement is about: those that were named, else those of that package.

    A name that PyPI and npm may both have is PyPI's; `@scope/name` is npm's alone.
    """
    package = wanted.partition("==")[0]
    node = package.startswith("@")
    matching = tuple(
        client for client in clients if chosen or (client.package == package and client.environment.node == node)
    )
    if "==" not in wanted or not matching:
        remedy = "write PACKAGE==VERSION; name other clients that use it with --client"
        raise UnusableInputError(f"{wanted!r} is no version of a client", where="--with", remedy=remedy)
    return matching


def _plan(options: Namespace, chosen: Sequence[Client], providers: Mapping[str, Provider]) -> MatrixPlan:
    """Return the plan: everything, or the providers, faults and recordings that were named."""
    everything = not (options.provider or options.fault or options.replay)
    for name in options.fault:
        if name not in FAULTS:
            raise UnusableInputError(f"fault {name!r} is unknown", where="--fault", remedy=suggest(name, FAULTS))
    for name in options.provider:
        if name not in providers:
            raise UnusableInputError(
                f"provider {name!r} is unknown", where="--provider", remedy=suggest(name, providers)
            )
    spoken = {client.dialect for client in chosen}
    emulated = [
        provider.name for provider in providers.values() if not provider.abstract and spoken & {*provider.dialects}
    ]
    shown = options.provider or (emulated if everything else [])
    paths = options.replay or (["cassettes"] if everything and Path("cassettes").is_dir() else [])
    replayed = recordings(paths, spoken) if paths else Recordings({}, {})
    return MatrixPlan(
        targets=[served_target(name, None, providers) for name in shown],
        faults=_befallen(chosen, list(FAULTS) if everything else options.fault, providers),
        statuses=STATUSES if everything else (),
        recordings=replayed.recorded,
        emulated_recordings=replayed.emulated,
    )


def _befallen(
    chosen: Iterable[Client], faults: Sequence[str], providers: Mapping[str, Provider]
) -> dict[str, Befallen]:
    """Return what the faults befall, by client. A fault of another dialect than the client's is asked of nobody."""
    probes = load_probes()

    @cache
    def shown(befallen: str, dialect: str, handed: str) -> Befallen:
        target = parse_target(f"{befallen}@{dialect}", providers)
        own = (FAULTS[name] for name in faults if (FAULTS[name].dialect or DEFAULT_DIALECT) == dialect)
        return Befallen(target, {fault.name: question(fault, target, probes, handed) for fault in own})

    return {client.name: shown(client.befallen, client.dialect, client.handed) for client in chosen}
