"""Plots that a reader takes in at a glance: which client breaks where, and how often public recordings break a client."""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from conformance.knowledge.clients import breaks
from conformance.knowledge.field.record import ANY_MODEL
from conformance.report.plots.heat import Square, heat
from conformance.report.reliance import ORDER
from conformance.rules.capability import capability_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.knowledge.field import Entry, FieldRecord
    from conformance.report.plots.svg import Plot

#: A client that raises tells its application; these do not.
_UNSEEN: Final = ("silent", "hung")
#: The providers that are drawn; `conformance field` shows all.
_MOST: Final = 20
#: Heads short enough for a square.
_SHORT: Final = {
    "structured output": "structured",
    "parameters and limits": "parameters",
}


# The two are the same in every report of a process.
@cache
def clients_map() -> Plot | None:
    """Draw the client matrix: of the rules whose violation breaks a client, how many do so without an exception.

    Where no violation was seen to break a client, nothing is drawn: the client may not have been asked.
    """
    rules: dict[tuple[str, str], set[str]] = defaultdict(set)
    unseen: dict[tuple[str, str], set[str]] = defaultdict(set)
    for seen in breaks():
        key = seen.client, capability_of(seen.rule)
        rules[key].add(seen.rule)
        if seen.word in _UNSEEN:
            unseen[key].add(seen.rule)
    clients = {client for client, _ in rules}
    names = [name for name in ORDER if any(key[1] == name for key in rules)]
    count = {client: sum(len(unseen[client, name]) for name in names) for client in clients}
    rows = {
        client: {
            _head(name): Square(len(unseen[client, name]) / len(own), f"{len(unseen[client, name])}/{len(own)}")
            for name in names
            if (own := rules.get((client, name)))
        }
        for client in sorted(clients, key=lambda client: (-count[client], client))
    }
    return heat(
        "Which client loses data without an exception",
        "Of the rules whose violation breaks the client: how many leave wrong or lost data, or a hanging call, and no exception."
        " Emulated faults; -: no break was seen, or not asked.",
        [_head(name) for name in names],
        rows,
        "-",
    )


@lru_cache(maxsize=2)
def field_map(record: FieldRecord) -> Plot | None:
    """Draw the field record: by provider and capability, the recordings with a finding of all that were judged.

    Of two protocols of one provider, the one with more recordings is drawn: figures of two are never added up.

    Args:
        record: the record.
    """
    chosen: dict[tuple[str, str], Entry] = {}
    for entry in record.entries.values():
        key = entry.provider, entry.rule
        if entry.model == ANY_MODEL and entry.rule in ORDER:
            chosen[key] = max(chosen.get(key, entry), entry, key=lambda item: item.judged)
    providers = _by_count(chosen.values())
    more = f" {len(providers) - _MOST} more providers have fewer recordings." if len(providers) > _MOST else ""
    rows = {
        provider: {
            _head(name): Square(known.with_finding / known.judged, f"{known.with_finding}/{known.judged}")
            for name in ORDER
            if (known := chosen.get((provider, name))) is not None
        }
        for provider in providers[:_MOST]
    }
    names = [name for name in ORDER if any(rule == name for _, rule in chosen)]
    return heat(
        "How often public recordings break a client",
        "Recordings with a finding of severity error, of all that were judged, of the protocol with the most recordings. Field evidence:"
        f" never a pass.{more}",
        [_head(name) for name in names],
        rows,
        "-",
    )


def _head(name: str) -> str:
    return _SHORT.get(name, name)


def _by_count(entries: Iterable[Entry]) -> list[str]:
    most: dict[str, int] = {}
    for entry in entries:
        most[entry.provider] = max(most.get(entry.provider, 0), entry.judged)
    return sorted(most, key=lambda provider: (-most[provider], provider))
