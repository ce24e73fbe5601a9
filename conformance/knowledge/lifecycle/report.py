"""The table of `conformance models`: models, their providers, their status, and the places that name them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance import __version__
from conformance.errors import counted
from conformance.knowledge.lifecycle.lookup import in_place_of
from conformance.knowledge.lifecycle.status import FAIL_WITHIN, WARN_WITHIN, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from conformance.knowledge.lifecycle.registry import Claim
    from conformance.knowledge.lifecycle.scan.mention import Mention
    from conformance.knowledge.lifecycle.status import Status

_PLACES = 3  # that a line of text names; JSON has all of them


@dataclass(frozen=True)
class Row:
    """One model at one provider (several where that is open), with every place that names it as (file, line)."""

    model: str
    providers: tuple[str, ...]
    status: Status
    certain: bool = True
    places: tuple[tuple[str, int], ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The state; `possibly` before what only may be meant."""
        return (
            self.status.words if self.certain or self.status.state is State.UNKNOWN else f"possibly {self.status.words}"
        )


@dataclass(frozen=True)
class Report:
    """The models that were asked about, and their status.

    `asked` is false for a bare listing of the registry, which fails nothing; `scanned` is true where files were to be read.
    """

    rows: Sequence[Row]
    as_of: date
    asked: bool = True
    fail_within: int = FAIL_WITHIN
    warn_within: int = WARN_WITHIN
    files: int = 0
    skipped: Sequence[str] = field(default_factory=tuple)
    scanned: bool = False

    @property
    def names(self) -> int:
        """The number of names in the files. A model counts at most once in a line."""
        return sum(len(row.places) for row in self.rows)

    def replacement(self, row: Row) -> tuple[str, ...]:
        """Return the successor, if the registry knows it as active."""
        return in_place_of(row.providers[0], row.status.replacement, self.as_of) if row.providers else ()

    def verdict(self, row: Row) -> str:
        """Return `fail`, `warn`, `unknown` or `ok`. What is only possible is never more than a warning."""
        if row.status.state is State.UNKNOWN:
            return "unknown"  # nothing says that it is served: that is not ok
        if row.status.fails(self.fail_within):
            return "fail" if row.certain else "warn"
        return "warn" if row.status.warns(self.warn_within) else "ok"

    @property
    def exit_code(self) -> int:
        """1 where something that was asked about is retired or retires soon, 2 where a scan read no file, else 0."""
        if self.nothing_read:
            return 2
        return int(self.asked and any(self.verdict(row) == "fail" for row in self.rows))

    @property
    def nothing_read(self) -> bool:
        """Return True if there was no file to scan, and nothing else was asked about."""
        return self.asked and not self.rows and not self.files


def rows_of(mentions: Iterable[Mention]) -> list[Row]:
    """Return one row for each model, in the order of its first mention."""
    grouped: dict[tuple[str, tuple[str, ...], bool], list[Mention]] = {}
    for mention in mentions:
        grouped.setdefault((mention.model, mention.providers, mention.certain), []).append(mention)
    return [
        Row(model, providers, group[0].status, certain, tuple(dict.fromkeys((one.file, one.line) for one in group)))
        for (model, providers, certain), group in grouped.items()
    ]


def as_json(report: Report) -> str:
    """Return the report as schemas/models.json has it."""
    value = {
        "tool": f"llm-provider-conformance {__version__}",
        "as_of": report.as_of.isoformat(),
        "fail_within": report.fail_within,
        "warn_within": report.warn_within,
        "exit_code": report.exit_code,
        "files": report.files,
        "names": report.names,
        "unknown": sum(report.verdict(row) == "unknown" for row in report.rows),
        "skipped": list(report.skipped),
        "models": [_row(row, report) for row in report.rows],
    }
    return json.dumps(value, indent=1)


def as_text(report: Report) -> str:
    """Return aligned columns, failing models first, and a last line with counts."""
    lines = list(_lines(report))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)] if lines else []
    table = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    notices = [f"  {row.model}: {notice}" for row in report.rows for notice in row.notices]
    return "\n".join([*table, *notices, *(f"skipped {line}" for line in report.skipped), _count(report)])


def as_markdown(report: Report) -> str:
    """Return a Markdown table."""
    head = ["| | model | provider | state | replacement | where | source |", "|---|---|---|---|---|---|---|"]
    return "\n".join([*head, *("| " + " | ".join(line) + " |" for line in _lines(report)), "", _count(report)])


def _lines(report: Report) -> Iterator[tuple[str, ...]]:
    order = {"fail": 0, "warn": 1, "unknown": 2, "ok": 3}
    for row in sorted(report.rows, key=lambda row: order[report.verdict(row)]) if report.asked else report.rows:
        claim = row.status.claim
        places = [f"{file}:{line}" for file, line in row.places[:_PLACES]]
        more = f" and {len(row.places) - _PLACES} more" if len(row.places) > _PLACES else ""
        yield (
            report.verdict(row) if report.asked else "",
            row.model,
            ", ".join(row.providers) or "?",
            row.words,
            " or ".join(report.replacement(row)),
            ", ".join(places) + more,
            f"{claim.source} ({claim.confidence})" if claim else "",
        )


def _count(report: Report) -> str:
    if not report.asked:
        return f"{counted(len(report.rows), 'model')} in the registry, as of {report.as_of}"
    if report.nothing_read:
        skipped = f"; {len(report.skipped)} skipped" if report.skipped else ""
        return (
            f"no file was read, so that no model was looked up{skipped}: name source files or folders with --scan PATH"
        )
    if report.scanned and not report.rows:
        return f"nothing was checked: no model name in {counted(report.files, 'file')} (as of {report.as_of})"
    verdicts = [report.verdict(row) for row in report.rows]
    unknown = verdicts.count("unknown")
    in_files = f" in {counted(report.files, 'file')}" if report.scanned else ""
    return (
        f"{counted(len(verdicts), 'model')}{in_files} as of {report.as_of}: "
        f"{verdicts.count('fail')} retired or retiring within {counted(report.fail_within, 'day')}, {verdicts.count('warn')} to look at, "
        f"{unknown} unknown to the registry{' (rows `unknown`)' if unknown else ''}"
        + (f"; {counted(report.names, 'name')} read" if report.scanned else "")
    )


def _row(row: Row, report: Report) -> dict[str, Any]:
    claim = row.status.claim
    return {
        "model": row.model,
        "providers": list(row.providers),
        "verdict": report.verdict(row),
        "state": row.status.state.value,
        "certain": row.certain and row.status.certain,
        "shutdown": claim.shutdown.isoformat() if claim and claim.shutdown else None,
        "days": row.status.days,
        "replacement": list(report.replacement(row)),
        "claims": [_claim(claim) for claim in row.status.claims],
        "notices": list(row.notices),
        "places": [{"file": file, "line": line} for file, line in row.places],
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "model": claim.model,
        "announced": claim.announced or None,
        "shutdown": claim.day if claim.shutdown else None,
        "replacement": list(claim.replacement),
        "confidence": claim.confidence,
        "kind": claim.kind,
        "source": claim.source,
        "read": claim.read.isoformat() if claim.read else None,
        "note": claim.note,
    }
