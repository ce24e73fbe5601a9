"""The client matrix as Markdown: docs/clients.md."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Final

from conformance.emulator.clients.catalogue import clients, faulty_targets
from conformance.emulator.clients.outcome import RANK
from conformance.wire.dialects import DEFAULT_DIALECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from conformance.emulator.clients.bench import ClientCell, Table

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
    "emulated-replay": "Emulated answers, written down and replayed",
}
_HEAD: Final = """\
# Clients

The results of real SDKs with each provider and each fault. Made by `make clients` on {made}: every client runs in an environment
from a lock (`conformance/emulator/clients/locks`) against the emulator, whose answers are known, and against cassettes that are replayed.
An emulated provider shows the facts of its TOML, which names the sources. Only the answers under "Recorded answers, replayed" came from
a provider. Each table is of one dialect: a client is asked about what speaks the dialect that it asks in.

- **ok**: the text, arguments, usage and so on are equal to what was sent; of an error, the exception has the status
- **raises**: an exception reports the fault
- **silent**: wrong or lost data, and no exception
- **hangs**: no result within the time given
- `-`: not asked (the provider does not speak the client's dialect, or does at other paths than the client asks, or the model or the
  client cannot do it), nothing to compare was sent, or the client's own request does not meet the fault; a target or a fault that a
  client was never asked about has no line

LangChain's integrations and the AI SDK (`ai-sdk-*`) put their own words in place of a protocol's. They are handed the request as chat says
it. A finish reason of which they bring only their own word is compared by its class.

"""


def as_markdown(
    cells: Sequence[ClientCell],
    versions: Mapping[str, Mapping[str, str]],
    made: date,
    left_out: Mapping[str, str] | None = None,
) -> str:
    """Return the matrix as a page; `left_out` are the clients that were not tried, and why."""
    lines = [_HEAD.format(made=made.isoformat()), *_versions(versions, left_out or {})]
    pages: dict[Table, Callable[[list[ClientCell]], Iterator[str]]] = {
        "provider": _providers,
        "fault": _faults,
        "status": _statuses,
        "replay": _recorded,
        "emulated-replay": _emulated,
    }
    for table, page in pages.items():
        own = [cell for cell in cells if cell.table == table]
        if own:
            lines += ["", f"## {_TITLES[table]}", "", *page(own)]
    return "\n".join(lines) + "\n"


def _versions(versions: Mapping[str, Mapping[str, str]], left_out: Mapping[str, str]) -> Iterator[str]:
    rows = [
        [client, ", ".join(f"{name} {version}" for name, version in entry.items())]
        for client, entry in versions.items()
    ]
    rows += [[client, f"not tried: {_plain(why)}"] for client, why in left_out.items()]
    yield from _table(["client", f"versions (Python {sys.version_info.major}.{sys.version_info.minor})"], rows)


def _providers(cells: list[ClientCell]) -> Iterator[str]:
    yield "The number of capabilities with the right result, of all that were asked:"
    grid = _grid(cells)
    cases = _names(cells)[2]
    for dialect, own in _by_dialect(cells):
        names, targets, _ = _names(cell for cell in own if _asked(cell))
        rows = [[f"`{target}`", *(_score(grid, name, target, cases) for name in names)] for target in targets]
        yield from ("", f"`{dialect}`:", "", *_table(["target", *names], rows))
    for name in _names(cells)[0]:
        spoken = [
            target for target in _names(cells)[1] if any(_asked(grid.get((name, target, case))) for case in cases)
        ]
        shown = [[f"`{target}`", *(_mark(grid.get((name, target, case))) for case in cases)] for target in spoken]
        yield from ("", f"### {name}", "", *_table(["target", *cases], shown))
        yield from _reasons(cell for cell in cells if cell.client == name)


def _score(grid: Mapping[tuple[str, str, str], ClientCell], client: str, target: str, cases: Iterable[str]) -> str:
    words = Counter(grid[client, target, case].outcome.word for case in cases if (client, target, case) in grid)
    asked = words.total() - words["n/a"]
    bad = words["silent"] + words["hung"]
    return "-" if not asked else f"{words['right']}/{asked}" + (f", **{bad} silent**" if bad else "")


def _faults(cells: list[ClientCell]) -> Iterator[str]:
    yield "Compared with the same request answered without the fault; only data that the client brings then is compared."
    grid = {(cell.client, cell.subject): cell for cell in cells}
    case = {cell.subject: cell.case for cell in cells if cell.case}
    for dialect, own in _by_dialect(cells):
        names, faults, _ = _names(own)
        shown = [fault for fault in faults if any(_asked(grid.get((name, fault))) for name in names)]
        rows = [
            [f"`{fault}`", case.get(fault, ""), *(_mark(grid.get((name, fault))) for name in names)] for fault in shown
        ]
        yield from ("", f"`{dialect}`, {_befallen(dialect, names)}:", "", *_table(["fault", "asked", *names], rows), "")
        totals = []
        for word in RANK:
            counts = (sum(cell.outcome.word == word for cell in own if cell.client == name) for name in names)
            totals.append([_SHOWN[word], *map(str, counts)])
        yield from _table(["of all", *names], totals)


def _befallen(dialect: str, names: Iterable[str]) -> str:
    """Return whom the faults of a dialect befall, in words."""
    others: dict[str, list[str]] = {}
    known = [clients()[name] for name in names if name in clients() and clients()[name].faults_befall]
    for client in known:
        others.setdefault(client.faults_befall, []).append(client.name)
    own = "".join(f"; those of {' and '.join(those)} befall `{target}`" for target, those in others.items())
    reason = ", which takes what these clients add to every request" if not all(client.host for client in known) else ""
    return f"where the faults befall `{faulty_targets()[dialect]}`{own}{reason}"


def _statuses(cells: list[ClientCell]) -> Iterator[str]:
    yield "The exception's class; *again*: the client asks a second time if it may."
    grid = {(cell.client, cell.subject): cell for cell in cells}
    for dialect, own in _by_dialect(cells):
        names, statuses, _ = _names(own)
        rows = [[status, *(_told(grid[name, status]) for name in names)] for status in statuses]
        yield from ("", f"`{dialect}`:", "", *_table(["status", *names], rows))


def _told(cell: ClientCell) -> str:
    name = (cell.outcome.exception or _SHOWN[cell.outcome.word]).rpartition(".")[2]
    lost = "" if cell.outcome.word in {"right", "hung"} else ", status lost"
    return f"{name}{lost}" + (", *again*" if cell.asked > 1 else "")


def _recorded(cells: list[ClientCell]) -> Iterator[str]:
    yield (
        "Recorded answers, each asked for as it was recorded (one of those with the same parameters that end alike, and one error of a "
        "status): right, of all that the client would send."
    )
    yield from _replayed(cells)


def _emulated(cells: list[ClientCell]) -> Iterator[str]:
    yield "Of these dialects no answer of a provider was recorded. What is replayed here came from the emulator: it shows the client alone."
    yield from _replayed(cells)


def _replayed(cells: list[ClientCell]) -> Iterator[str]:
    for dialect, own in _by_dialect(cell for cell in cells if _asked(cell)):
        names, targets, _ = _names(own)
        rows = [[f"`{target}`", *(_replays(own, name, target) for name in names)] for target in targets]
        yield from ("", f"`{dialect}`:", "", *_table(["target", *names], rows))
    for name in _names(cells)[0]:
        reasons = list(_reasons(cell for cell in cells if cell.client == name))
        if reasons:
            yield from ("", f"### {name}, replayed", *reasons)


def _replays(cells: Iterable[ClientCell], client: str, target: str) -> str:
    words = Counter(cell.outcome.word for cell in cells if (cell.client, cell.subject) == (client, target))
    bad = [f"{words[word]} {word}" for word in ("raised", "silent", "hung") if words[word]]
    return ", ".join([f"{words['right']}/{words.total()}", *bad]) if words else "-"


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


def _by_dialect(cells: Iterable[ClientCell]) -> Iterator[tuple[str, list[ClientCell]]]:
    """Yield the cells of the clients of each dialect, in the order of the clients."""
    match: dict[str, list[ClientCell]] = {}
    for cell in cells:
        known = clients().get(cell.client)
        match.setdefault(known.dialect if known else DEFAULT_DIALECT, []).append(cell)
    yield from match.items()


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
