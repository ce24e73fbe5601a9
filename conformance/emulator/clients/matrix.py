"""Every client against every provider, fault, status and recording: the cells of the client matrix."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Final

from conformance.emulator.clients.bench import Bench, ClientCell
from conformance.emulator.clients.catalogue import capabilities
from conformance.emulator.clients.driver import Driver
from conformance.emulator.clients.environments import command, here
from conformance.emulator.clients.switchboard import Switchboard
from conformance.emulator.loopback import loopback

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.emulator.clients.bench import Table
    from conformance.emulator.clients.catalogue import Client
    from conformance.emulator.clients.fault_questions import Question
    from conformance.providers import Target
    from conformance.wire.exchange import Exchange

#: Statuses that providers send (facts of the built-in providers), each in the envelope that OpenAI documents.
STATUSES: Final = (400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 498, 500, 502, 503, 504, 529)
#: One more than there are cores on a small machine: a client that hangs costs it nothing.
_AT_ONCE: Final = 3


@dataclass(frozen=True)
class Befallen:
    """A target that faults befall, and what shows each of them there, or why no SDK can ask it."""

    target: Target
    questions: Mapping[str, Question | str]


@dataclass(frozen=True)
class MatrixPlan:
    """What is asked: targets to emulate, what faults befall (by client), statuses, and recordings by target.

    `emulated_recordings` are answers of the emulator that were written down: no provider sent them.
    """

    targets: Sequence[Target] = ()
    faults: Mapping[str, Befallen] = field(default_factory=dict)
    statuses: Sequence[int] = ()
    recordings: Mapping[str, Sequence[Exchange]] = field(default_factory=dict)
    emulated_recordings: Mapping[str, Sequence[Exchange]] = field(default_factory=dict)


def run(
    clients: Sequence[Client], plan: MatrixPlan, *, wanted: str | None = None, shared: bool = False
) -> tuple[list[ClientCell], dict[str, dict[str, str]]]:
    """Ask all, and return the cells and each client's versions. Several run at a time.

    Args:
        clients: whose environments are made.
        plan: what is asked.
        wanted: the requirement that was installed over the lock.
        shared: run those that are installed in this environment here, in place of their own.

    Raises:
        UnusableInputError: a driver cannot start.
    """
    cells: list[ClientCell] = []
    versions: dict[str, dict[str, str]] = {}
    board, numbers = Switchboard(), count()
    # asyncio warns of every write to a client that is gone, which is what a killed one is.
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    with loopback(board) as url, ThreadPoolExecutor(_AT_ONCE) as pool:

        def one(client: Client) -> tuple[list[ClientCell], dict[str, str]]:
            with _driver(client, wanted, shared=shared) as driver:
                bench = Bench(client, driver, board, url, numbers)
                return list(_cells(bench, plan)), driver.versions

        for client, (match, known) in zip(clients, pool.map(one, clients), strict=True):
            cells += match
            versions[client.name] = known
    return cells, versions


def _driver(client: Client, wanted: str | None, *, shared: bool) -> Driver:
    words = here(client) if shared else None
    words, folder = (words, client.driver.parent) if words else command(client, wanted=wanted)
    return Driver(words, folder, client.name)


def _cells(bench: Bench, plan: MatrixPlan) -> Iterator[ClientCell]:
    every = capabilities()
    for target in plan.targets:
        for capability in every.values():
            yield bench.provider(target, capability)
    if befallen := plan.faults.get(bench.client.name):
        for name, asked in befallen.questions.items():
            yield bench.fault(befallen.target, name, asked)
    for status in plan.statuses:
        yield bench.status(status)
    replays: dict[Table, Mapping[str, Sequence[Exchange]]] = {
        "replay": plan.recordings,
        "emulated-replay": plan.emulated_recordings,
    }
    for table, recordings in replays.items():
        for target_id, exchanges in recordings.items():
            for exchange in exchanges:
                if bench.asks_like(exchange):
                    yield bench.replayed(table, target_id, exchange)
