"""The registry: dated claims about the end of models, one CSV for each provider, one line for each claim.

Sources that disagree keep a line each. `status.py` says which of them decides.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, cast

from conformance.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = Path(__file__).parent / "registry"
#: The columns, in their order (schemas/lifecycle.json says what each holds).
COLUMNS: Final = (
    "model", "announced", "shutdown", "replacement", "confidence", "kind", "read", "source", "note",
)  # fmt: skip

Bound = Literal["on", "before", "not before"]
_BOUNDS: Final[Mapping[str, Bound]] = {"<": "before", ">": "not before"}


@dataclass(frozen=True)
class Claim:
    """The statement of one source about the end of one model.

    `shutdown` is the first day on which the model does not answer; `bound` says how well the day is known: `before` it
    (the day itself is unknown), or `not before` it (the vendor gives the earliest day). None is "announced, without a day".
    `kind` tells a vendor's own word (`vendor`: page, SDK, listing) from a third party's list (`tracker`).
    """

    provider: str
    model: str
    announced: str = ""
    shutdown: date | None = None
    bound: Bound = "on"
    replacement: tuple[str, ...] = ()
    confidence: Literal["high", "medium", "low"] = "high"
    kind: Literal["vendor", "tracker"] = "vendor"
    read: date | None = None
    source: str = ""
    note: str = ""

    @property
    def day(self) -> str:
        """The day as people write it: `2026-08-16`, `before 2026-10-01`, `not before 2026-10-02`, or `no date`."""
        if self.shutdown is None:
            return "no date"
        return self.shutdown.isoformat() if self.bound == "on" else f"{self.bound} {self.shutdown}"


@cache
def load_registry() -> Mapping[str, tuple[Claim, ...]]:
    """Return every claim by provider, in the files' order.

    Raises:
        UnusableInputError: a line does not have the form of schemas/lifecycle.json.
    """
    return {path.stem: read_claims(path) for path in sorted(FOLDER.glob("*.csv"))}


def read_claims(path: Path) -> tuple[Claim, ...]:
    """Return the claims of one file; its name is the provider's.

    Raises:
        UnusableInputError: the columns are others, or a date is none.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        if tuple(next(rows, ())) != COLUMNS:
            raise UnusableInputError("wrong columns", where=f"{path}:1", remedy=f"write {','.join(COLUMNS)}")
        try:
            return tuple(_claim(path.stem, row) for row in rows)
        except ValueError as error:
            remedy = "write the columns of schemas/lifecycle.json"
            raise UnusableInputError(str(error), where=f"{path}:{rows.line_num}", remedy=remedy) from error


def _claim(provider: str, row: list[str]) -> Claim:
    model, announced, shutdown, replacement, confidence, kind, read, source, note = row
    bound = _BOUNDS.get(shutdown[:1], "on")
    return Claim(
        provider,
        model,
        announced,
        date.fromisoformat(shutdown.lstrip("<>")) if shutdown else None,
        bound,
        tuple(replacement.split(" | ")) if replacement else (),
        cast("Literal['high', 'medium', 'low']", confidence),
        cast("Literal['vendor', 'tracker']", kind),
        date.fromisoformat(read),
        source,
        note,
    )
