"""Measures `conformance upgrade` on what is known: every fault of the emulator must be named, and nothing where nothing changed.

python -m tests.upgrade_faults faults [--provider NAME]   P against P with each fault: is the fault's rule newly broken?
python -m tests.upgrade_faults seeds [--pairs N]          P against P with another seed: is nothing newly broken?
python -m tests.upgrade_faults recorded                   a recorded server against itself with each fault in one answer
"""

# ruff: noqa: T201 - a command line prints

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import httpx

from conformance.asking.client import Client
from conformance.asking.limits import Budget, Pace
from conformance.emulator.app import Emulator
from conformance.emulator.faults.table import FAULTS, chosen
from conformance.emulator.response import Event, Plain, Streamed, as_bytes
from conformance.probes.conversation import conversation
from conformance.providers import load_providers, parse_target
from conformance.providers.keys import auth_headers
from conformance.rules.table import Severity
from conformance.runs.project import Project
from conformance.runs.run import Run
from conformance.runs.settings import settings_from
from conformance.runs.upgrade.compare import compare
from conformance.runs.upgrade.of_target import material_of_target
from conformance.verdicts.comparison import Answer, Kind
from conformance.wire import transport as capture
from conformance.wire.exchange import Exchange, Response
from tests.emulator.broken import CONFORMING, NOW, InMemory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from conformance.emulator.faults.table import Fault
    from conformance.probes import Probe
    from conformance.providers import Provider, Target
    from conformance.runs.settings import Settings
    from conformance.runs.upgrade.material import Material
    from conformance.verdicts.comparison import Comparison

ROOT = Path(__file__).parents[1]
AS_OF = "2026-11-21"
#: The probes that show a fault.
SHOWING = tuple(dict.fromkeys(fault.shows for fault in FAULTS.values()))
NEW = frozenset({Kind.NEWLY_BROKEN, Kind.WORSE})
RECORDED = "llamacpp/smollm2-135m-instruct"


@cache
def _folder() -> TemporaryDirectory[str]:
    folder = TemporaryDirectory()
    Path(folder.name, "conforming.toml").write_text(CONFORMING, "utf-8")
    return folder


@cache
def _settings() -> tuple[Settings, Mapping[str, Provider]]:
    options = {"target": [RECORDED], "as_of": AS_OF, "providers": [_folder().name]}
    providers = load_providers(Path(_folder().name))
    return settings_from(options, Project.at(ROOT, ROOT)), providers


def run_of(target: str, probes: Sequence[str] = ()) -> Run:
    """Return a run over one target, the conforming provider among those that are known."""
    settings, providers = _settings()
    chosen_ = replace(settings, targets=(parse_target(target, providers),), only_probes=frozenset(probes))
    return Run(chosen_, lambda _: None)


def emulated(
    target: str, faults: Sequence[str] = (), *, seed: int = 0, probes: Sequence[str] = (), live: bool = False
) -> Material:
    """Return the material of an emulated target, asked in memory."""
    run = run_of(target, probes)
    asked = run.settings.targets[0]
    found = chosen(faults)
    whole = Emulator(asked, seed=seed, clock=lambda: NOW)
    broken = Emulator(
        asked,
        seed=seed,
        clock=lambda: NOW,
        request_faults=found.request_faults,
        faults=found.faults,
        transport_faults=found.transport_faults,
    )
    seen = []
    for probe in run._askable(asked)[0]:  # noqa: SLF001 - what `Run.ask` would ask
        try:
            exchanges = _ask(asked, probe, broken, live=live)
        except (TypeError, ValueError, AttributeError):  # the fault is made for answers of another kind
            exchanges = _ask(asked, probe, whole, live=live)
        seen.append(conversation(probe, exchanges))
    run.supply(asked, seen)
    return material_of_target(run, asked, target)


def _ask(target: Target, probe: Probe, app: Emulator, *, live: bool) -> tuple[Exchange, ...]:
    transport = InMemory(app, live=live)
    pace, auth = Pace(None, sleep=lambda _: None), auth_headers(target, "sk-any")
    with (
        patch.object(capture.time, "monotonic_ns", lambda: int(transport.now * 1e9)),
        httpx.Client(transport=transport) as http,
    ):
        return Client(target, http, target.provider.base_url, auth, {}, Budget(100), pace, emulated=not live).ask(probe)


def upgraded(a: Material, b: Material) -> Comparison:
    """Return the comparison of two materials."""
    run = run_of(a.target.id if a.target else RECORDED)
    return compare(a, b, as_of=run.settings.as_of, fail_on=Severity.ERROR)


def newly(comparison: Comparison) -> frozenset[str]:
    """Return the rules that are newly broken."""
    return frozenset(change.id for change in comparison.changes if change.about == "rule" and change.kind in NEW)


def faulted(exchange: Exchange, name: str) -> Exchange:
    """Return a recorded exchange as if the server had had a fault; the same exchange where the fault does not show on it."""
    response = exchange.response
    if response is None or response.status is None:
        return exchange
    found = chosen([name])
    outgoing = before = _outgoing(exchange, response)
    for fault in found.faults:
        outgoing = fault(outgoing, exchange.request)
    answered = plain = as_bytes(outgoing)
    for transport_fault in found.transport_faults:
        answered = transport_fault(answered, exchange.request)
    if outgoing == before and answered == plain:
        return exchange
    eof = response.eof if answered.end == "clean" else "reset"
    changed = Response(answered.status, answered.headers, answered.body, eof)
    return replace(exchange, response=changed, timing=None)


def _outgoing(exchange: Exchange, response: Response) -> Plain | Streamed:
    from conformance.wire.case import Case  # noqa: PLC0415

    reply = Case(exchange).reply
    if not reply.streamed or reply.stream is None:
        value = response.document.value
        return Plain(response.status or 0, response.headers, value if isinstance(value, dict | list) else response.body)
    events = tuple(Event(_data(event.data), event.type or None) for event in reply.stream.events)
    return Streamed(response.headers, events, status=response.status or 0)


def _data(data: bytes | str) -> Any:
    text = data if isinstance(data, str) else data.decode("utf-8", "surrogatepass")
    try:
        return json.loads(text)
    except ValueError:
        return text


def recorded_pair(name: str, probe: str, target: str = RECORDED) -> tuple[Material, Material] | None:
    """Return a recorded target's answer to one probe, and the same with a fault in it; None where the fault does not show."""
    run, other = run_of(target, [probe]), run_of(target, [probe])
    asked = run.settings.targets[0]
    seen = run.observed(asked).observations
    if not seen or not seen[0].exchanges:
        return None
    exchanges = [faulted(exchange, name) for exchange in seen[0].exchanges]
    if exchanges == list(seen[0].exchanges):
        return None
    other.supply(asked, [conversation(seen[0].probe, exchanges)])
    return material_of_target(run, asked, target), material_of_target(other, asked, target)


@dataclass(frozen=True)
class Row:
    """One fault: the rules that are newly broken, and those that it names."""

    fault: Fault
    newly: frozenset[str]

    @property
    def named(self) -> bool:
        """Whether the fault's own rule is among them."""
        return self.fault.rule in self.newly

    @property
    def exact(self) -> bool:
        """Whether nothing else is."""
        return self.newly == self.fault.fires


def fault_rows(target: str) -> Iterator[Row]:
    """Yield a row for each fault that has a rule and works without a socket."""
    unbroken: dict[tuple[str, bool], Material] = {}
    for name, fault in FAULTS.items():
        if not fault.rule or name.startswith("connection."):
            continue
        whom = f"{target}@{fault.dialect}" if fault.dialect else target
        key = (whom, fault.timed)
        if key not in unbroken:
            unbroken[key] = emulated(whom, probes=SHOWING, live=fault.timed)
        yield Row(fault, newly(upgraded(unbroken[key], emulated(whom, [name], probes=SHOWING, live=fault.timed))))


def recorded_rows(names: Iterable[str]) -> Iterator[Row]:
    """Yield a row for each fault that shows on a recorded answer."""
    for name in names:
        fault = FAULTS[name]
        target = f"{RECORDED}@{fault.dialect}" if fault.dialect else RECORDED
        pair = recorded_pair(name, fault.shows, target) if fault.rule else None
        if pair is not None:
            yield Row(fault, newly(upgraded(*pair)))


def _print(rows: Iterable[Row]) -> None:
    rows = list(rows)
    for row in rows:
        if not row.exact:
            missed, more = sorted(row.fault.fires - row.newly), sorted(row.newly - row.fault.fires)
            print(f"{row.fault.name}: missing {missed}, besides {more}")
    named, whole = sum(row.named for row in rows), sum(row.exact for row in rows)
    print(
        f"{named} of {len(rows)} faults have their rule named as newly broken; {whole} have exactly their rules named"
    )


def _seeds(pairs: int) -> None:
    providers = load_providers()
    targets = [
        f"{name}/{provider.default_models[0]}"
        for name, provider in sorted(providers.items())
        if not provider.abstract and provider.default_models
    ]
    counts: Counter[str] = Counter()
    for number in range(pairs):
        target = targets[number % len(targets)]
        seed = number // len(targets)
        comparison = upgraded(emulated(target, seed=2 * seed), emulated(target, seed=2 * seed + 1))
        counts[comparison.answer.value] += 1
        if comparison.answer is not Answer.SAFE:
            shown = [
                f"{change.severity} {change.id}: {change.title}"
                for change in (*comparison.breaking, *comparison.changing)
            ]
            print(f"{target} seeds {2 * seed} and {2 * seed + 1}: {comparison.answer}: {shown}", flush=True)
    print(f"{counts['breaks']} false `breaks` of {pairs}: {dict(counts)}")


def main() -> None:
    """Print the figures that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("faults", "seeds", "recorded"))
    parser.add_argument("--target", default="conforming/steady")
    parser.add_argument("--pairs", type=int, default=200)
    options = parser.parse_args()
    if options.what == "faults":
        _print(fault_rows(options.target))
    elif options.what == "recorded":
        _print(recorded_rows(FAULTS))
    else:
        _seeds(options.pairs)


if __name__ == "__main__":
    main()
