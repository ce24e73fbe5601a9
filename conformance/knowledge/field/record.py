"""The field record as data: one CSV file a provider, one line a model, dialect and rule (or capability)."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from conformance.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from importlib.resources.abc import Traversable
    from pathlib import Path

#: The name of the line that counts all models of a provider.
ANY_MODEL: Final = "*"
COLUMNS: Final = ("model", "dialect", "rule", "judged", "with_finding", "first", "last", "sources")


@dataclass(frozen=True, order=True)
class Entry:
    """One line of the record.

    Args:
        provider: the provider's name, as its TOML has it, or as the recording names it.
        model: the model that was asked; `*` for all.
        dialect: the protocol.
        rule: a rule's id, or a capability (`tool calls`), whose rules of severity `error` are counted together.
        judged: the exchanges that the rule (or any rule of the capability) had something to judge in.
        with_finding: those of them with at least one finding.
        first: the earliest date of a judged exchange; None where no recording has a date.
        last: the latest one.
        sources: the number of repositories, or of whatever else the recordings came from.
    """

    provider: str
    model: str
    dialect: str
    rule: str
    judged: int
    with_finding: int
    first: date | None
    last: date | None
    sources: int


@dataclass(frozen=True, eq=False)
class FieldRecord:
    """All lines, by provider, model, dialect and rule. Two records are the same where they are one object."""

    entries: dict[tuple[str, str, str, str], Entry] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> FieldRecord:
        """Return a record of these lines; a later line takes the place of an earlier one with the same key."""
        return cls({(entry.provider, entry.model, entry.dialect, entry.rule): entry for entry in entries})

    def get(self, provider: str, dialect: str, rule: str, model: str = ANY_MODEL) -> Entry | None:
        """Return the line of a rule or capability: the model's own, else the provider's, else None."""
        for name in (model, ANY_MODEL):
            entry = self.entries.get((provider, name, dialect, rule))
            if entry is not None:
                return entry
        return None

    def over(self, other: FieldRecord) -> FieldRecord:
        """Return this record with the lines of those providers of `other` that this one does not have: figures are never added up."""
        mine = {entry.provider for entry in self.entries.values()}
        return FieldRecord(
            {key: entry for key, entry in other.entries.items() if entry.provider not in mine} | self.entries
        )


def load_record(folder: Path | None = None) -> FieldRecord:
    """Return the record that is shipped; with a folder, that folder's record, over the shipped one.

    Args:
        folder: where `conformance field` wrote the files of somebody's own traffic.

    Raises:
        UnusableInputError: a file of the folder cannot be read; the error names file, line and remedy.
    """
    return _shipped() if folder is None else FieldRecord.of(_entries(folder)).over(_shipped())


@cache
def _shipped() -> FieldRecord:
    """Return the record that is shipped. A process reads its 8,000 lines once: nobody edits them while it runs."""
    return FieldRecord.of(_entries(resources.files(__package__) / "data"))


def as_csv(entries: Iterable[Entry]) -> str:
    """Return the lines of one provider as its file has them: sorted, so that the same traffic gives the same bytes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in sorted(entries, key=lambda entry: (entry.model, entry.dialect, entry.rule)):
        writer.writerow([getattr(entry, name) if getattr(entry, name) is not None else "" for name in COLUMNS])
    return text.getvalue()


def _entries(folder: Traversable | Path) -> Iterator[Entry]:
    remedy = "write it anew: conformance field PATH... --out FOLDER"
    try:
        files = sorted(
            (file for file in folder.iterdir() if file.name.endswith(".csv")), key=lambda file: str(file.name)
        )
        for file in files:
            lines = csv.DictReader(io.StringIO(file.read_text("utf-8")))
            for number, line in enumerate(lines, 2):
                try:
                    yield _entry(unquote(file.name.removesuffix(".csv")), line)
                except (KeyError, TypeError, ValueError) as error:
                    raise UnusableInputError(
                        f"line {number} is no line of a field record: {error}", where=str(file), remedy=remedy
                    ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableInputError(
            f"no field record can be read there: {error}", where=str(folder), remedy=remedy
        ) from error


def _entry(provider: str, line: dict[str, str]) -> Entry:
    judged, with_finding = int(line["judged"]), int(line["with_finding"])
    if not 0 <= with_finding <= judged or judged < 1:
        raise ValueError(f"{with_finding} of {judged} exchanges")
    return Entry(
        provider, line["model"], line["dialect"], line["rule"], judged, with_finding,
        _date(line["first"]), _date(line["last"]), int(line["sources"]),
    )  # fmt: skip


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
