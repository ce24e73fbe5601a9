"""The client matrix as JSON, in a few lines, and held against an earlier one."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from conformance.emulator.clients.outcome import RANK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from conformance.emulator.clients.bench import ClientCell


def as_json(
    cells: Iterable[ClientCell],
    versions: Mapping[str, Mapping[str, str]],
    made: date,
    wanted: str | None,
    left_out: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the matrix as schemas/clients.json describes it; `left_out` are the clients that were not tried, and why."""
    rows = []
    for cell in cells:
        row = asdict(cell)
        rows.append({**row, **row.pop("outcome")})
        rows[-1].pop("outcome")
    whole = {"made": made.isoformat(), "with": wanted, "clients": dict(versions), "cells": rows}
    return {**whole, "left_out": dict(left_out)} if left_out else whole


def worse(before: Iterable[ClientCell], after: Iterable[ClientCell]) -> list[str]:
    """Return a sentence for each case that a client survived before and does not now, or that it had right and now raises."""
    known = {_key(cell): cell.outcome for cell in before}
    match = []
    for cell in after:
        old, new = known.get(_key(cell)), cell.outcome
        if old is None or "n/a" in {old.word, new.word}:
            continue
        if RANK[new.word] > RANK[old.word]:
            place = f"{cell.client}, {cell.subject}, {cell.case}"
            match.append(f"{place}: {old.word} before, {new.word} now: {new.why}")
    return match


def summary(cells: Sequence[ClientCell]) -> list[str]:
    """Return a line for each client and table: how often it was right, raised, silent or hung."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for cell in cells:
        counts.setdefault((cell.client, cell.table), Counter())[cell.outcome.word] += 1
    return [
        f"{client:20} {table:9} " + ", ".join(f"{count[word]} {word}" for word in (*RANK, "n/a") if count[word])
        for (client, table), count in counts.items()
    ]


def _key(cell: ClientCell) -> tuple[str, ...]:
    return cell.client, cell.table, cell.subject, cell.case
