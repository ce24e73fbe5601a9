"""A run: every target's probes observed (replayed or asked), judged once, and decided into cells."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import httpx

import conformance.judge as judging
from conformance import __version__
from conformance.case import Case, Session
from conformance.client import Budget, BudgetSpentError, Client, Pace
from conformance.ledger import Ledger
from conformance.probes import probes_for
from conformance.recording.cassette import cassette_path, load, save
from conformance.recording.local_server import serve
from conformance.recording.redaction import redact
from conformance.rules.registry import RULES
from conformance.settings import auth_headers, key_of
from conformance.verdict import Cell, Observation, decide, unusable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    from conformance.exchange import Exchange
    from conformance.judge import Judgement
    from conformance.probes import Probe
    from conformance.providers import Target
    from conformance.rules.registry import Rule
    from conformance.settings import Settings

#: What an answer that decides nothing (429, 5xx, a broken connection) is still judged by.
_ALWAYS_JUDGED = ("http", "error")
_ALWAYS_JUDGED_RULE = "stream.truncated_without_finish"


@dataclass
class Observed:
    """What one target brought: an observation a probe, and why the other probes could not be asked."""

    observations: list[Observation]
    out_of_reach: dict[str, str]


@dataclass
class Run:
    """One run over `settings`. Exchanges are fetched once and shared by all cells."""

    settings: Settings
    say: Callable[[str], None] = print
    observed: dict[str, Observed] = field(default_factory=dict)
    cells: dict[tuple[str, str], Cell] = field(default_factory=dict)

    def cell(self, target: Target, rule: Rule) -> Cell:
        """Return the cell of a target and a rule, decided once. Offline, this replays the target's cassettes."""
        key = (target.id, rule.id)
        if key not in self.cells:
            if target.id not in self.observed:
                self.observed[target.id] = self._replay(target)
            seen = self.observed[target.id]
            settings = self.settings
            reach = {name: why for name, why in seen.out_of_reach.items() if self._provokes(name, rule.id)}
            self.cells[key] = decide(
                rule,
                target,
                seen.observations,
                reach,
                fail_on=settings.fail_on,
                as_of=settings.as_of,
                live=settings.live,
            )
        return self.cells[key]

    def ledger(self, keys: Iterable[tuple[Target, Rule]]) -> Ledger:
        """Return the ledger of the cells that were selected."""
        settings = self.settings
        named = frozenset(target.id for target in settings.targets) if settings.named else frozenset()
        cells = [self.cell(target, rule) for target, rule in keys]
        return Ledger(settings.as_of, settings.fail_on, settings.live, named, cells)

    def exchanges(self, target: str, probe: str) -> tuple[Exchange, ...]:
        """Return what a probe brought for a target."""
        seen = self.observed[target].observations
        return next((each.exchanges for each in seen if each.probe.name == probe), ())

    def ask(self, wanted: Mapping[Target, Collection[str]]) -> None:
        """Ask the probes that provoke the wanted rules (ids by target); everything else wanted is replayed.

        Raises:
            UnusableInputError: a key is missing, or a local server cannot be started.
        """
        budget = Budget(self.settings.max_requests)
        chosen = {target: self._chosen(target, rules) for target, rules in wanted.items()}
        for line in plan(chosen, self.settings.max_requests):
            self.say(line)
        for target, probes in chosen.items():
            self.observed[target.id] = self._asked(target, probes, budget)

    def _chosen(self, target: Target, rules: Collection[str]) -> list[Probe]:
        settings = self.settings
        askable, _ = probes_for(target, self._probes())
        chosen = [probe for probe in askable if probe.provoked(rules)]
        if settings.only_missing or settings.only_stale:
            states = {probe.name: self._state(target, probe) for probe in chosen}
            kinds = {"missing", "unusable"} if settings.only_missing else set()
            kinds |= {"stale"} if settings.only_stale else set()
            chosen = [probe for probe in chosen if states[probe.name] in kinds]
        return chosen

    def _probes(self) -> Mapping[str, Probe]:
        only = self.settings.only_probes
        return {name: probe for name, probe in self.settings.probes.items() if not only or name in only}

    def _provokes(self, name: str, rule_id: str) -> bool:
        return bool(self.settings.probes[name].provoked([rule_id]))

    def _path(self, target: Target, probe: Probe) -> Path:
        return cassette_path(self.settings.cassettes, target.provider.name, target.model, target.dialect, probe.name)

    def _state(self, target: Target, probe: Probe) -> str:
        path = self._path(target, probe)
        if not path.exists():
            return "missing"
        cassette = load(path)
        if any(unusable(exchange) for exchange in cassette.exchanges):
            return "unusable"
        return "good" if cassette.probe_hash == probe.hash else "stale"

    def _replay(self, target: Target, asked: Mapping[str, Observation] | None = None) -> Observed:
        askable, out_of_reach = probes_for(target, self._probes())
        asked = asked or {}
        seen = [asked[probe.name] if probe.name in asked else self._replayed(target, probe) for probe in askable]
        return Observed(seen, out_of_reach)

    def _replayed(self, target: Target, probe: Probe) -> Observation:
        path = self._path(target, probe)
        emulated = path.with_suffix(".emulated.yaml")
        found = next((each for each in (path, emulated) if each.exists()), None)
        if found is None:
            return Observation(probe, missing=f"conformance record {target.id} --probe {probe.name}")
        cassette = load(found)
        return observation(probe, cassette.exchanges, stale=cassette.probe_hash != probe.hash)

    def _asked(self, target: Target, probes: list[Probe], budget: Budget) -> Observed:
        settings = self.settings
        brought: dict[str, Observation] = {}
        with ExitStack() as stack:
            server = target.provider.server
            base_url = settings.base_url or target.provider.base_url
            key = None
            if server is not None and settings.base_url is None and probes:
                key = "sk-conformance-local-server"
                base_url = stack.enter_context(serve(server, model=target.model, api_key=key))
            elif server is None:
                key = key_of(target)
            http = stack.enter_context(httpx.Client(timeout=httpx.Timeout(120, connect=10)))
            headers = {**target.provider.headers, **auth_headers(target, key), **settings.headers}
            pace = Pace(target.provider.limits.get("requests_per_minute"))
            client = Client(target, http, base_url, headers, budget, pace)
            for probe in probes:
                try:
                    answered = client.ask(probe)
                except BudgetSpentError:
                    missing = f"--max-requests {settings.max_requests} is used up"
                    brought[probe.name] = Observation(probe, missing=missing)
                    continue
                exchanges = tuple(redact(each, [key] if key else []) for each in answered.exchanges)
                brought[probe.name] = observation(probe, exchanges)
                if settings.record:
                    self._keep(target, probe, exchanges)
        if settings.record:
            return self._replay(target, brought)
        _, out_of_reach = probes_for(target, self._probes())
        return Observed(list(brought.values()), out_of_reach)

    def _keep(self, target: Target, probe: Probe, exchanges: tuple[Exchange, ...]) -> None:
        path = self._path(target, probe)
        why = next((reason for each in exchanges if (reason := unusable(each))), None)
        stored = [each for each in exchanges if each.response is not None]
        if not stored:
            self.say(f"{target.id} {probe.name}: not recorded, {why}")
        elif why and path.exists() and self._state(target, probe) in {"good", "stale"}:
            self.say(f"{target.id} {probe.name}: {why}; the good cassette stays")
        else:
            save(
                path,
                [replace(each, evidence="recorded") for each in stored],
                probe=probe.name,
                probe_hash=probe.hash,
                tool_version=__version__,
            )


def observation(probe: Probe, exchanges: tuple[Exchange, ...], *, stale: bool = False) -> Observation:
    """Judge what a probe brought."""
    cases = [Case(each) for each in exchanges]
    why = next((reason for each in exchanges if (reason := unusable(each))), None)
    judgements = [_judged(case) for case in cases]
    if cases and why is None:
        judgements.append(judging.judge_session(Session(tuple(cases))))
    return Observation(probe, exchanges, tuple(judgements), unusable=why, stale=stale)


def _judged(case: Case) -> Judgement:
    why = unusable(case.exchange)
    if why is None:
        return judging.judge(case)
    if case.exchange.response is None:
        return judging.Judgement(frozenset(), ())
    rules = [rule for rule in RULES.values() if rule.subject in _ALWAYS_JUDGED or rule.id == _ALWAYS_JUDGED_RULE]
    return judging.judge(case, rules)


def plan(chosen: Mapping[Target, list[Probe]], max_requests: int) -> Iterable[str]:
    """Yield what asking will take, a line a target: requests, tokens, and USD where the price is known."""
    for target, probes in chosen.items():
        requests = sum(probe.max_requests for probe in probes)
        output = sum(probe.output_tokens for probe in probes)
        sent = sum(_input_tokens(probe) for probe in probes)
        price = target.price
        cost = f"about ${(sent * price.input + output * price.output) / 1e6:.4f}" if price else "price unknown"
        yield (
            f"plan: {target.id}: {len(probes)} probes, up to {requests} requests (--max-requests {max_requests}), "
            f"about {sent} tokens in, up to {output} out, {cost}"
        )


def _input_tokens(probe: Probe) -> int:
    """Estimate the tokens that a probe sends: four characters each, as tokenizers average on English and JSON."""
    return sum(len(json.dumps(step.body)) // 4 for step in probe.steps if step.body is not None)
