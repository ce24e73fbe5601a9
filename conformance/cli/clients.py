"""`conformance clients`: real SDKs against the emulated providers, the faults and recordings; `--with` tries another version."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from conformance.emulator.clients.catalogue import clients, faulty_targets, named
from conformance.emulator.clients.environments import make
from conformance.emulator.clients.fault_questions import question
from conformance.emulator.clients.matrix import STATUSES, MatrixPlan, run
from conformance.emulator.clients.pages import as_json, as_markdown, summary, worse
from conformance.emulator.faults.table import FAULTS
from conformance.emulator.replay.tape import load_tape
from conformance.emulator.server import served_target
from conformance.errors import CONFORMS, FAILS, UnusableInputError, suggest
from conformance.probes import load_probes
from conformance.providers import load_providers
from conformance.recording.files import write_whole
from conformance.runs.options import add_options
from conformance.runs.project import Project
from conformance.wire.dialects import DEFAULT_DIALECT
from conformance.wire.dialects.openai_chat import decode

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable, Mapping

    from conformance.emulator.clients.catalogue import Client
    from conformance.providers import Provider
    from conformance.wire.exchange import Exchange

_OK: Final = 200


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
    if options.install or options.wanted:
        for environment in {client.environment.name: client.environment for client in chosen}.values():
            make(environment)
            if options.wanted:
                make(environment, wanted=options.wanted)
    plan = _plan(options, load_providers(*Project.here().paths("providers", options.providers)))
    cells, versions = run(chosen, plan)
    before = cells
    if options.wanted:
        cells, versions = run(chosen, plan, wanted=options.wanted)
    today = datetime.now(UTC).date()
    if options.format == "json":
        print(json.dumps(as_json(cells, versions, today, options.wanted), indent=1))
    else:
        print(as_markdown(cells, versions, today) if options.format == "md" else "\n".join(summary(cells)))
    if options.json:
        write_whole(Path(options.json), json.dumps(as_json(cells, versions, today, options.wanted), indent=1) + "\n")
    if not options.wanted:
        return CONFORMS
    lost = worse(before, cells)
    out = sys.stdout if options.format == "text" else sys.stderr
    print(f"\n{options.wanted}: {len(lost)} of {len(cells)} cases are worse than with the locked versions", file=out)
    for line in lost:
        print(f"  {line}", file=out)
    return FAILS if lost else CONFORMS


def _those_with(wanted: str, clients: Iterable[Client], *, chosen: bool) -> tuple[Client, ...]:
    """Return the clients that a requirement is about: those that were named, else those of that package."""
    package = wanted.partition("==")[0]
    matching = tuple(
        client for client in clients if chosen or (client.package == package and not client.environment.node)
    )
    if "==" not in wanted or not matching:
        remedy = "write PACKAGE==VERSION; name other clients that use it with --client"
        raise UnusableInputError(f"{wanted!r} is no version of a client", where="--with", remedy=remedy)
    return matching


def _plan(options: Namespace, providers: Mapping[str, Provider]) -> MatrixPlan:
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
    spoken = {client.dialect for client in clients().values()}
    emulated = [
        provider.name for provider in providers.values() if not provider.abstract and spoken & {*provider.dialects}
    ]
    chosen = options.provider or (emulated if everything else [])
    faulty = {dialect: served_target(*befallen, providers, dialect) for dialect, befallen in faulty_targets().items()}
    usual, probes = faulty[DEFAULT_DIALECT], load_probes()
    faults = {name: FAULTS[name] for name in (FAULTS if everything else options.fault)}
    paths = options.replay or (["cassettes"] if everything and Path("cassettes").is_dir() else [])
    return MatrixPlan(
        targets=[served_target(name, None, providers) for name in chosen],
        faults={
            name: question(fault, faulty.get(fault.dialect or "", usual), probes) for name, fault in faults.items()
        },
        faulty=usual,
        faulty_in=faulty,
        statuses=STATUSES if everything else (),
        recordings=_recordings(paths),
    )


def _recordings(paths: Iterable[str]) -> dict[str, list[Exchange]]:
    """Return the recorded chat answers by target. Of answers that a client cannot tell apart (same members asked, same end), one is kept.

    Emulated ones are left out: they are no evidence of a provider's answers.
    """
    alike: dict[tuple[object, ...], tuple[str, Exchange]] = {}
    tape = load_tape(paths)[0] if paths else None
    for exchange in tape.exchanges if tape else ():
        body = exchange.request.json
        chat = exchange.request.path.endswith("/chat/completions") and isinstance(body.get("messages"), list)
        answered = exchange.response is not None and exchange.response.status == _OK
        if chat and answered and isinstance(body.get("model"), str) and exchange.evidence != "emulated":
            target = f"{exchange.provider or 'unknown'}/{body['model']}"
            endings = tuple((choice.finish_reason, len(choice.tool_calls)) for choice in decode(exchange).choices)
            alike.setdefault((target, tuple(sorted(body)), endings), (target, exchange))
    grouped: dict[str, list[Exchange]] = {}
    for target, exchange in alike.values():
        grouped.setdefault(target, []).append(exchange)
    return grouped
