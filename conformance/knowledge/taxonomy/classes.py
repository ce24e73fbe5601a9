"""The error classes of classes.toml (schemas/error-classes.json), and the result of a classification."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

Fault: TypeAlias = Literal["client", "account", "server"]
Retryable: TypeAlias = Literal[True, False, "maybe"]
Confidence: TypeAlias = Literal["high", "medium", "low", "none"]

_FILE = Path(__file__).with_name("classes.toml")
#: The id of an error whose class nothing tells. It is no word of a provider's TOML.
UNKNOWN: Final = "unknown"


@dataclass(frozen=True)
class Class:
    """One way to fail: whose fault it is, whether the same request can succeed later, and its usual statuses."""

    id: str
    says: str
    fault: Fault
    retryable: Retryable
    statuses: tuple[int, ...]


def _load() -> dict[str, Class]:
    table = tomllib.loads(_FILE.read_text("utf-8"))["class"]
    return {entry["id"]: Class(**{**entry, "statuses": tuple(entry["statuses"])}) for entry in table}


CLASSES: Final = _load()


@dataclass(frozen=True)
class ErrorClass:
    """The class of one error, and why.

    `limit` is the limit that a `rate_limited` names: requests, tokens, day, month, concurrency or upstream; None where it names none.
    `evidence` lists the deciding signals, in the order of the search. Confidence is high where a machine-readable word decided, medium
    where prose did, low where the status alone did, none for `unknown`.
    """

    id: str
    limit: str | None
    evidence: tuple[str, ...]
    confidence: Confidence

    @property
    def known(self) -> Class | None:
        """The class of the taxonomy; None for `unknown`."""
        return CLASSES.get(self.id)

    @property
    def fault(self) -> Fault | None:
        """The side that has to act; None where nobody knows."""
        return self.known.fault if self.known else None
