"""The history of runs: small ledgers, one file a run that changed something, and what the newest run changes.

`reports/history/NNNN.json` holds the verdicts of real answers, by target and verdict. Commit the folder, or let CI cache it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from conformance.errors import UnusableInputError
from conformance.recording.files import write_whole
from conformance.rules.capability import capability_of
from conformance.verdicts.cell import Verdict
from conformance.verdicts.ledger import only_emulated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

FOLDER: Final = "history"
#: The number of ledgers that are kept.
KEPT: Final = 60
#: Verdicts that say nothing about the provider.
_UNCHECKED: Final = frozenset({Verdict.SKIP, Verdict.INCONCLUSIVE, Verdict.EMULATED})
_FINE: Final = frozenset({Verdict.PASS, Verdict.KNOWN, Verdict.NOT_APPLICABLE})

_Verdicts: TypeAlias = "dict[tuple[str, str], str]"


@dataclass(frozen=True)
class Change:
    """A cell whose verdict differs from that of the last run that selected it."""

    target: str
    rule: str
    before: str
    now: str


@dataclass(frozen=True)
class Changes:
    """The cells that changed since earlier runs. `since` is the day on which the newest earlier run judged; None: there is none."""

    since: str | None
    newly_failing: Sequence[Change]
    mended: Sequence[Change]
    newly_unchecked: Sequence[Change]

    @property
    def any(self) -> bool:
        """Return True if a reader has to look at something."""
        return bool(self.newly_failing or self.mended or self.newly_unchecked)


def changes_since(results: Mapping[str, Any], folder: Path) -> Changes:
    """Hold a run against the ledgers of earlier runs.

    Args:
        results: a run, as `schemas/results.json` has it.
        folder: the folder of ledgers; it may be missing.

    Raises:
        UnusableInputError: a ledger cannot be read.
    """
    ledgers = [_read(path) for path in _files(folder)]
    before: _Verdicts = {}
    for ledger in ledgers:
        before |= _verdicts(ledger)
    now = _verdicts(ledger_of(results))
    changed = [
        Change(target, rule, before[target, rule], verdict)
        for (target, rule), verdict in now.items()
        if before.get((target, rule), verdict) != verdict
    ]
    return Changes(
        ledgers[-1]["as_of"] if ledgers else None,
        newly_failing=[change for change in changed if change.now == Verdict.FAIL],
        mended=[change for change in changed if change.before == Verdict.FAIL and change.now in _FINE],
        newly_unchecked=[change for change in changed if change.now in _UNCHECKED and change.before not in _UNCHECKED],
    )


def keep(results: Mapping[str, Any], folder: Path) -> None:
    """Add a run's ledger to the history, where it differs from the newest one; the oldest files go.

    Raises:
        UnusableInputError: a ledger cannot be read or written.
    """
    files, ledger = _files(folder), ledger_of(results)
    if not ledger["targets"] or (files and _read(files[-1])["targets"] == ledger["targets"]):
        return
    number = int(files[-1].stem) + 1 if files else 1
    write_whole(folder / f"{number:04}.json", json.dumps(ledger, indent=0, sort_keys=True) + "\n")
    for path in files[: max(0, len(files) + 1 - KEPT)]:
        path.unlink(missing_ok=True)


def ledger_of(results: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ledger of a run: rules by target and verdict. Targets that only an emulator answered for are left out."""
    emulated = only_emulated(results["cells"])
    targets: dict[str, dict[str, list[str]]] = {}
    for cell in results["cells"]:
        if cell["target"] not in emulated:
            targets.setdefault(cell["target"], {}).setdefault(cell["verdict"], []).append(cell["rule"])
    return {
        "as_of": results["as_of"],
        "tool": results["tool"],
        "targets": {
            target: {verdict: sorted(rules) for verdict, rules in verdicts.items() if verdict != Verdict.NOT_APPLICABLE}
            for target, verdicts in targets.items()
        },
    }


def shares(folder: Path) -> dict[str, list[tuple[str, float]]]:
    """Return, by target, the day and the share of clean cells among the decided ones, of every ledger in order.

    Raises:
        UnusableInputError: a ledger cannot be read.
    """
    series: dict[str, list[tuple[str, float]]] = {}
    for ledger in map(_read, _files(folder)):
        for target, verdicts in ledger["targets"].items():
            counts = {verdict: len(rules) for verdict, rules in verdicts.items()}
            decided = sum(counts.get(verdict, 0) for verdict in (Verdict.PASS, Verdict.KNOWN, Verdict.FAIL))
            if decided:
                series.setdefault(target, []).append((ledger["as_of"], counts.get(Verdict.PASS, 0) / decided))
    return series


def capability_shares(folder: Path) -> dict[str, list[tuple[str, float]]]:
    """Return, by capability, the day and the share of clean cells among the decided ones of all targets, of every ledger in order.

    Raises:
        UnusableInputError: a ledger cannot be read.
    """
    series: dict[str, list[tuple[str, float]]] = {}
    for ledger in map(_read, _files(folder)):
        decided: dict[str, list[bool]] = {}
        for (_, rule), verdict in _verdicts(ledger).items():
            if verdict in {Verdict.PASS, Verdict.KNOWN, Verdict.FAIL}:
                decided.setdefault(capability_of(rule), []).append(verdict == Verdict.PASS)
        for name, clean in decided.items():
            series.setdefault(name, []).append((ledger["as_of"], sum(clean) / len(clean)))
    return series


def _verdicts(ledger: Mapping[str, Any]) -> _Verdicts:
    return {
        (target, rule): verdict
        for target, verdicts in ledger["targets"].items()
        for verdict, rules in verdicts.items()
        for rule in rules
    }


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.json") if path.stem.isdigit()) if folder.is_dir() else []


def _read(path: Path) -> dict[str, Any]:
    try:
        ledger: dict[str, Any] = json.loads(path.read_text("utf-8"))
        wrong = next(_wrong(ledger), None)
    except (OSError, ValueError) as error:
        wrong = str(error)
    if wrong is not None:
        raise UnusableInputError(
            f"no ledger of a run: {wrong}", where=path, remedy="move it away; the next run writes a new one"
        )
    return ledger


def _wrong(ledger: object) -> Iterator[str]:
    if (
        not isinstance(ledger, dict)
        or not isinstance(ledger.get("as_of"), str)
        or not isinstance(ledger.get("targets"), dict)
    ):
        yield "'as_of' or 'targets' is missing"
        return
    for target, verdicts in ledger["targets"].items():
        if not isinstance(verdicts, dict) or not all(isinstance(rules, list) for rules in verdicts.values()):
            yield f"targets[{target!r}] has no lists of rules"
