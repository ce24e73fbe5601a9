"""The client matrix as Markdown, as JSON, and held against an earlier one."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.clients.outcome import RANK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from conformance.emulator.clients.matrix import ClientCell, Table

_SHOWN: Final[dict[str, str]] = {
    "right": "ok",
    "raised": "raises",
    "silent": "**silent**",
    "hung": "**hangs**",
    "n/a": "-",
}
_TITLES: Final[dict[str, str]] = {
    "provider": "Which client survives which provider",
    "fault": "Which client survives which fault",
    "status": "Errors: what is raised, and what is asked again",
    "replay": "Recorded answers, replayed",
}
_HEAD: Final = """\
# Clients

The results of real SDKs with each provider and each fault. Made by `make clients` on {made}: every client runs in its own environment
(`conformance/emulator/clients/locks`) against the emulator, whose answers are known, and against recorded cassettes that are replayed.
An emulated provider shows the facts of its TOML, which names the sources. Only the replayed answers came from a provider.

- **ok**: the text, arguments, usage and so on are equal to what was sent; of an error, the exception has the status
- **raises**: an exception reports the fault
- **silent**: wrong or lost data, and no exception
- **hangs**: no result within the time given
- `-`: not asked (the provider does not speak the client's dialect, or the model or the client cannot do it), or nothing to compare was
  sent; a target or a fault that a client was never asked about has no line

"""


def as_json(
    cells: Iterable[ClientCell], versions: Mapping[str, Mapping[str, str]], made: date, wanted: str | None
) -> dict[str, Any]:
    """Return the matrix as schemas/clients.json describes it."""
    rows = []
    for cell in cells:
        row = asdict(cell)
        rows.append({**row, **row.pop("outcome")})
        rows[-1].pop("outcome")
    return {"made": made.isoformat(), "with": wanted, "clients": dict(versions), "cells": rows}


def as_markdown(cells: Sequence[ClientCell], versions: Mapping[str, Mapping[str, str]], made: date) -> str:
    """Return the matrix as a page."""
    lines = [_HEAD.format(made=made.isoformat()), *_versions(versions)]
    pages: dict[Table, Callable[[list[ClientCell]], Iterator[str]]] = {
        "provider": _providers,
        "fault": _faults,
        "status": _statuses,
        "replay": _replayed,
    }
    for table, page in pages.items():
        own = [cell for cell in cells if cell.table == table]
        if own:
            lines += ["", f"## {_TITLES[table]}", "", *page(own)]
    return "\n".join(lines) + "\n"


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


def _versions(versions: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    rows = [
        [client, ", ".join(f"{name} {version}" for name, version in entry.items())]
        for client, entry in versions.items()
    ]
    yield from _table(["client", f"versions (Python {sys.version_info.major}.{sys.version_info.minor})"], rows)


def _providers(cells: list[ClientCell]) -> Iterator[str]:
    clients, targets, cases = _names(cells)
    yield "The number of capabilities with the right result, of all that were asked:"
    yield ""
    grid = _grid(cells)
    rows = []
    for target in targets:
        row = [f"`{target}`"]
        for client in clients:
            words = Counter(grid[client, target, case].outcome.word for case in cases if (client, target, case) in grid)
            asked = words.total() - words["n/a"]
            bad = words["silent"] + words["hung"]
            row.append("-" if not asked else f"{words['right']}/{asked}" + (f", **{bad} silent**" if bad else ""))
        rows.append(row)
    yield from _table(["target", *clients], rows)
    for client in clients:
        spoken = [target for target in targets if any(_asked(grid.get((client, target, case))) for case in cases)]
        shown = [[f"`{target}`", *(_mark(grid.get((client, target, case))) for case in cases)] for target in spoken]
        yield from ("", f"### {client}", "", *_table(["target", *cases], shown))
        yield from _reasons(cell for cell in cells if cell.client == client)


def _faults(cells: list[ClientCell]) -> Iterator[str]:
    clients, faults, _ = _names(cells)
    grid = {(cell.client, cell.subject): cell for cell in cells}
    case = {cell.subject: cell.case for cell in cells}
    yield "Compared with the same request answered without the fault; only data that the client brings then is compared."
    yield ""
    shown = [fault for fault in faults if any(_asked(grid.get((client, fault))) for client in clients)]
    rows = [[f"`{fault}`", case[fault], *(_mark(grid.get((client, fault))) for client in clients)] for fault in shown]
    yield from _table(["fault", "asked", *clients], rows)
    yield ""
    totals = []
    for word in RANK:
        counts = (sum(cell.outcome.word == word for cell in cells if cell.client == client) for client in clients)
        totals.append([_SHOWN[word], *map(str, counts)])
    yield from _table(["of all", *clients], totals)


def _statuses(cells: list[ClientCell]) -> Iterator[str]:
    clients, statuses, _ = _names(cells)
    grid = {(cell.client, cell.subject): cell for cell in cells}
    yield "The exception's class; *again*: the client asks a second time if it may."
    yield ""
    rows = []
    for status in statuses:
        row = [status]
        for client in clients:
            cell = grid[client, status]
            name = (cell.outcome.exception or _SHOWN[cell.outcome.word]).rpartition(".")[2]
            lost = "" if cell.outcome.word in {"right", "hung"} else ", status lost"
            row.append(f"{name}{lost}" + (", *again*" if cell.asked > 1 else ""))
        rows.append(row)
    yield from _table(["status", *clients], rows)


def _replayed(cells: list[ClientCell]) -> Iterator[str]:
    clients, targets, _ = _names(cells)
    yield "Recorded answers, each asked for as it was recorded (one of those with the same parameters that end alike): right, of all."
    yield ""
    rows = []
    for target in targets:
        row = [f"`{target}`"]
        for client in clients:
            words = Counter(cell.outcome.word for cell in cells if (cell.client, cell.subject) == (client, target))
            bad = [f"{words[word]} {word}" for word in ("raised", "silent", "hung") if words[word]]
            asked = words.total() - words["n/a"]
            row.append(", ".join([f"{words['right']}/{asked}", *bad]) if asked else "-")
        rows.append(row)
    yield from _table(["target", *clients], rows)
    for client in clients:
        reasons = list(_reasons(cell for cell in cells if cell.client == client))
        if reasons:
            yield from ("", f"### {client}, replayed", *reasons)


def _reasons(cells: Iterable[ClientCell]) -> Iterator[str]:
    """Yield what went wrong: each sentence once, with where it did."""
    match: dict[tuple[str, str, str], list[str]] = {}
    for cell in cells:
        if cell.outcome.word in {"raised", "silent", "hung"}:
            key = (cell.case, cell.outcome.word, cell.outcome.why)
            match.setdefault(key, []).append(cell.subject)
    if match:
        yield ""
    for (case, word, why), places in match.items():
        where = ", ".join(f"`{place}`" for place in dict.fromkeys(places))
        yield f"- {case} {word} ({where}): {_plain(why)}"


def _mark(cell: ClientCell | None) -> str:
    return _SHOWN[cell.outcome.word if cell else "n/a"]


def _asked(cell: ClientCell | None) -> bool:
    return cell is not None and cell.outcome.word != "n/a"


def _names(cells: Iterable[ClientCell]) -> tuple[list[str], list[str], list[str]]:
    cells = list(cells)
    columns = ((cell.client for cell in cells), (cell.subject for cell in cells), (cell.case for cell in cells))
    clients, subjects, cases = (list(dict.fromkeys(column)) for column in columns)
    return clients, subjects, cases


def _grid(cells: Iterable[ClientCell]) -> dict[tuple[str, str, str], ClientCell]:
    return {(cell.client, cell.subject, cell.case): cell for cell in cells}


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _plain(text: str) -> str:
    """Return a sentence that Markdown leaves as it is, on one line and without control characters."""
    words = " ".join(text.replace("`", "'").split())
    return "`" + "".join(entry if entry.isprintable() else f"\\u{ord(entry):04x}" for entry in words) + "`"
