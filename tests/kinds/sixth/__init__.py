"""The sixth unseen set, as exchange JSONL: what a row's `meta` says of its session, and the reader.

A report has `kind` (the defect in a few words), `source` (its public thread), `must_name` (what a finding must name) and, since the set
was run, `rules` (of which one names it) or `missed` (why none does), and `flagged` where rules of something else flag a missed one.
`mended` holds variants and look-alikes of the kinds behind the misses, made for the mending, `again` further ones that were run once
after it, `neighbours` further look-alikes; these have neither source nor `must_name`.
A look-alike has `legal` and `why`, and `wrong` (rules, and why they are right) where the set itself was wrong.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from conformance.providers import load_providers
from conformance.recording.importers.jsonl import read
from conformance.recording.malformed import Malformed
from conformance.rules.table import Severity
from tests.mutation.judging import findings

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange
    from tests.mutation.wire import Conversation

_HERE = Path(__file__).parent


class Talk(NamedTuple):
    """A session of the set: its exchanges, and the `meta` of the first one."""

    talk: Conversation
    meta: dict[str, Any]

    @property
    def provider(self) -> str:
        """The name of the provider whose known deviations do not count; '' where none is named."""
        return self.talk[0].provider or ""

    @property
    def rules(self) -> set[str]:
        """The rules that may name the report's defect."""
        return set(self.meta.get("rules", ()))


def load(name: str = "*") -> dict[str, Talk]:
    """Return the sessions of the files whose stems match the name, by file, session and kind.

    Raises:
        Malformed: a line is no exchange.
    """
    talks: dict[str, Talk] = {}
    for path in sorted(_HERE.glob(f"{name}.jsonl")):
        lines = path.read_bytes().splitlines()
        sessions: dict[str, list[tuple[Exchange, dict[str, Any]]]] = {}
        for line, exchange in zip(lines, read(lines, path.name), strict=True):
            if isinstance(exchange, Malformed):
                raise exchange
            row = orjson.loads(line)
            sessions.setdefault(row["session"], []).append((exchange, row["meta"]))
        for session, pairs in sessions.items():
            meta = pairs[0][1]
            talks[f"{path.stem} {session} {meta['kind']}"] = Talk(tuple(exchange for exchange, _ in pairs), meta)
    return talks


def alarms(item: Talk) -> set[str]:
    """Return the rules with a finding above a note that is not known of the provider that the row names."""
    provider = load_providers().get(item.provider)
    known = provider.deviations if provider is not None else ()
    return {
        finding.rule
        for finding in findings(item.talk)
        if finding.severity is not Severity.NOTE and not any(entry.covers(finding, None) for entry in known)
    }


ALL = load()
REPORTS = {name: item for name, item in ALL.items() if not item.meta.get("legal")}
LEGAL = {name: item for name, item in ALL.items() if item.meta.get("legal")}
