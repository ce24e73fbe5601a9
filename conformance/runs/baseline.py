"""A baseline: the failures of a run that a team accepts for now, in a small file; and the gate that holds a run against it."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from conformance.errors import CONFORMS, FAILS, UNDECIDED, UnusableInputError, counted
from conformance.providers.toml_lines import parse_toml, read_text
from conformance.verdicts.cell import Verdict
from conformance.verdicts.ledger import only_emulated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

VERSION: Final = 1
_HEAD: Final = """\
# Failures that are accepted for now, by target and rule, with the probes that show them. Written by `conformance baseline`;
# `conformance gate` passes what stands here, fails what does not, and names what is mended. Review it like code.
"""
#: Verdicts that say nothing about the provider. Emulated cells are a kind of their own: no file can accept them.
_UNCHECKED: Final = frozenset({Verdict.SKIP, Verdict.INCONCLUSIVE})
_REMEDY: Final = "write it anew: conformance baseline"


class Change(StrEnum):
    """What became of a cell since the baseline."""

    BROKEN = "newly broken"
    MENDED = "mended"
    UNCHECKED = "unchecked"
    ACCEPTED = "accepted"


@dataclass(frozen=True)
class Entry:
    """One change: the cell, and the reason in a clause."""

    change: Change
    target: str
    rule: str
    reason: str


@dataclass(frozen=True)
class Baseline:
    """Accepted failures and cells that were unchecked already.

    Args:
        fails: by target and rule, the probes that showed the failure; empty for a rule that no probe shows.
        unchecked: by target, the rules that no answer decided when the baseline was written.
        rules: by target, how many cells were selected; a run that selects fewer has left something out.
    """

    fails: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    unchecked: Mapping[str, frozenset[str]] = field(default_factory=dict)
    rules: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Gate:
    """A run held against a baseline."""

    entries: tuple[Entry, ...]
    strict: bool

    def of(self, change: Change) -> list[Entry]:
        """Return the entries of one kind."""
        return [entry for entry in self.entries if entry.change is change]

    @property
    def exit_code(self) -> int:
        """1 something is newly broken (strict: or mended and still in the file), 2 something is unchecked, else 0."""
        if self.of(Change.BROKEN) or (self.strict and self.of(Change.MENDED)):
            return FAILS
        return UNDECIDED if self.of(Change.UNCHECKED) else CONFORMS


def baseline_of(results: Mapping[str, Any]) -> Baseline:
    """Return the baseline that accepts every failure of a run."""
    fails: defaultdict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    unchecked: defaultdict[str, set[str]] = defaultdict(set)
    rules: defaultdict[str, int] = defaultdict(int)
    real = {cell["target"] for cell in results["cells"]} - only_emulated(results["cells"])
    for cell in results["cells"]:
        if cell["target"] not in real:
            continue
        rules[cell["target"]] += 1
        if cell["verdict"] == Verdict.FAIL:
            fails[cell["target"]][cell["rule"]] = _probes(cell)
        elif cell["verdict"] in _UNCHECKED:
            unchecked[cell["target"]].add(cell["rule"])
    return Baseline(dict(fails), {name: frozenset(those) for name, those in unchecked.items()}, dict(rules))


def compare(results: Mapping[str, Any], baseline: Baseline, *, strict: bool = False) -> Gate:
    """Hold a run against a baseline.

    Args:
        results: a run, as `schemas/results.json` has it.
        baseline: the accepted failures.
        strict: whether an entry that is mended fails until it is taken out of the file.
    """
    return Gate(tuple(_changes(results, baseline)), strict)


def as_toml(baseline: Baseline, as_of: str) -> str:
    """Return the file: sorted, one rule a line, so that a change is one line of a diff."""
    lines = [_HEAD, f"version = {VERSION}", f"as_of = {_text(as_of)}"]
    for target in sorted(baseline.rules):
        lines += ["", f"[targets.{_text(target)}]", f"rules = {baseline.rules[target]}"]
        unchecked = sorted(baseline.unchecked.get(target, ()))
        if unchecked:
            lines += ["unchecked = [", *(f"  {_text(rule)}," for rule in unchecked), "]"]
        fails = baseline.fails.get(target, {})
        if fails:
            lines += [f"[targets.{_text(target)}.fails]"]
            lines += [f"{_text(rule)} = [{', '.join(map(_text, fails[rule]))}]" for rule in sorted(fails)]
    return "\n".join(lines) + "\n"


def read_baseline(path: Path) -> Baseline:
    """Read a baseline file.

    Raises:
        UnusableInputError: it cannot be read, is no TOML, or is no baseline; the error names file, key and remedy.
    """
    table = parse_toml(read_text(path), path)
    if table.get("version") != VERSION:
        raise UnusableInputError(f"'version' is {table.get('version')!r}, not {VERSION}", where=path, remedy=_REMEDY)
    fails, unchecked, rules = {}, {}, {}
    targets = table.get("targets", {})
    if not isinstance(targets, dict):
        raise UnusableInputError("'targets' is no table", where=path, remedy=_REMEDY)
    for target, entry in targets.items():
        try:
            fails[target] = {rule: _strings(probes) for rule, probes in entry.get("fails", {}).items()}
            unchecked[target] = frozenset(_strings(entry.get("unchecked", [])))
            rules[target] = int(entry["rules"])
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise UnusableInputError(
                f"[targets.{target!r}] is no entry of a baseline", where=path, remedy=_REMEDY
            ) from error
    return Baseline(fails, unchecked, rules)


def _changes(results: Mapping[str, Any], baseline: Baseline) -> Iterator[Entry]:
    seen: defaultdict[str, set[str]] = defaultdict(set)
    emulated: Counter[str] = Counter()
    for cell in results["cells"]:
        seen[cell["target"]].add(cell["rule"])
        emulated[cell["target"]] += cell["verdict"] == Verdict.EMULATED
        yield from _change(cell, baseline)
    for target in sorted({*results["named"], *baseline.rules}):
        if emulated[target]:
            yield Entry(Change.UNCHECKED, target, "", f"{counted(emulated[target], 'cell')} only emulated")
    for target, fails in baseline.fails.items():
        for rule in sorted(set(fails) - seen[target]):
            yield Entry(Change.UNCHECKED, target, rule, "stands in the baseline, and was not selected")
    for target, count in baseline.rules.items():
        if len(seen[target]) < count:
            yield Entry(
                Change.UNCHECKED, target, "", f"{len(seen[target])} of {count} cells of the baseline were selected"
            )


def _change(cell: Mapping[str, Any], baseline: Baseline) -> Iterator[Entry]:
    target, rule, verdict, reason = cell["target"], cell["rule"], cell["verdict"], cell["reason"]
    accepted = baseline.fails.get(target, {}).get(rule)
    if verdict == Verdict.FAIL and accepted is None:
        yield Entry(Change.BROKEN, target, rule, reason)
    elif verdict == Verdict.FAIL and accepted is not None:
        new = sorted(set(_probes(cell)) - set(accepted))
        if new:
            yield Entry(Change.BROKEN, target, rule, f"now fails on {', '.join(new)} too: {reason}")
        else:
            yield Entry(Change.ACCEPTED, target, rule, reason)
    elif verdict in _UNCHECKED:
        if rule not in baseline.unchecked.get(target, ()):
            yield Entry(Change.UNCHECKED, target, rule, f"{verdict}: {reason}")
    elif accepted is not None and verdict != Verdict.EMULATED:
        yield Entry(Change.MENDED, target, rule, f"{verdict} now; take it out of the baseline")


def _probes(cell: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(sorted({finding["probe"] for finding in cell["findings"] if not finding["known"]}))


def _strings(values: Iterable[object]) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError("no list of texts")
    return tuple(values)


def _text(value: str) -> str:
    """Return a TOML basic string."""
    escaped = "".join(
        f"\\{char}" if char in '"\\' else char if char.isprintable() else f"\\U{ord(char):08x}" for char in value
    )
    text = f'"{escaped}"'
    tomllib.loads(f"x = {text}")  # a text that cannot be written back is a bug of ours, not a broken file of theirs
    return text
