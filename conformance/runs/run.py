"""A run: every target's probes observed (replayed or asked), judged once, and decided into cells."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.asking.cassettes import Store
from conformance.asking.limits import Budget
from conformance.asking.target import ask_target
from conformance.errors import command, counted
from conformance.probes import probes_for
from conformance.probes.conversation import Conversation
from conformance.probes.plan import plan
from conformance.rules.standing import TargetOnDay
from conformance.rules.table import RULES
from conformance.verdicts.cell import Policy, Verdict
from conformance.verdicts.decide import decide
from conformance.verdicts.evidence import gather
from conformance.verdicts.keywords import keyword_states
from conformance.verdicts.ledger import Ledger, is_thin
from conformance.verdicts.observation import judged
from conformance.verdicts.settle import settled

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from conformance.probes import Probe
    from conformance.providers import Target
    from conformance.rules.table import Rule
    from conformance.runs.settings import Settings
    from conformance.verdicts.cell import Cell
    from conformance.verdicts.observation import Observation
    from conformance.wire.case import Case


class Observed(NamedTuple):
    """One target's observations, one a probe, and why the other probes could not be asked."""

    observations: list[Observation]
    out_of_reach: dict[str, str]


@dataclass(repr=False)  # pytest shows a test's arguments where it ends
class Run:
    """One run over `settings`. Exchanges are fetched once and shared by all cells."""

    settings: Settings
    say: Callable[[str], None] = print
    interrupted: bool = False
    cut_short: str | None = None  # the budget that ended the asking
    out_of_time: bool = False  # --max-seconds did
    refused_keys: dict[str, str] = field(default_factory=dict)  # by target, in words
    _observed: dict[str, Observed] = field(default_factory=dict)
    _cells: dict[tuple[str, str], Cell] = field(default_factory=dict)
    _on_day: dict[str, TargetOnDay] = field(default_factory=dict)
    _reachable: dict[str, list[Probe]] = field(default_factory=dict)

    def cell(self, target: Target, rule: Rule) -> Cell:
        """Return the cell of a target and a rule, decided once. What was not asked is replayed.

        Raises:
            UnusableInputError: a cassette cannot be read, or a rule raised an error.
        """
        key = (target.id, rule.id)
        if key not in self._cells:
            seen, probes = self._seen(target), self.settings.probes
            out_of_reach = {name: why for name, why in seen.out_of_reach.items() if probes[name].provoked([rule.id])}
            grounds = gather(rule, self.on_day(target), seen.observations, out_of_reach, self.policy)
            cell = decide(rule, target, grounds, self.policy)
            # A rule over a target rests on a day and a registry, not on what its probes provoke.
            self._cells[key] = cell if rule.over_target else self._with_provoking(target, cell)
        return self._cells[key]

    def _with_provoking(self, target: Target, cell: Cell) -> Cell:
        """Return a cell with the share of its provoking probes that it rests on; a pass on few of them says so.

        Probes that --probe leaves out count: what was not asked is no evidence.
        """
        provoking = {probe.name for probe in self._provoking(target) if probe.provoked([cell.rule.id])}
        judged = len(provoking.intersection(cell.probes))
        few = cell.verdict is Verdict.PASS and is_thin(judged, len(provoking))
        more = f", on {judged} of {len(provoking)} provoking probes" if few else ""
        return replace(cell, provoking=(judged, len(provoking)), reason=cell.reason + more)

    def _provoking(self, target: Target) -> list[Probe]:
        """Return every probe that a target can be asked, whatever was selected."""
        if target.id not in self._reachable:
            self._reachable[target.id] = probes_for(target, self.settings.probes)[0]
        return self._reachable[target.id]

    def forget(self, target: Target, rule: str) -> None:
        """Decide a cell anew when it is asked for again: what it rests on has changed."""
        self._cells.pop((target.id, rule), None)

    def on_day(self, target: Target) -> TargetOnDay:
        """Return a target on the run's day, with the cases of all its exchanges.

        Raises:
            UnusableInputError: a cassette cannot be read, or a rule raised an error.
        """
        if target.id not in self._on_day:
            cases = tuple(case for seen in self._seen(target).observations for case in seen.cases)
            self._on_day[target.id] = TargetOnDay(
                target,
                self.settings.as_of,
                cases,
                self.settings.reports,
                lambda dialect: self._asked_in(target, dialect),
            )
        return self._on_day[target.id]

    def _asked_in(self, target: Target, dialect: str) -> dict[str, tuple[Case, ...]]:
        """Return what the same model answered in another dialect, by probe: as it was asked in this run, else as it is kept."""
        seen = self._seen(replace(target, dialect=dialect)).observations
        return {entry.probe.name: entry.cases for entry in seen if entry.cases and not entry.unusable}

    def ledger(self, keys: Iterable[tuple[Target, Rule]], before: Mapping[str, Any] | None = None) -> Ledger:
        """Return the ledger of the cells that were selected, over an earlier results file that they complete."""
        settings = self.settings
        return Ledger(
            as_of=settings.as_of,
            fail_on=settings.fail_on,
            live=settings.live,
            cells=[self.cell(target, rule) for target, rule in keys],
            named=frozenset(target.id for target in settings.targets) if settings.named else frozenset(),
            options=settings.options,
            before=before or {},
            selectable=sum(rule.speaks(target.dialect) for target in settings.targets for rule in RULES.values()),
            key_refused=bool(self.refused_keys),
            keywords={target: keyword_states(seen.observations) for target, seen in self._observed.items()},
        )

    def observed(self, target: Target) -> Observed:
        """Return what every probe of a target brought, and why the others could not be asked. What was not asked is replayed.

        Raises:
            UnusableInputError: a cassette cannot be read, or a rule raised an error.
        """
        return self._seen(target)

    def supply(self, target: Target, conversations: Iterable[Conversation]) -> None:
        """Take conversations that somebody else brought in place of cassettes, and judge them.

        Raises:
            UnusableInputError: a rule raised an error.
        """
        self._observed[target.id] = _judged(conversations, self._askable(target)[1])

    def cases(self, target: str, probe: str) -> tuple[Case, ...]:
        """Return the cases of one probe, for a target that was observed."""
        observations = self._observed[target].observations
        return next((seen.cases for seen in observations if seen.probe.name == probe), ())

    def plan(self, wanted: Mapping[Target, Collection[str]]) -> None:
        """Say what asking the wanted rules (ids by target) will take."""
        chosen = {target: self._chosen(target, rules) for target, rules in wanted.items()}
        if self.settings.emulated:
            for target, probes in chosen.items():
                self.say(
                    f"plan: {target.id}: {counted(len(probes), 'probe')}, asked of the emulator, which costs nothing"
                )
            return
        for line in plan(chosen, self.settings.max_requests):
            self.say(line)

    def ask(self, wanted: Mapping[Target, Collection[str]]) -> None:
        """Ask the probes that provoke the wanted rules (ids by target). With --record, replay the others.

        Raises:
            UnusableInputError: a key is missing, or a local server cannot be started.
        """
        budget = Budget(self.settings.max_requests, self.settings.max_seconds)
        for target, rules in wanted.items():
            chosen = self._chosen(target, rules)
            conversations: dict[str, Conversation] = {}
            if not self.interrupted:
                asked = ask_target(
                    target,
                    chosen,
                    settings=self.settings,
                    store=self._store,
                    budget=budget,
                    say=self.say,
                    patient=True,
                )
                conversations, self.interrupted = asked.conversations, asked.interrupted
                if asked.key_refused is not None:
                    self.refused_keys[target.id] = asked.key_refused
                self.cut_short = self.cut_short or asked.cut_short
                self.out_of_time |= asked.out_of_time
            if self.settings.record:
                self._observe(target, conversations)
                continue
            unasked = [probe for probe in chosen if probe.name not in conversations] if self.interrupted else []
            seen = [self._store.admitted(conversation) for conversation in conversations.values()]
            seen += [Conversation(probe, missing=f"interrupted; {self.how_to_go_on}") for probe in unasked]
            self._observed[target.id] = _judged(seen, self._askable(target)[1])

    @cached_property
    def policy(self) -> Policy:
        """The severity, the day and the kind of the run, by which each cell is decided."""
        settings = self.settings
        return Policy(settings.fail_on, settings.as_of, settings.live, whole=not settings.only_probes)

    @property
    def how_to_go_on(self) -> str:
        """The command that asks what a run did not come to ask, where Ctrl-C or --max-seconds ended it."""
        targets = [word for target in self.settings.targets for word in ("--target", target.id)]
        if self.settings.record:
            return f"`{command('record', *(target.id for target in self.settings.targets), '--missing', *self.settings.options)}` goes on"
        return f"`{command('run', *targets, '--live', '--rerun-inconclusive', *self.settings.options)}` goes on"

    @cached_property
    def _store(self) -> Store:
        return Store(self.settings.cassettes, self.settings.options, self.settings.evidence)

    def _askable(self, target: Target) -> tuple[list[Probe], dict[str, str]]:
        only = self.settings.only_probes
        probes = {name: probe for name, probe in self.settings.probes.items() if not only or name in only}
        return probes_for(target, probes)

    def _chosen(self, target: Target, rules: Collection[str]) -> list[Probe]:
        settings = self.settings
        askable = self._askable(target)[0]
        # A probe that was named by itself may show what it does not provoke, as in the run that its command reproduces.
        provoked = {rule for probe in askable for rule in probe.provoked(rules)}
        named = bool(settings.only_probes) and not provoked.issuperset(rules)
        chosen = [probe for probe in askable if named or probe.provoked(rules)]
        states = {"missing", "unusable"} if settings.only_missing else set()
        states |= {"stale"} if settings.only_stale else set()
        return [
            probe
            for probe in chosen
            if not states or self._store.state(target, probe, emulated=settings.emulated) in states
        ]

    def _seen(self, target: Target) -> Observed:
        """Return a target's observations: those that were asked, else replayed ones."""
        if target.id not in self._observed:
            self._observe(target, {})
        return self._observed[target.id]

    def _observe(self, target: Target, asked: Mapping[str, Conversation]) -> None:
        """Judge the conversations that were asked, and those of the other probes that a target can be asked, replayed."""
        askable, out_of_reach = self._askable(target)
        seen = [asked.get(probe.name) or self._store.replay(target, probe) for probe in askable]
        self._observed[target.id] = _judged(seen, out_of_reach)


def _judged(conversations: Iterable[Conversation], out_of_reach: dict[str, str]) -> Observed:
    return Observed([judged(conversation) for conversation in settled(conversations)], out_of_reach)
