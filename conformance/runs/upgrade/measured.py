"""What is measured on both sides: tool calls, structured output, grounding, agreement of one model on two hosts, latency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.knowledge.lifecycle.names import words
from conformance.rules.table import RULES, Severity
from conformance.runs.upgrade.chance import ALPHA, exact, fisher_less
from conformance.runs.upgrade.pairs import agreement, not_worse, schema_accuracy, tool_calls
from conformance.runs.upgrade.speed import latency
from conformance.verdicts.comparison import Change, Fact, Kind, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from conformance.providers import Target
    from conformance.runs.upgrade.material import Material
    from conformance.verdicts.comparison import Standing


def measured(a: Material, b: Material, runs: Sequence[Path]) -> tuple[list[Fact], list[Unknown], list[Change]]:
    """Return figures that rest on answers or on recorded runs, what of them is not known, and the changes for the worse."""
    facts: list[Fact] = []
    unknown: list[Unknown] = []
    if a.side.emulated or b.side.emulated:
        side = b if b.side.emulated else a
        why = f"{side.side.name} was answered by an emulator, which shows nothing of a model"
        unknown.append(Unknown("how well B calls tools, keeps to schemas and grounds its answers", why, side.record))
    elif a.paired and b.paired and a.samples and b.samples:
        facts += [*tool_calls(a, b), *schema_accuracy(a, b), *_rates(a, b)]
        if _same_model(a.target, b.target):
            facts += [*agreement(a, b), *not_worse(a, b)]
    facts_of_speed, open_speed = latency(a.target, b.target, runs)
    facts += facts_of_speed
    unknown += open_speed
    return facts, unknown, list(_changes(facts))


def _same_model(a: Target | None, b: Target | None) -> bool:
    """Whether both targets have one model, by its name without owner and separators."""
    return a is not None and b is not None and a.id != b.id and words(a.model) == words(b.model)


def _rates(a: Material, b: Material) -> Iterator[Fact]:
    """Yield the shares of the rules that are decided by a rate: grounding on pages."""
    for name, after in b.rules.items():
        before, rule = a.rules.get(name), RULES.get(name)
        if before is None or before.rate is None or after.rate is None or rule is None or rule.rate is None:
            continue
        kept, kept_before = after.rate[1] - after.rate[0], before.rate[1] - before.rate[0]
        standing: Standing = "same"
        if fisher_less(kept, after.rate[1], kept_before, before.rate[1]) <= ALPHA:
            standing = "worse"
        elif fisher_less(kept_before, before.rate[1], kept, after.rate[1]) <= ALPHA:
            standing = "better"
        note = f"share that breaks {name}, exact 95 % intervals"
        yield Fact(rule.rate.of.replace("_", " "), str(exact(*before.rate)), str(exact(*after.rate)), standing, note)


def _changes(facts: Sequence[Fact]) -> Iterator[Change]:
    for fact in facts:
        if fact.standing == "worse":
            yield Change(
                about="fact",
                id=f"measured.{fact.name.replace(' ', '_')}",
                kind=Kind.CHANGED,
                severity=Severity.WARNING,
                title=f"{fact.name}: {fact.after}, not {fact.before}",
                breaks_if="counts on the old share",
                capability="quality",
                evidence="measured",
                before=fact.before,
                after=fact.after,
                command=fact.command,
            )
