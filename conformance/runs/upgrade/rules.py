"""What the rules say of both sides: newly broken, mended, still broken, not comparable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from conformance.errors import counted
from conformance.knowledge.clients import hit_by
from conformance.report.summary import reproduce
from conformance.rules.table import RULES, Severity
from conformance.runs.upgrade.chance import ALPHA, fisher_less, mcnemar_more, never_by_chance
from conformance.runs.upgrade.material import RuleState
from conformance.runs.upgrade.sentences import breaks_if
from conformance.runs.upgrade.spread import spread
from conformance.runs.upgrade.wire import wire_diff
from conformance.verdicts.cell import Verdict
from conformance.verdicts.comparison import Change, Kind, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conformance.rules.table import Rule
    from conformance.runs.upgrade.material import Located, Material, Sample

#: The outcomes of the client matrix as verbs of the present.
_VERBS: Final = {"hung": "hangs", "silent": "silent", "raised": "raises"}

_NOTHING: Final = RuleState()
_NAMED: Final = 5


@dataclass(frozen=True)
class _Both:
    """One rule, on both sides."""

    rule: Rule
    a: RuleState
    b: RuleState
    asked_of_a: frozenset[str]
    paired: bool
    spoken_by_a: bool

    @property
    def shared(self) -> frozenset[str]:
        return self.a.shown & self.b.shown if self.paired else frozenset()

    def kind(self) -> Kind | None:
        """Return the kind of the change; None where both sides are clean, or nothing can be said."""
        if self.b.broken:
            return self._broken_on_b()
        if self.a.broken:
            met = not self.paired or "" in self.a.broken or bool(self.b.shown & self.a.broken.keys())
            return Kind.MENDED if self.b.judged and met else Kind.NOT_COMPARABLE
        return Kind.NOT_COMPARABLE if self.a.judged and not self.b.judged and not self.b.open else None

    def _broken_on_b(self) -> Kind:
        if self.a.broken:
            return Kind.WORSE if self._oftener() else Kind.STILL
        if not self.spoken_by_a:
            return Kind.NEWLY_BROKEN
        if not self.paired:
            hits = len(self.b.broken)
            sure = never_by_chance(len(self.a.shown), hits, len(self.b.shown) or hits) <= ALPHA
            return Kind.NEWLY_BROKEN if sure else Kind.NOT_COMPARABLE
        if self.a.judged or self.asked_of_a & self.b.broken.keys():
            return Kind.NEWLY_BROKEN
        return Kind.NOT_COMPARABLE

    def _oftener(self) -> bool:
        if self.paired:
            worse = len(self.b.broken.keys() & self.shared - self.a.broken.keys())
            better = len(self.a.broken.keys() & self.shared - self.b.broken.keys())
            return mcnemar_more(worse, better) <= ALPHA
        kept, kept_before = len(self.b.shown) - len(self.b.broken), len(self.a.shown) - len(self.a.broken)
        return fisher_less(kept, len(self.b.shown), kept_before, len(self.a.shown)) <= ALPHA


def rule_changes(a: Material, b: Material) -> tuple[list[Change], list[Unknown], int]:
    """Compare all rules.

    Returns:
        The changes; what has to be asked before a verdict; and on how many rules both sides were judged.
    """
    both = [
        _Both(
            rule,
            a.rules.get(rule.id, _NOTHING),
            b.rules.get(rule.id, _NOTHING),
            a.asked,
            a.paired and b.paired,
            rule.speaks(a.side.dialect) if a.side.dialect else True,
        )
        for rule in RULES.values()
        if rule.id in a.rules or rule.id in b.rules
    ]
    changes = [_change(entry, kind, a, b) for entry in both if (kind := entry.kind()) is not None]
    return changes, list(_unknown(both, a, b)), sum(entry.a.judged and entry.b.judged for entry in both)


def _change(both: _Both, kind: Kind, a: Material, b: Material) -> Change:
    rule, state = both.rule, both.b if both.b.broken else both.a
    probes = tuple(name for name in state.broken if name)
    first = _telling(both, state)
    shows = b if both.b.broken else a
    return Change(
        about="rule",
        id=rule.id,
        kind=kind,
        severity=rule.severity if rule.rate is None else Severity.ERROR,
        title=_title(rule, kind, first[1]),
        breaks_if=breaks_if(rule),
        capability=_capability(rule, [shows.samples[name] for name in probes if name in shows.samples]),
        evidence=_evidence(both.a, both.b),
        before=_counts(both.a, a, both),
        after=_counts(both.b, b, both),
        diff=_diff(a, b, first) if both.b.broken else (),
        probes=probes,
        clients=_hit(rule.id) if kind in {Kind.NEWLY_BROKEN, Kind.WORSE} else {},
        command=_command(shows, rule, (first[0],) if first[0] else ()),
    )


def _telling(both: _Both, state: RuleState) -> tuple[str, tuple[Located, ...]]:
    """Return the findings of the question that tells most: one that the other side answers without a finding, if there is one."""
    clean = both.shared - both.a.broken.keys()
    items = state.broken.items()
    return next((item for item in items if item[0] in clean), next(iter(items), ("", ())))


def _title(rule: Rule, kind: Kind, findings: tuple[Located, ...]) -> str:
    if kind is Kind.NOT_COMPARABLE or not findings:
        return rule.sentence
    return findings[0].message


def _diff(a: Material, b: Material, first: tuple[str, tuple[Located, ...]]) -> tuple[str, ...]:
    name, findings = first
    if not findings:
        return ()
    return wire_diff(a.samples.get(name) if a.paired and b.paired else None, b.samples.get(name), findings[0])


def _counts(state: RuleState, side: Material, both: _Both) -> str:
    if state.rate is not None:
        return "breaks it in {} of {} answers".format(*state.rate)
    if not state.judged:
        if side.side.dialect and not both.rule.speaks(side.side.dialect):
            return f"{side.side.dialect} has no such rule"
        return f"not judged: {state.reason}" if state.reason else "did not occur"
    of = len(state.shown) or 1
    noun = "probes" if side.paired else "answers"
    if not state.broken:
        return f"keeps it in {of} of {of} {noun}"
    named = "" if side.paired else spread(*_in_order(state, side))
    return f"breaks it in {len(state.broken)} of {of} {noun}" + (f", {named}" if named else "")


def _in_order(state: RuleState, side: Material) -> tuple[list[str], list[str], Callable[[str], bytes]]:
    """Return the judged answers in their order, the broken ones, and what was asked for each."""
    order = [name for name in side.samples if name in state.shown]
    return order, list(state.broken), lambda name: side.samples[name].cases[0].exchange.request.body


def _evidence(a: RuleState, b: RuleState) -> str:
    kinds = ["/".join(state.evidence) for state in (a, b) if state.evidence]
    return " and ".join(dict.fromkeys(kinds)) or "documented"


def _capability(rule: Rule, samples: list[Sample]) -> str:
    """Return the capability that all questions need which show a change; without one the rule's subject names it."""
    needs = [set(sample.needs) for sample in samples]
    shared = set.intersection(*needs) if needs else set()
    return " + ".join(sorted(shared)) or rule.subject


def _command(side: Material, rule: Rule, probes: tuple[str, ...]) -> str:
    if side.target is None or side.side.form not in {"target", "cassettes"}:
        return ""
    options = side.options
    return reproduce(side.target.id, rule.id, options=options, probe=probes[0] if probes else None)


def _unknown(both: list[_Both], a: Material, b: Material) -> Iterator[Unknown]:
    """Yield what has to be asked before a verdict: of B what A answered, and of A what B breaks."""
    lost = [name for name in b.missing if name in a.asked and name not in a.missing]
    if lost:
        yield Unknown(
            f"{len(lost)} of the {len(a.asked)} questions that A answered are not answered by B",
            _reasons(b.missing, lost),
            f"{b.record} --missing" if b.record else "",
            decides=True,
        )
    open_on_b = [entry.rule.id for entry in both if entry.a.judged and not entry.b.judged and entry.b.open]
    if open_on_b and not lost:
        yield Unknown(
            f"{counted(len(open_on_b), 'rule was', 'rules were')} judged on A and not on B",
            _some(open_on_b),
            f"{b.record} --missing" if b.record else "",
            decides=True,
        )
    open_on_a = [
        entry.rule.id
        for entry in both
        if entry.b.broken and not entry.a.broken and entry.kind() is Kind.NOT_COMPARABLE and _may_break(entry)
    ]
    if open_on_a:
        yield Unknown(
            f"B breaks {counted(len(open_on_a), 'rule')} that A shows too little of to say whether this is new",
            _some(open_on_a),
            f"{a.record} --missing" if a.record else "",
            decides=True,
        )


def _may_break(both: _Both) -> bool:
    """Whether a break on B may be new: A was not asked, or too seldom, and does not just lack the capability."""
    weighs = both.rule.severity is Severity.ERROR
    return weighs and (both.a.open or not both.paired) and both.a.verdict is not Verdict.NOT_APPLICABLE


def _reasons(missing: Mapping[str, str], names: list[str]) -> str:
    reasons = dict.fromkeys(missing[name] for name in names)
    return f"{next(iter(reasons))}: {_some(names)}"


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if names[_NAMED:] else ""
    return ", ".join(names[:_NAMED]) + more


def _hit(rule: str) -> dict[str, str]:
    """Return what each client of the client matrix makes of a break of a rule, as a verb of the present."""
    return {client: _VERBS[word] for client, word in hit_by(rule).items()}
