"""A comparison as `schemas/upgrade.json` has it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from conformance import __version__
from conformance.report.upgrade.words import counts, reasons, verdict, verdict_line

if TYPE_CHECKING:
    from conformance.verdicts.comparison import Change, Comparison, Fact, Unknown


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Return the JSON object."""
    return {
        "tool": f"llm-provider-conformance {__version__}",
        "headline": f"{verdict_line(comparison)}. {counts(comparison)}.",
        "answer": comparison.answer.value,
        "verdict": verdict(comparison),
        "emulated": comparison.emulated,
        "exit_code": comparison.exit_code,
        "as_of": comparison.as_of.isoformat(),
        "fail_on": comparison.fail_on.value,
        "options": list(comparison.options),
        "a": _plain(asdict(comparison.a)),
        "b": _plain(asdict(comparison.b)),
        "compared": {"questions": comparison.pairs, "rules": comparison.rules},
        "reasons": reasons(comparison),
        "changes": [_change(change) for change in comparison.changes],
        "facts": [_fact(fact) for fact in comparison.facts],
        "not_known": [_unknown(entry) for entry in comparison.unknown],
        "notices": list(comparison.notices),
    }


def _change(change: Change) -> dict[str, Any]:
    return _plain({**asdict(change), "kind": change.kind.value, "severity": change.severity.value})


def _fact(fact: Fact) -> dict[str, Any]:
    return _plain(asdict(fact))


def _unknown(entry: Unknown) -> dict[str, Any]:
    return _plain(asdict(entry))


def _plain(table: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in table.items()}
